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

export type CustomResource = {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
};

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
  /** Makes the server know these custom resources, unless it does. */
  install(resources: readonly CustomResource[]): Promise<void>;
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

    describe('a namespace and a service account', () => {
      const fresh = `${space}-fresh`;

      test('are made once, and are there with their labels', async () => {
        const { admin } = server;
        expect(await failureOf(admin.getNamespace(fresh))).toMatchObject({ kind: 'not-found' });
        expect(await failureOf(admin.createServiceAccount(fresh, 'api', {}))).toMatchObject({ kind: 'not-found' });
        await admin.createNamespace(fresh);
        expect(await admin.getNamespace(fresh)).toMatchObject({ name: fresh, phase: 'Active' });
        expect(await failureOf(admin.createNamespace(fresh))).toMatchObject({ kind: 'exists' });
        const labels = { 'app.kubernetes.io/managed-by': 'eksctl' };
        const made = await admin.createServiceAccount(fresh, 'api', labels);
        expect(made).toMatchObject({ namespace: fresh, serviceAccount: 'api', labels, annotations: {} });
        expect(await admin.getServiceAccount(fresh, 'api')).toEqual(made);
        expect(await failureOf(admin.createServiceAccount(fresh, 'api', {}))).toMatchObject({ kind: 'exists' });
      });

      test('are deleted by uid: another one of that name stays', async () => {
        const { admin } = server;
        const { uid } = await admin.getServiceAccount(fresh, 'api');
        const mistaken = admin.deleteServiceAccount(fresh, 'api', '00000000-0000-0000-0000-000000000000');
        expect(await failureOf(mistaken)).toMatchObject({ kind: 'conflict' });
        await admin.deleteServiceAccount(fresh, 'api', uid);
        expect(await failureOf(admin.getServiceAccount(fresh, 'api'))).toMatchObject({ kind: 'not-found' });
        expect(await failureOf(admin.deleteServiceAccount(fresh, 'api', uid))).toMatchObject({ kind: 'not-found' });
        await server.api('DELETE', `/api/v1/namespaces/${fresh}`);
      });
    });

    describe('nodes', () => {
      test('tell their platform and whether they are ready', async () => {
        const name = `${space}-windows`;
        const labels = { 'kubernetes.io/os': 'windows' };
        await server.api('POST', '/api/v1/nodes', { metadata: { name, labels } });
        const node = (await server.admin.listNodes()).find(each => each.name === name);
        expect(node).toMatchObject({ platform: 'windows', ready: false, labels });
        await server.api('DELETE', `/api/v1/nodes/${name}`);
        expect((await server.admin.listNodes()).some(each => each.name === name)).toBe(false);
      });
    });

    describe('pods of one service account', () => {
      const addPod = (name: string, serviceAccountName: string) =>
        server.api('POST', `/api/v1/namespaces/${space}/pods`, {
          metadata: { name, annotations: { 'eks.amazonaws.com/skip-containers': 'proxy, log' } },
          spec: { serviceAccountName, containers: [{ name: 'app', image: 'app:1' }] },
        });

      test('are told without those of others, with the containers that the webhook skips', async () => {
        for (const name of ['one', 'other']) await addAccount(space, name);
        await addPod('one-1', 'one');
        await addPod('other-1', 'other');
        expect(await server.admin.podsOf(space, 'one')).toMatchObject([
          { name: 'one-1', serviceAccount: 'one', skipContainers: ['proxy', 'log'] },
        ]);
        expect(await server.admin.podsOf(space, 'nobody')).toEqual([]);
      });

      test('are deleted by name only while it is the very pod that was meant', async () => {
        await addPod('victim', 'other');
        const victim = (await server.admin.podsOf(space, 'other')).find(({ name }) => name === 'victim');
        const mistaken = server.admin.deletePod(space, 'victim', '00000000-0000-0000-0000-000000000000');
        expect(await failureOf(mistaken)).toMatchObject({ kind: 'conflict', status: 409 });
        expect(await server.admin.podsOf(space, 'other')).toHaveLength(2);
        await server.admin.deletePod(space, 'victim', victim?.uid ?? '');
        const left = (await server.admin.podsOf(space, 'other')).filter(({ terminating }) => !terminating);
        expect(left.map(({ name }) => name)).toEqual(['other-1']);
        expect(await failureOf(server.admin.deletePod(space, 'nobody', 'x'))).toMatchObject({ kind: 'not-found' });
      });
    });

    describe('workloads', () => {
      const labels = { app: 'web' };
      const workload = (kind: string, more: object) => ({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name: 'web' },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels, annotations: { team: 'a' } },
            spec: { serviceAccountName: 'one', containers: [{ name: 'web', image: 'web:1' }] },
          },
          ...more,
        },
      });

      test.each([
        ['Deployment', 'deployments', { replicas: 2, paused: true }, { desired: 2, paused: true, onDelete: false }],
        [
          'StatefulSet',
          'statefulsets',
          { replicas: 0, serviceName: 'web', updateStrategy: { type: 'OnDelete' } },
          { desired: 0, paused: false, onDelete: true },
        ],
        ['DaemonSet', 'daemonsets', {}, { paused: false, onDelete: false }],
      ] as const)('a %s is restarted by its template alone', async (kind, plural, more, expected) => {
        await server.api('POST', `/apis/apps/v1/namespaces/${space}/${plural}`, workload(kind, more));
        const before = await server.admin.getWorkload(kind, space, 'web');
        expect(before).toMatchObject({ kind, namespace: space, name: 'web', serviceAccount: 'one', ...expected });
        expect(before).not.toHaveProperty('restartedAt');
        const at = '2026-01-02T03:04:05.000Z';
        const restarted = await server.admin.restartWorkload(kind, space, 'web', at);
        expect(restarted).toMatchObject({ restartedAt: at, generation: before.generation + 1 });
        const raw = (await server.api('GET', `/apis/apps/v1/namespaces/${space}/${plural}/web`)) as {
          spec: { template: { metadata: { annotations: object } } };
        };
        expect(raw.spec.template.metadata.annotations).toEqual({
          team: 'a',
          'kubectl.kubernetes.io/restartedAt': at,
        });
        // The same time once more changes nothing: no second roll-out.
        const again = await server.admin.restartWorkload(kind, space, 'web', at);
        expect(again.generation).toBe(restarted.generation);
        await server.api('DELETE', `/apis/apps/v1/namespaces/${space}/${plural}/web`);
        expect(await failureOf(server.admin.getWorkload(kind, space, 'web'))).toMatchObject({ kind: 'not-found' });
        expect(await failureOf(server.admin.restartWorkload(kind, space, 'web', at))).toMatchObject({
          kind: 'not-found',
        });
      });
    });

    describe('what else takes web identity', () => {
      test('is nothing where its kinds are not installed, and each that names an account once they are', async () => {
        const ours = async () =>
          (await server.admin.listWebIdentityUsers()).filter(({ namespace }) => namespace === space);
        expect(await ours()).toEqual([]);
        await server.install(customResources);
        expect(await ours()).toEqual([]);
        const jwt = (name: string, namespace?: string) => ({
          auth: { jwt: { serviceAccountRef: { name, ...(namespace && { namespace }) } } },
        });
        const add = (path: string, apiVersion: string, kind: string, name: string, spec: object) =>
          server.api('POST', `/apis/${apiVersion}/${path}`, { apiVersion, kind, metadata: { name }, spec });
        const inSpace = (resource: string) => `namespaces/${space}/${resource}`;
        const eso = 'external-secrets.io/v1';
        await add(inSpace('secretstores'), eso, 'SecretStore', 'vault', { provider: { aws: jwt('one', 'elsewhere') } });
        await add(inSpace('secretstores'), eso, 'SecretStore', 'keys', { provider: { aws: { auth: {} } } });
        const everywhere = `${space}-everywhere`;
        await add('clustersecretstores', eso, 'ClusterSecretStore', space, { provider: { aws: jwt('other', space) } });
        await add('clustersecretstores', eso, 'ClusterSecretStore', everywhere, { provider: { aws: jwt('one') } });
        await add(
          inSpace('ecrauthorizationtokens'),
          'generators.external-secrets.io/v1alpha1',
          'ECRAuthorizationToken',
          'registry',
          jwt('other'),
        );
        const csi = 'secrets-store.csi.x-k8s.io/v1';
        for (const [name, spec] of Object.entries({
          'by-irsa': { provider: 'aws', parameters: { objects: '' } },
          'by-pod-identity': { provider: 'aws', parameters: { usePodIdentity: 'true' } },
          azure: { provider: 'azure' },
        })) {
          await add(inSpace('secretproviderclasses'), csi, 'SecretProviderClass', name, spec);
          const volumeAttributes = { secretProviderClass: name };
          await server.api('POST', `/api/v1/namespaces/${space}/pods`, {
            metadata: { name: `mounts-${name}` },
            spec: {
              serviceAccountName: `for-${name}`,
              containers: [{ name: 'app', image: 'app:1' }],
              volumes: [
                { name: 'secrets', csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes } },
              ],
            },
          });
        }
        // What has no pod now may have one in a minute.
        const template = (serviceAccountName: string) => ({
          metadata: { labels: { app: serviceAccountName } },
          spec: {
            serviceAccountName,
            restartPolicy: serviceAccountName === 'nightly' ? 'Never' : 'Always',
            containers: [{ name: 'app', image: 'app:1' }],
            volumes: [
              {
                name: 'secrets',
                csi: {
                  driver: 'secrets-store.csi.k8s.io',
                  readOnly: true,
                  volumeAttributes: { secretProviderClass: 'by-irsa' },
                },
              },
            ],
          },
        });
        await server.api('POST', `/apis/apps/v1/namespaces/${space}/deployments`, {
          metadata: { name: 'asleep' },
          spec: { replicas: 0, selector: { matchLabels: { app: 'asleep' } }, template: template('asleep') },
        });
        // CronJobs are in batch/v1 since Kubernetes 1.21; EKS offers no older version, a test's server may be one.
        const batch = (await server.api('GET', '/apis/batch/v1')) as { resources: { name: string }[] };
        const knowsCronJobs = batch.resources.some(({ name }) => name === 'cronjobs');
        if (knowsCronJobs)
          await server.api('POST', `/apis/batch/v1/namespaces/${space}/cronjobs`, {
            metadata: { name: 'nightly' },
            spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template: template('nightly') } } },
          });
        expect(await ours()).toEqual([
          { namespace: space, serviceAccount: 'asleep', what: `SecretProviderClass ${space}/by-irsa` },
          { namespace: space, serviceAccount: 'for-by-irsa', what: `SecretProviderClass ${space}/by-irsa` },
          ...(knowsCronJobs
            ? [{ namespace: space, serviceAccount: 'nightly', what: `SecretProviderClass ${space}/by-irsa` }]
            : []),
          { namespace: space, serviceAccount: 'one', what: `ClusterSecretStore ${everywhere}` },
          { namespace: space, serviceAccount: 'one', what: `SecretStore ${space}/vault` },
          { namespace: space, serviceAccount: 'other', what: `ClusterSecretStore ${space}` },
          { namespace: space, serviceAccount: 'other', what: `ECRAuthorizationToken ${space}/registry` },
        ]);
        expect(await failureOf(server.limited.listWebIdentityUsers())).toMatchObject({ kind: 'denied', status: 403 });
        for (const name of [space, everywhere]) await server.api('DELETE', `/apis/${eso}/clustersecretstores/${name}`);
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
          'list nodes': () => limited.listNodes(),
          'get deployments': () => limited.getWorkload('Deployment', space, 'web'),
          'patch deployments': () => limited.restartWorkload('Deployment', space, 'web', 'now'),
          'delete pods': () => limited.deletePod(space, 'one-1', 'uid'),
          'get namespaces': () => limited.getNamespace(space),
          'create namespaces': () => limited.createNamespace(`${space}-refused`),
          'create serviceaccounts': () => limited.createServiceAccount(space, 'refused', {}),
          'delete serviceaccounts': () => limited.deleteServiceAccount(space, 'strict', 'uid'),
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

const customResources: readonly CustomResource[] = [
  { group: 'external-secrets.io', version: 'v1', resource: 'secretstores', kind: 'SecretStore', namespaced: true },
  {
    group: 'external-secrets.io',
    version: 'v1',
    resource: 'clustersecretstores',
    kind: 'ClusterSecretStore',
    namespaced: false,
  },
  {
    group: 'generators.external-secrets.io',
    version: 'v1alpha1',
    resource: 'ecrauthorizationtokens',
    kind: 'ECRAuthorizationToken',
    namespaced: true,
  },
  {
    group: 'secrets-store.csi.x-k8s.io',
    version: 'v1',
    resource: 'secretproviderclasses',
    kind: 'SecretProviderClass',
    namespaced: true,
  },
];

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
