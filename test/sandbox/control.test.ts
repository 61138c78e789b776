import { beforeEach, describe, expect, it } from 'vitest';
import { handleControl, isControl } from '../../source/sandbox/control.ts';
import { schedule } from '../../source/sandbox/time.ts';
import { type MadeWorld, makeWorld } from '../../source/sandbox/worlds/worlds.ts';
import { worldOptions } from './worlds/world-helpers.ts';

const now = Date.UTC(2026, 10, 24, 12);
let made: MadeWorld;

beforeEach(() => {
  made = makeWorld(worldOptions('docs'), now);
});

function ask(method: string, pathAndQuery: string, body = '', at = now) {
  const [path = '', query = ''] = pathAndQuery.split('?');
  const endpoint = { kind: 'aws' } as const;
  const response = handleControl(
    made.world,
    { endpoint, method, path: `/_sandbox/${path}`, query, headers: {}, body },
    at,
  );
  return { status: response.status, json: JSON.parse(response.body) };
}

const post = (body: object) => ask('POST', 'faults', JSON.stringify(body));
const keyOf = () => made.profiles[0]!.accessKeyId;

describe('the control of the sandbox', () => {
  it('is beside the APIs of AWS, not among them', () => {
    expect([isControl('/_sandbox/state'), isControl('/clusters'), isControl('/')]).toEqual([true, false, false]);
  });

  it('tells whether it serves, and what', () => {
    expect(ask('GET', 'health')).toEqual({ status: 200, json: { ok: true, world: 'docs' } });
  });

  it('answers what is unknown with 404, and a method that makes no sense with 405', () => {
    expect(ask('GET', 'nothing').status).toBe(404);
    expect(ask('GET', 'toString').status).toBe(404);
    expect(ask('POST', 'health')).toEqual({ status: 405, json: { message: '/_sandbox/health knows GET.' } });
  });

  it('lets time pass before it answers', () => {
    const seen: number[] = [];
    schedule(made.world, now + 500, (_world, at) => seen.push(at));
    ask('GET', 'health', '', now + 499);
    expect(seen).toEqual([]);
    ask('GET', 'health', '', now + 500);
    expect(seen).toEqual([now + 500]);
  });
});

describe('GET /_sandbox/state', () => {
  it('shows roles, stacks, associations and Kubernetes objects', () => {
    const { json } = ask('GET', 'state');
    expect(json.accounts[0].roles.map((each: { name: string }) => each.name)).toContain('Unowned-Role1');
    expect(json.accounts[0].stacks[0].outputs).toHaveProperty('Role1');
    expect(json.clusters[0]).toMatchObject({ name: 'my-cluster', associations: [], addons: [] });
    const names = json.clusters[0].objects.serviceaccounts.map(
      (each: { metadata: { name: string } }) => each.metadata.name,
    );
    expect(names).toEqual(expect.arrayContaining(['sa1', 'sa2']));
  });

  it('leaves secrets out', () => {
    const cluster = [...made.world.clusters.values()][0]!;
    const metadata = { name: 'hidden', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
    cluster.kube.objects.set('secrets', new Map([['default/hidden', { metadata, data: { password: 'aGVsbG8=' } }]]));
    const text = JSON.stringify(ask('GET', 'state').json);
    expect(text).toContain(keyOf());
    expect(text).not.toContain(made.profiles[0]!.secretAccessKey);
    expect(text).not.toContain('aGVsbG8=');
  });

  it('can be limited to a cluster, by name or ARN', () => {
    const arn = 'arn:aws:eks:us-west-2:111122223333:cluster/my-cluster';
    expect(ask('GET', `state?cluster=${encodeURIComponent(arn)}`).json.clusters).toHaveLength(1);
    expect(ask('GET', 'state?cluster=my-cluster').json.clusters).toHaveLength(1);
    expect(ask('GET', 'state?cluster=x')).toEqual({ status: 404, json: { message: 'There is no cluster "x".' } });
  });
});

describe('/_sandbox/requests', () => {
  it('shows and forgets what was asked', () => {
    made.world.requests.push({
      ...{ at: now, service: 'eks', operation: 'ListClusters', write: false, account: '111122223333', status: 200 },
    });
    made.world.counts.set('eks:ListClusters', { reads: 1, writes: 0, throttled: 0, failed: 0 });
    expect(ask('GET', 'requests').json).toMatchObject({
      log: [{ operation: 'ListClusters' }],
      counts: { 'eks:ListClusters': { reads: 1 } },
    });
    expect(ask('DELETE', 'requests').json).toEqual({ log: [], counts: {} });
    expect(ask('GET', 'requests').json).toEqual({ log: [], counts: {} });
  });
});

describe('GET /_sandbox/oracle', () => {
  it('tells for each service account what its pods can get', () => {
    const { json } = ask('GET', 'oracle?cluster=my-cluster');
    expect(json).toMatchObject([
      { serviceAccount: 'sa1', running: { pods: 2, withCredentials: 2 }, newPod: { ok: true, mechanism: 'irsa' } },
      { serviceAccount: 'sa2', running: { pods: 2, withCredentials: 2 }, newPod: { ok: true, mechanism: 'irsa' } },
    ]);
    expect(ask('GET', 'oracle').json).toEqual(json);
  });
});

describe('/_sandbox/faults', () => {
  it('sets numbers and scripts, and shows what is set', () => {
    const scripted = [
      { operation: 'CreatePodIdentityAssociation', times: 2, disconnect: 'after' },
      { operation: 'GetRole' },
    ];
    const { json } = post({ latency: 20, throttle: 5, rate: 0.5, consistency: 3_000, scripted });
    expect(json).toMatchObject({ latency: 20, throttle: 5, rate: 0.5, consistency: 3_000 });
    expect(json.scripted).toEqual([scripted[0], { operation: 'GetRole', times: 1 }]);
    expect(ask('GET', 'faults').json).toEqual(json);
    expect(post({ scripted: [] }).json).toMatchObject({ latency: 20, scripted: [] });
  });

  it('denies actions to a caller, and allows them again', () => {
    expect(post({ deny: { accessKeyId: keyOf(), actions: ['iam:*'] } }).json.denied).toEqual({ [keyOf()]: ['iam:*'] });
    expect([...made.world.callers.get(keyOf())!.denied]).toEqual(['iam:*']);
    expect(post({ deny: { accessKeyId: keyOf(), actions: [] } }).json.denied).toEqual({});
  });

  it('lets credentials expire, and takes that back', () => {
    expect(post({ expire: keyOf() }).json.expired).toEqual([keyOf()]);
    expect(post({ expire: keyOf(), value: false }).json.expired).toEqual([]);
  });

  it('forbids a region, and allows it again', () => {
    expect(post({ refuse: 'eu-west-1' }).json.refused).toEqual(['eu-west-1']);
    expect(post({ refuse: 'eu-west-1', value: false }).json.refused).toEqual([]);
  });

  it('takes a cluster off the network, and puts it back', () => {
    expect(post({ unreachable: 'my-cluster', value: true }).json.unreachable).toHaveLength(1);
    expect(post({ unreachable: 'my-cluster', value: false }).json.unreachable).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'The body is not JSON.'],
    ['no object', '[]', 'the body is a JSON object.'],
    ['an unknown fault', '{"latency":9,"colour":1}', /"colour" is not a fault/],
    ['too much', '{"rate":1.5}', 'rate is a number from 0 to 1.'],
    ['a text for a number', '{"latency":"9"}', 'latency is a number from 0 to 60000.'],
    ['nobody', '{"latency":9,"expire":"AKIANOBODY"}', 'No caller has the access key "AKIANOBODY".'],
    ['no region', '{"latency":9,"refuse":"Europe"}', 'refuse is a region, such as eu-west-1.'],
    ['no cluster', '{"latency":9,"unreachable":"x"}', 'There is no cluster "x".'],
    ['an unknown part', '{"scripted":[{"operation":"x","sleep":1}]}', '"sleep" is not part of a scripted fault.'],
    ['a wrong cut', '{"scripted":[{"operation":"x","disconnect":"now"}]}', 'disconnect is "before" or "after".'],
    ['no yes or no', '{"unreachable":"my-cluster","value":1}', 'value is true or false.'],
  ])('refuses %s and changes nothing', (_what, body, message) => {
    const before = ask('GET', 'faults').json;
    const refused = ask('POST', 'faults', body);
    expect(refused.status).toBe(400);
    expect(refused.json.message).toMatch(message);
    expect(ask('GET', 'faults').json).toEqual(before);
  });
});
