import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compact } from '../../../source/sandbox/cluster/store.ts';
import type { KubeObject } from '../../../source/sandbox/model.ts';
import { fill, follow, MERGE, scene } from './scene.ts';

const accounts = '/api/v1/namespaces/default/serviceaccounts';

describe('a watch', () => {
  it('begins with everything where no resourceVersion is given, then tells of each change', () => {
    const { world, cluster, json, send } = scene();
    fill(world, cluster, 2);
    const watch = follow(send('GET', `${accounts}?watch=1`));
    json('PATCH', `${accounts}/sa-1`, { body: { metadata: { labels: { a: 'b' } } }, type: MERGE });
    json('DELETE', `${accounts}/sa-2`);
    json('POST', '/api/v1/namespaces/kube-system/serviceaccounts', { body: { metadata: { name: 'elsewhere' } } });
    expect(watch.events().map(event => [event.type, event.object.metadata.name])).toEqual([
      ['ADDED', 'default'],
      ['ADDED', 'sa-1'],
      ['ADDED', 'sa-2'],
      ['MODIFIED', 'sa-1'],
      ['DELETED', 'sa-2'],
    ]);
    expect(watch.events()[3]?.object).toMatchObject({ kind: 'ServiceAccount', apiVersion: 'v1' });
    watch.stop();
    json('DELETE', `${accounts}/sa-1`);
    expect(watch.events()).toHaveLength(5);
  });

  it('misses nothing between the answer and the first read of it', () => {
    const { world, cluster, json, send } = scene();
    fill(world, cluster, 1);
    const { resourceVersion } = json('GET', accounts).metadata;
    json('DELETE', `${accounts}/sa-1`);
    const response = send('GET', `${accounts}?watch=1&resourceVersion=${resourceVersion}`);
    json('POST', accounts, { body: { metadata: { name: 'late' } } });
    expect(
      follow(response)
        .events()
        .map(event => [event.type, event.object.metadata.name]),
    ).toEqual([
      ['DELETED', 'sa-1'],
      ['ADDED', 'late'],
    ]);
  });

  it('answers a forgotten resourceVersion with one ERROR event and the end', () => {
    const { cluster, json, send } = scene();
    const { resourceVersion } = json('GET', accounts).metadata;
    json('POST', accounts, { body: { metadata: { name: 'new' } } });
    compact(cluster.kube);
    const response = send('GET', `${accounts}?watch=1&resourceVersion=${resourceVersion}`);
    const watch = follow(response);
    expect(response.status).toBe(200);
    expect(watch.state.ended).toBe(true);
    expect(watch.events()).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: `too old resource version: ${resourceVersion} (${cluster.kube.resourceVersion})`,
          reason: 'Expired',
          code: 410,
        },
      },
    ]);
  });

  it('ends after timeoutSeconds, with a bookmark before if the client takes bookmarks', () => {
    const { send, pass, cluster } = scene();
    const plain = follow(
      send('GET', `${accounts}?watch=1&resourceVersion=${cluster.kube.resourceVersion}&timeoutSeconds=5`),
    );
    const marked = follow(
      send(
        'GET',
        `${accounts}?watch=1&resourceVersion=${cluster.kube.resourceVersion}&timeoutSeconds=5&allowWatchBookmarks=true`,
      ),
    );
    pass(4_998);
    expect([plain.state.ended, marked.events()]).toEqual([false, []]);
    pass(2);
    expect([plain.state.ended, marked.state.ended, plain.events()]).toEqual([true, true, []]);
    expect(marked.events()).toEqual([
      {
        type: 'BOOKMARK',
        object: {
          kind: 'ServiceAccount',
          apiVersion: 'v1',
          metadata: { resourceVersion: String(cluster.kube.resourceVersion), creationTimestamp: null },
        },
      },
    ]);
    expect(cluster.kube.listeners.size).toBe(0);
  });

  it('shows an object that stops matching as deleted, and one that begins to as added', () => {
    const { world, cluster, json, send } = scene();
    fill(world, cluster, 1);
    const watch = follow(send('GET', `${accounts}?watch=1&labelSelector=a%3Db`));
    const label = (value: string | null) =>
      json('PATCH', `${accounts}/sa-1`, { body: { metadata: { labels: { a: value } } }, type: MERGE });
    label('b');
    label('c');
    label('d');
    const last = label('b');
    json('DELETE', `${accounts}/sa-1`);
    expect(watch.events().map(event => [event.type, event.object.metadata.labels?.a])).toEqual([
      ['ADDED', 'b'],
      ['DELETED', 'b'],
      ['ADDED', 'b'],
      ['DELETED', 'b'],
    ]);
    expect(Number(watch.events()[3]?.object.metadata.resourceVersion)).toBeGreaterThan(
      Number(last.metadata.resourceVersion),
    );
  });

  it('replays to the same state as a fresh list, whatever happens and wherever it begins', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const operation = fc.oneof(
      fc.record({ do: fc.constant('create' as const), name }),
      fc.record({ do: fc.constant('delete' as const), name }),
      fc.record({ do: fc.constant('label' as const), name, value: fc.constantFrom('x', 'y', null) }),
    );
    const selector = fc.constantFrom('', '&labelSelector=v%3Dx', '&fieldSelector=metadata.name!%3Db');
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 15 }),
        fc.array(operation, { maxLength: 15 }),
        selector,
        fc.nat(3),
        (before, after, chosen, limit) => {
          const { json, send } = scene({ nodes: 0 });
          json('POST', '/api/v1/namespaces', { body: { metadata: { name: 'default' } } });
          const act = (each: (typeof before)[number]) => {
            switch (each.do) {
              case 'create':
                return json('POST', accounts, { body: { metadata: { name: each.name } } });
              case 'delete':
                return json('DELETE', `${accounts}/${each.name}`);
              case 'label':
                return json('PATCH', `${accounts}/${each.name}`, {
                  body: { metadata: { labels: { v: each.value } } },
                  type: MERGE,
                });
            }
          };
          const state = new Map<string, KubeObject>();
          before.slice(0, 5).forEach(act);
          // A paged list, with changes between the pages, then a watch from its resourceVersion.
          let page = json('GET', `${accounts}?limit=${limit}${chosen}`);
          const rest = before.slice(5);
          const keep = () => {
            for (const item of page.items) state.set(item.metadata.name, item);
          };
          keep();
          for (let pages = 0; page.metadata.continue !== undefined; pages++) {
            expect(pages).toBeLessThan(20);
            rest.splice(0, 2).forEach(act);
            page = json('GET', `${accounts}?limit=${limit}&continue=${page.metadata.continue}${chosen}`);
            keep();
          }
          rest.forEach(act);
          const watch = follow(
            send('GET', `${accounts}?watch=1&resourceVersion=${page.metadata.resourceVersion}${chosen}`),
          );
          after.forEach(act);
          for (const {
            type,
            object: { kind: _kind, apiVersion: _version, ...object },
          } of watch.events()) {
            const known = state.get(object.metadata.name);
            expect(type === 'ADDED').toBe(known === undefined);
            expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(
              Number(known?.metadata.resourceVersion ?? 0),
            );
            if (type === 'DELETED') state.delete(object.metadata.name);
            else state.set(object.metadata.name, object as KubeObject);
          }
          const fresh: KubeObject[] = json('GET', `${accounts}?x=y${chosen}`).items;
          expect(
            [...state.values()].sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1)),
          ).toEqual(fresh);
        },
      ),
      { numRuns: 150 },
    );
  });
});
