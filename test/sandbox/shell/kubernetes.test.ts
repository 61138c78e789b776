import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeWorld } from '../../../source/sandbox/worlds/worlds.ts';
import { worldOptions } from '../worlds/world-helpers.ts';
import { bearerToken } from './bearer.ts';
import { control, open, post, type Rig, send } from './rig.ts';

const accounts = '/api/v1/namespaces/default/serviceaccounts';

async function openCluster(world: 'docs' | 'demo' = 'docs') {
  const rig = await open(makeWorld(worldOptions(world), Date.now()));
  const cluster = [...rig.sandbox.world.clusters.values()][0]!;
  const token = bearerToken(rig.profile, cluster.name, Date.now());
  const headers = { authorization: `Bearer ${token}` };
  const ca = rig.sandbox.authority;
  const ask = (path: string, sent: Parameters<typeof send>[1] = {}) =>
    send(`${cluster.endpoint}${path}`, { ca, ...sent, headers: { ...headers, ...sent.headers } });
  const annotate = (name: string, key: string, value: string) =>
    ask(`${accounts}/${name}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ metadata: { annotations: { [key]: value } } }),
    });
  const watch = (path: string) => openWatch(`${cluster.endpoint}${path}`, ca, headers);
  return { rig, cluster, ask, annotate, watch };
}

/** An open watch: its events as they come, and how it ends. */
async function openWatch(url: string, ca: string, headers: Record<string, string>) {
  const asked = request(url, { ca, headers, agent: false });
  onTestFinished(() => void asked.destroy());
  asked.end();
  const [response]: [IncomingMessage] = (await once(asked, 'response')) as [IncomingMessage];
  const events = readLines(response);
  return {
    headers: response.headers,
    next: async () => JSON.parse((await events.next()).value ?? 'null'),
    ended: async () => (await events.next()).done,
  };
}

async function* readLines(response: IncomingMessage): AsyncGenerator<string, void> {
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const text of response) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    // Cut: ended like any other.
  }
}

describe('the Kubernetes API of a sandbox cluster', () => {
  it('lets in a hand-made token, and not one for another cluster, an old one, or one of another account', async () => {
    const { rig, cluster, ask } = await openCluster('demo');
    expect((await ask('/api/v1/serviceaccounts')).status).toBe(200);
    const data = makeWorld(worldOptions('demo'), Date.now()).profiles[1]!;
    const now = Date.now();
    const refused = [
      bearerToken(rig.profile, 'prod-us-1', now),
      bearerToken(rig.profile, cluster.name, now - 16 * 60_000),
      bearerToken(data, cluster.name, now),
      bearerToken({ ...rig.profile, secretAccessKey: 'guessed' }, cluster.name, now),
    ];
    for (const token of refused) {
      const answer = await ask('/api/v1/serviceaccounts', { headers: { authorization: `Bearer ${token}` } });
      expect([answer.status, JSON.parse(answer.body).reason]).toEqual([401, 'Unauthorized']);
    }
  });

  it('lets a demo in with keys of its own, the same in every world of one seed', async () => {
    const keys = () => makeWorld(worldOptions('demo'), Date.now()).profiles.map(each => each.accessKeyId);
    expect(keys()).toEqual(keys());
    expect(new Set(keys()).size).toBe(2);
  });

  it('streams a watch in chunks as things change', async () => {
    const { ask, annotate, watch } = await openCluster();
    const { metadata } = JSON.parse((await ask(accounts)).body);
    const events = await watch(`${accounts}?watch=1&resourceVersion=${metadata.resourceVersion}`);
    expect(events.headers['transfer-encoding']).toBe('chunked');
    for (const value of ['first', 'second']) {
      await annotate('sa1', 'note', value);
      expect(await events.next()).toMatchObject({
        type: 'MODIFIED',
        object: { metadata: { name: 'sa1', annotations: { note: value } } },
      });
    }
  });

  it('tells watches what happens by itself, without anybody asking', async () => {
    const { ask, watch } = await openCluster();
    const { metadata, items } = JSON.parse((await ask('/api/v1/namespaces/default/pods')).body);
    const events = await watch(`/api/v1/namespaces/default/pods?watch=1&resourceVersion=${metadata.resourceVersion}`);
    const [pod] = items;
    await ask(`/api/v1/namespaces/default/pods/${pod.metadata.name}`, { method: 'DELETE' });
    const seen: string[] = [];
    while (!seen.includes('DELETED')) seen.push((await events.next()).type);
    expect(seen).toContain('ADDED');
  });

  it('drops its watches and refuses connections while it is unreachable', async () => {
    const { rig, ask, watch } = await openCluster();
    const events = await watch(`${accounts}?watch=1&resourceVersion=0`);
    await events.next();
    await control(rig, 'faults', post({ unreachable: 'my-cluster' }));
    let ended = false;
    while (!ended) ended = (await events.ended()) === true;
    await expect(ask(accounts)).rejects.toThrow(/socket hang up|ECONNRESET|disconnected/);
    await control(rig, 'faults', post({ unreachable: 'my-cluster', value: false }));
    expect((await ask(accounts)).status).toBe(200);
  });

  it('forgets the watch of a client that left before the answer', async () => {
    const { rig, cluster } = await openCluster();
    await control(rig, 'faults', post({ latency: 300 }));
    const server = await startedRequest(`${cluster.endpoint}${accounts}?watch=1`, {
      authorization: `Bearer ${bearerToken(rig.profile, cluster.name, Date.now())}`,
      ca: rig.sandbox.authority,
    });
    server.destroy();
    await control(rig, 'faults', post({ latency: 0 }));
    await expect
      .poll(() => rig.sandbox.world.requests.at(-1)?.operation, { timeout: 5_000 })
      .toBe('watch serviceaccounts');
    expect(listeners(rig)).toBe(0);
  });

  it('ends open watches when the sandbox closes', async () => {
    const { rig, watch } = await openCluster();
    const events = await watch(`${accounts}?watch=1&resourceVersion=0`);
    await events.next();
    await rig.sandbox.close();
    let ended = false;
    while (!ended) ended = (await events.ended()) === true;
    expect(listeners(rig)).toBe(0);
  });
});

/** A request that has reached the server, whose answer has not come. */
async function startedRequest(url: string, { authorization, ca }: { authorization: string; ca: string }) {
  const asked = request(url, { method: 'GET', ca, agent: false, headers: { authorization, expect: '100-continue' } });
  asked.on('error', () => {});
  asked.flushHeaders();
  await once(asked, 'continue');
  asked.end();
  return asked;
}

function listeners({ sandbox }: Rig): number {
  return [...sandbox.world.clusters.values()].reduce((sum, each) => sum + each.kube.listeners.size, 0);
}
