/**
 * What our Kubernetes client relies on, as tests that any API server must pass: a real one, and the sandbox's. Where
 * the two differ, the real one is right.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubernetesClient } from '../../source/kubernetes/client.ts';
import { listPages } from '../../source/kubernetes/list.ts';
import { serviceAccountOf } from '../../source/kubernetes/objects.ts';
import { reflect } from '../../source/kubernetes/reflector.ts';
import { watchEvents } from '../../source/kubernetes/watch.ts';
import { systemClock } from '../../source/run/clock.ts';
import { type KubernetesPort, PortError } from '../../source/run/ports.ts';
import type { RawApi } from './raw-api.ts';

export type ServerUnderTest = {
  /** May do everything. */
  readonly admin: KubernetesPort;
  /** The client under `admin`. */
  readonly client: KubernetesClient;
  /** Is let in, and may do nothing. */
  readonly limited: KubernetesPort;
  /** Is not let in. */
  readonly stranger: KubernetesPort;
  readonly api: RawApi;
  /** Makes the server forget what came before now. */
  forget(): Promise<void>;
  /** A collection whose watches read the history that `forget` cuts. */
  readonly forgetful: { readonly path: string; readonly resource: string };
  close(): Promise<void>;
};

const many = 620;
const roleArn = 'eks.amazonaws.com/role-arn';
const timing = { clock: systemClock, random: () => 0 };

export function kubernetesSuite(title: string, start: () => Promise<ServerUnderTest>): void {
  describe(title, () => {
    let server: ServerUnderTest;
    const space = `podid-conformance-${process.pid}-${Date.now().toString(36)}`;
    const crowd = `${space}-crowd`;
    const accounts = `/api/v1/namespaces/${space}/serviceaccounts`;

    beforeAll(async () => {
      server = await start();
      for (const name of [space, crowd]) await server.api('POST', '/api/v1/namespaces', { metadata: { name } });
      await inTurns(many, 25, index => addAccount(crowd, nameOf(index)));
    }, 120_000);

    afterAll(async () => {
      if (server === undefined) return;
      // Without controllers a namespace is never emptied by itself: what is in it goes first.
      for (const path of [`${space}/pods`, `${space}/serviceaccounts`, `${crowd}/serviceaccounts`, space, crowd]) {
        await server.api('DELETE', `/api/v1/namespaces/${path}`);
      }
      await server.close();
    });

    const addAccount = (namespace: string, name: string, annotations: Record<string, string> = {}) =>
      server.api('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name, annotations } });

    test('tells its version', async () => {
      expect(await server.admin.version()).toMatch(/^v1\.\d+/);
    });

    describe('lists', () => {
      test('in pages that together are everything, at one version, in order', async () => {
        const pages = await all(server.admin.serviceAccounts.list({ namespace: crowd }));
        const [first, second, ...more] = pages;
        expect(more).toEqual([]);
        expect(first?.items).toHaveLength(500);
        expect(first?.remaining).toBe(second?.items.length);
        expect(second?.remaining).toBe(0);
        expect(new Set(pages.map(page => page.resourceVersion)).size).toBe(1);
        const names = pages.flatMap(page => page.items.map(item => item.serviceAccount));
        expect(ours(names)).toEqual(crowdNames);
        expect(names).toEqual([...names].sort());
      });

      test('go on, and lose nothing, when the server forgets their version half way', async () => {
        const names: string[] = [];
        const versions: string[] = [];
        for await (const page of server.admin.serviceAccounts.list({ namespace: crowd })) {
          names.push(...page.items.map(item => item.serviceAccount));
          versions.push(page.resourceVersion);
          if (versions.length === 1) {
            await server.forget();
          }
        }
        expect(ours(names)).toEqual(crowdNames);
        expect(new Set(versions).size).toBe(1);
      });

      test('of what makes no sense are refused as invalid', async () => {
        const call = {
          path: '/api/v1/serviceaccounts',
          resource: 'serviceaccounts',
          query: { labelSelector: '=!=' },
          map: serviceAccountOf,
        };
        expect(await failureOf(all(listPages(server.client, call)))).toMatchObject({ kind: 'invalid', status: 400 });
      });

      test('namespaces, with their phase', async () => {
        const found = (await all(server.admin.namespaces.list())).flatMap(page => page.items);
        expect(found.find(each => each.name === space)).toMatchObject({ phase: 'Active' });
        expect(found.find(each => each.name === space)?.createdAt).toBeGreaterThan(Date.UTC(2020, 0));
      });

      test('pods, with the identity that their variables give them', async () => {
        const env = [
          { name: 'AWS_ROLE_ARN', value: 'arn:aws:iam::111122223333:role/by-hand' },
          { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' },
        ];
        await addAccount(space, 'for-pods');
        await server.api('POST', `/api/v1/namespaces/${space}/pods`, {
          metadata: { name: 'by-hand' },
          spec: { serviceAccountName: 'for-pods', containers: [{ name: 'app', image: 'app:1', env }] },
        });
        const found = (await all(server.admin.pods.list({ namespace: space }))).flatMap(page => page.items);
        expect(found).toMatchObject([
          { namespace: space, name: 'by-hand', serviceAccount: 'for-pods', mechanism: 'irsa', roleArn: env[0]?.value },
        ]);
      });

      test('daemon sets', async () => {
        const labels = { app: 'agent' };
        const template = { metadata: { labels }, spec: { containers: [{ name: 'agent', image: 'agent:1' }] } };
        await server.api('POST', `/apis/apps/v1/namespaces/${space}/daemonsets`, {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          metadata: { name: 'agent' },
          spec: { selector: { matchLabels: labels }, template },
        });
        const [found, ...others] = await server.admin.listDaemonSets(space);
        expect(found).toMatchObject({ namespace: space, name: 'agent', images: ['agent:1'] });
        expect(others).toEqual([]);
      });
    });

    describe('watches', () => {
      const versionNow = async () =>
        (await all(server.admin.serviceAccounts.list({ namespace: space })))[0]!.resourceVersion;

      test('tell what is created, changed and deleted, each with its version, and bookmarks do no harm', async () => {
        const stop = new AbortController();
        const seen: string[] = [];
        const from = await versionNow();
        await addAccount(space, 'watched');
        const { resourceVersion } = await server.admin.getServiceAccount(space, 'watched');
        await server.admin.annotateServiceAccount(space, 'watched', { team: 'a' }, resourceVersion);
        await server.api('DELETE', `${accounts}/watched`);
        let last = from;
        for await (const event of server.admin.serviceAccounts.watch(from, { signal: stop.signal })) {
          last = event.resourceVersion;
          if (event.type === 'bookmark' || event.object.serviceAccount !== 'watched') continue;
          seen.push(`${event.type} ${event.object.annotations.team ?? '-'}`);
          if (event.type === 'delete') break;
        }
        expect(seen).toEqual(['put -', 'put a', 'delete a']);
        expect(last).not.toBe(from);
      });

      test('from a version that the server forgot ask for a new list', async () => {
        const from = await versionNow();
        await addAccount(space, 'forgotten');
        await server.forget();
        const watch = watchEvents(server.client, { ...server.forgetful, map: serviceAccountOf }, from, timing);
        expect(await failureOf(all(watch))).toMatchObject({ kind: 'conflict', code: 'Expired' });
      });

      test('end when they are no longer wanted', async () => {
        const stop = new AbortController();
        const from = await versionNow();
        const watching = (async () => {
          for await (const event of server.admin.serviceAccounts.watch(from, { signal: stop.signal })) {
            if (event.type === 'bookmark') stop.abort();
          }
        })();
        expect(await failureOf(watching)).toMatchObject({ kind: 'aborted' });
      });

      test('carry a mirror through changes and a forgotten history', async () => {
        const mirror = new Map<string, string>();
        const stop = new AbortController();
        let changed: () => void = () => undefined;
        const running = reflect(server.admin.serviceAccounts, {
          clock: systemClock,
          signal: stop.signal,
          onReplace: items => {
            mirror.clear();
            for (const item of items) mirror.set(`${item.namespace}/${item.serviceAccount}`, item.resourceVersion);
            changed();
          },
          onEvent: ({ type, object }) => {
            const key = `${object.namespace}/${object.serviceAccount}`;
            if (type === 'put') mirror.set(key, object.resourceVersion);
            else mirror.delete(key);
            changed();
          },
        });
        const mirrored = (holds: () => boolean) =>
          new Promise<void>(resolve => {
            changed = () => {
              if (holds()) resolve();
            };
            changed();
          });
        await mirrored(() => mirror.size >= many);
        await inTurns(20, 10, index => addAccount(space, `mirrored-${index}`));
        await server.forget();
        await inTurns(10, 10, index => server.api('DELETE', `${accounts}/mirrored-${index}`));
        await mirrored(
          () => !mirror.has(`${space}/mirrored-9`) && mirror.has(`${space}/mirrored-19`) && own(mirror).length === 10,
        );
        const { resourceVersion } = await server.admin.getServiceAccount(space, 'mirrored-15');
        expect(mirror.get(`${space}/mirrored-15`)).toBe(resourceVersion);
        stop.abort();
        await running;
      });

      const own = (mirror: ReadonlyMap<string, string>) =>
        [...mirror.keys()].filter(key => key.startsWith(`${space}/mirrored-`));
    });

    describe('an annotation', () => {
      test('is taken away alone, and put back alone', async () => {
        const role = 'arn:aws:iam::111122223333:role/app';
        await addAccount(space, 'patched', { [roleArn]: role, team: 'a' });
        const before = await server.admin.getServiceAccount(space, 'patched');
        expect(before).toMatchObject({ namespace: space, serviceAccount: 'patched', roleArn: role });
        const without = await server.admin.annotateServiceAccount(
          space,
          'patched',
          { [roleArn]: null },
          before.resourceVersion,
        );
        expect(without.annotations).toEqual({ team: 'a' });
        expect(without.resourceVersion).not.toBe(before.resourceVersion);
        expect(without.uid).toBe(before.uid);
        const bare = await server.admin.annotateServiceAccount(
          space,
          'patched',
          { team: null },
          without.resourceVersion,
        );
        expect(bare.annotations).toEqual({});
        const back = await server.admin.annotateServiceAccount(
          space,
          'patched',
          { [roleArn]: role },
          bare.resourceVersion,
        );
        expect(back.annotations).toEqual({ [roleArn]: role });
        expect(await server.admin.getServiceAccount(space, 'patched')).toEqual(back);
      });

      test('is not written over what someone else changed since', async () => {
        await addAccount(space, 'contested', { team: 'a' });
        const { resourceVersion } = await server.admin.getServiceAccount(space, 'contested');
        await server.admin.annotateServiceAccount(space, 'contested', { team: 'b' }, resourceVersion);
        const late = server.admin.annotateServiceAccount(space, 'contested', { team: 'c' }, resourceVersion);
        expect(await failureOf(late)).toMatchObject({ kind: 'conflict', code: 'Conflict', status: 409 });
        expect((await server.admin.getServiceAccount(space, 'contested')).annotations).toEqual({ team: 'b' });
      });

      test('that changes nothing leaves the version alone', async () => {
        await addAccount(space, 'same', { team: 'a' });
        const before = await server.admin.getServiceAccount(space, 'same');
        expect(await server.admin.annotateServiceAccount(space, 'same', { team: 'a' }, before.resourceVersion)).toEqual(
          before,
        );
      });
    });

    describe('refusals', () => {
      test('what is not there is not found', async () => {
        const found = { kind: 'not-found', code: 'NotFound', status: 404 };
        expect(await failureOf(server.admin.getServiceAccount(space, 'nobody'))).toMatchObject(found);
        expect(await failureOf(server.admin.getServiceAccount('no-such-namespace', 'nobody'))).toMatchObject(found);
        expect(await failureOf(server.admin.annotateServiceAccount(space, 'nobody', { a: 'b' }, '1'))).toMatchObject(
          found,
        );
      });

      test('a value that is no annotation is invalid', async () => {
        await addAccount(space, 'strict');
        const { resourceVersion } = await server.admin.getServiceAccount(space, 'strict');
        const wrong = server.admin.annotateServiceAccount(space, 'strict', { 'not a key!': 'x' }, resourceVersion);
        expect(await failureOf(wrong)).toMatchObject({ kind: 'invalid', status: 422 });
      });

      test('who may do nothing is told so for each thing, and can ask beforehand', async () => {
        const { limited } = server;
        const refused: Readonly<Record<string, () => Promise<unknown>>> = {
          'list serviceaccounts': () => all(limited.serviceAccounts.list()),
          'list pods': () => all(limited.pods.list({ namespace: space })),
          'patch serviceaccounts': () => limited.annotateServiceAccount(space, 'strict', { a: 'b' }, '1'),
          'watch namespaces': () => all(limited.namespaces.watch('1')),
        };
        for (const [operation, call] of Object.entries(refused)) {
          const failure = await failureOf(call());
          expect(failure).toMatchObject({ kind: 'denied', code: 'Forbidden', status: 403 });
          expect(failure.operation).toBe(`kubernetes:${operation}`);
          expect(failure.message).toContain('cannot');
        }
        expect(await server.admin.can({ verb: 'patch', resource: 'serviceaccounts', namespace: space })).toBe(true);
        expect(await server.admin.can({ verb: 'list', resource: 'deployments', group: 'apps' })).toBe(true);
        expect(await limited.can({ verb: 'patch', resource: 'serviceaccounts', namespace: space })).toBe(false);
        expect(await limited.can({ verb: 'list', resource: 'pods' })).toBe(false);
      });

      test('who is not let in is told to get access', async () => {
        const failure = await failureOf(all(server.stranger.namespaces.list()));
        expect(failure).toMatchObject({ kind: 'denied', code: 'Unauthorized', status: 401 });
        expect(failure.message).toContain('add an access entry');
      });
    });
  });
}

const nameOf = (index: number) => `account-${String(index).padStart(5, '0')}`;

const crowdNames = Array.from({ length: many }, (_, index) => nameOf(index));

/** Without the account that a controller, where one runs, gives each namespace. */
const ours = (names: readonly string[]) => names.filter(name => name !== 'default');

/** Does `work` for 0 to `count` - 1, `width` at a time. */
async function inTurns(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PortError)) throw new Error(`Expected a PortError, got ${String(error)}`, { cause: error });
  return error.failure;
}
