import { afterEach, describe, expect, test } from 'vitest';
import type { LiveWorld } from '../../source/live/world.ts';
import { type FoundCluster, inOneOf, whereToLook } from '../../source/read/find-cluster.ts';
import { makeWorkbench } from '../../source/read/make-workbench.ts';
import { listProfiles, listRegions } from '../../source/read/scopes.ts';
import { readSnapshot } from '../../source/read/snapshot.ts';
import { openWorld, type ScopedWorld, type WorldSettings } from '../../source/read/world.ts';
import { systemClock } from '../../source/run/clock.ts';
import { PortError } from '../../source/run/ports.ts';
import { sandboxFor } from '../aws/sandbox-rig.ts';
import { cluster, problem } from './fake-ports.ts';

const rig = sandboxFor('demo');
const [prod, data] = ['northwind-prod', 'northwind-data'];
const opened: ScopedWorld[] = [];

const open = async (settings: Partial<WorldSettings> = {}): Promise<ScopedWorld> => {
  const world = await openWorld({ clock: systemClock, ...settings });
  opened.push(world);
  return world;
};
afterEach(() => {
  for (const world of opened.splice(0)) world.close();
});

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error ?? new Error('It did not fail.');
  return error.failure;
}

describe('sessions', () => {
  test('one for each profile and region, the profile and its region by default', async () => {
    const one = await open();
    expect(one.sessions.map(each => each.region)).toEqual(['eu-west-1']);
    expect(one.sessions[0]?.endpoint).toMatch(/^http:\/\/127/);
    const four = await open({ profiles: [prod, data], regions: ['eu-west-1', 'us-east-1'] });
    const ids = four.sessions.map(each => each.id);
    expect(new Set(ids).size).toBe(4);
    // The live model takes a world as it is.
    const live: LiveWorld = four;
    expect(live.sessions).toHaveLength(4);
    expect(four.sessions.map(each => each.profile)).toEqual([prod, prod, data, data]);
  });

  test('know whose they are and how long they last once they were asked, and not before', async () => {
    const world = await open({ profiles: [data] });
    const [session] = world.sessions;
    expect(session?.known()).toEqual({});
    await session?.sts.callerIdentity();
    expect(session?.known()).toEqual({ account: '444455556666', expiresAt: 'never' });
  });

  test('come and go: who comes twice is one, who goes is asked no more and takes its limits along', async () => {
    const world = await open({
      profiles: [data],
      regionsOf: name => (name === data ? ['eu-west-1', 'us-east-1'] : []),
    });
    const ids = () => world.sessions.map(each => each.id);
    expect(ids()).toEqual([`${data} eu-west-1`, `${data} us-east-1`]);
    const [one, two] = await Promise.all([world.open(prod, 'us-east-1'), world.open(prod, 'us-east-1')]);
    expect(one).toBe(two);
    expect(ids()).toEqual([`${data} eu-west-1`, `${data} us-east-1`, `${prod} us-east-1`]);
    expect(world.sessions.at(-1)).toBe(one);
    expect((await world.findCluster('prod-us-1')).region).toBe('us-east-1');
    await one.sts.callerIdentity();
    for await (const _ of one.eks.listClusters()) break;
    const limits = () => [...world.limiterStates().keys()].filter(name => name.includes('111122223333 us-east-1'));
    expect(limits()).not.toEqual([]);
    world.drop(one.id);
    world.drop('nobody');
    expect(ids()).toEqual([`${data} eu-west-1`, `${data} us-east-1`]);
    expect(limits()).toEqual([]);
    expect(await failureOf(world.findCluster('prod-us-1'))).toMatchObject({ kind: 'not-found' });
    expect(await failureOf(world.open('nope', 'us-east-1'))).toMatchObject({ kind: 'invalid' });
  });

  test('named regions go before those of each profile', async () => {
    const world = await open({ profiles: [data], regions: ['us-east-1'], regionsOf: () => ['eu-central-1'] });
    expect(world.sessions.map(each => each.region)).toEqual(['us-east-1']);
  });

  test('a region is tried without becoming one of the world', async () => {
    const world = await open({ profiles: [prod] });
    await world.tryRegion(prod, 'eu-central-1');
    rig.world.refusedRegions.add('us-east-1');
    expect(await failureOf(world.tryRegion(prod, 'us-east-1'))).toMatchObject({ kind: 'denied' });
    rig.world.refusedRegions.clear();
    // Regions of later years are off until an account turns them on.
    expect(await failureOf(world.tryRegion(prod, 'me-south-1'))).toMatchObject({ code: 'UnrecognizedClientException' });
    expect(world.sessions.map(each => each.region)).toEqual(['eu-west-1']);
    expect([...world.limiterStates().keys()]).toEqual([]);
  });

  test('settings that cannot work are said before anything is asked', async () => {
    expect(await failureOf(open({ profiles: ['nope'] }))).toMatchObject({ kind: 'invalid' });
    const kubeconfig = { path: '/no/such/kubeconfig' };
    expect(await failureOf(open({ kubeconfig }))).toMatchObject({ kind: 'not-found' });
  });
});

describe('finding a cluster', () => {
  test('by name over regions, and by ARN in a region that was not asked for', async () => {
    const world = await open({ profiles: [prod], regions: ['eu-west-1', 'us-east-1'] });
    const us = await world.findCluster('prod-us-1');
    expect(us).toMatchObject({ name: 'prod-us-1', region: 'us-east-1' });
    const eu = await open({ profiles: [prod], regions: ['eu-west-1'] });
    expect(await eu.findCluster(us.arn)).toEqual(us);
    expect((await failureOf(eu.findCluster('prod-us-1'))).message).toMatch(
      /no cluster named "prod-us-1" in eu-west-1:/,
    );
  });

  test("another account's cluster needs that account's profile", async () => {
    const lake = await (await open({ profiles: [data] })).findCluster('data-eu-1');
    const world = await open({ profiles: [prod] });
    expect(await failureOf(world.findCluster(lake.arn))).toMatchObject({
      kind: 'denied',
      message: expect.stringContaining(`is in account ${lake.account}; the credentials in scope are for`),
    });
    const both = await open({ profiles: [prod, data] });
    expect(await both.findCluster(lake.arn)).toEqual(lake);
    expect(await both.findCluster('data-eu-1')).toEqual(lake);
  });

  test('where STS cannot be reached, the ARN that EKS answers tells whether it is the right one', async () => {
    process.env.AWS_ENDPOINT_URL_STS = 'http://127.0.0.1:1';
    try {
      const world = await open({ profiles: [prod] });
      const found = await world.findCluster('prod-eu-1');
      expect(await world.findCluster(found.arn)).toEqual(found);
      const twin = found.arn.replace(found.account, '999988887777');
      expect(await failureOf(world.findCluster(twin))).toMatchObject({
        kind: 'denied',
        message: `The credentials in scope see ${found.arn}, not ${twin}: choose another --profile.`,
      });
      const two = await open({ profiles: [prod, data] });
      expect(await failureOf(two.findCluster(found.arn))).toMatchObject({ kind: 'unreachable' });
    } finally {
      delete process.env.AWS_ENDPOINT_URL_STS;
    }
  });

  test('a malformed ARN is refused', async () => {
    expect(await failureOf((await open()).findCluster('arn:aws:eks:x'))).toMatchObject({ kind: 'invalid' });
  });

  describe('from what each place answered', () => {
    const here: FoundCluster = { where: 'eu-west-1', cluster };
    const there: FoundCluster = { where: 'us-east-1', cluster: { ...cluster, arn: `${cluster.arn}-2` } };
    const not = (where: string): FoundCluster => ({ where, failure: problem('not-found').failure });
    const broken: FoundCluster = { where: 'ap-east-1', failure: problem('denied', 'No.').failure };

    test('one, found twice by two profiles of an account', () => {
      expect(inOneOf('prod', [here, not('b'), here])).toBe(cluster);
      expect(inOneOf('prod', [broken, here])).toBe(cluster);
    });

    test('several are listed; none names the regions; a place that could not be asked is named', () => {
      expect(() => inOneOf('prod', [here, there])).toThrow(`${cluster.arn}, ${cluster.arn}-2`);
      expect(() => inOneOf('prod', [not('eu-west-1'), not('us-east-1')])).toThrow('in eu-west-1, us-east-1: check');
      expect(() => inOneOf('prod', [not('eu-west-1'), broken])).toThrow(
        'Cluster "prod" could not be looked for in ap-east-1 (it is not in eu-west-1): No.',
      );
    });

    test('a profile is named where there are several sessions', () => {
      expect(whereToLook('eu-west-1', 'a', 1)).toBe('eu-west-1');
      expect(whereToLook('eu-west-1', 'a', 2)).toBe('eu-west-1 (profile a)');
      expect(whereToLook('eu-west-1', undefined, 2)).toBe('eu-west-1');
    });
  });
});

describe('the ports of a cluster', () => {
  test('reach AWS and, with a token from the credentials, Kubernetes', async () => {
    const world = await open({ profiles: [prod] });
    const found = await world.findCluster('prod-eu-1');
    const ports = await world.portsFor(found);
    expect(await ports.eks.describeCluster('prod-eu-1')).toEqual(found);
    expect(await ports.kubernetes?.version()).toMatch(/^v1\./);
    expect((await world.portsFor(found)).kubernetes).toBe(ports.kubernetes);
  });

  test('reach Kubernetes through a context of the kubeconfig that fits', async () => {
    const world = await open({ profiles: [prod], kubeconfig: { path: process.env.KUBECONFIG ?? '' } });
    const ports = await world.portsFor(await world.findCluster('prod-eu-1'));
    expect(await ports.kubernetes?.version()).toMatch(/^v1\./);
  });

  test('a named cluster takes the named context, which must be there', async () => {
    const kubeconfig = { path: process.env.KUBECONFIG ?? '', context: 'nope' };
    const world = await open({ profiles: [prod], kubeconfig });
    const found = await world.findCluster('prod-eu-1');
    expect(await failureOf(world.portsFor(found))).toMatchObject({ kind: 'invalid' });
  });

  test('a cluster without an endpoint has no way to Kubernetes', async () => {
    const world = await open();
    const { endpoint: _none, ...creating } = cluster;
    expect(world.kubernetesFor(creating)).toBeUndefined();
  });

  test('reach Kubernetes as soon as a cluster that is being created has its endpoint', async () => {
    const world = await open({ profiles: [prod] });
    const found = await world.findCluster('prod-eu-1');
    const record = rig.world.clusters.get(found.arn);
    if (!record) throw new Error('The demo has that cluster.');
    const { endpoint } = record;
    record.endpoint = '';
    try {
      const creating = await world.findCluster('prod-eu-1');
      expect((await world.portsFor(creating)).kubernetes).toBeUndefined();
    } finally {
      record.endpoint = endpoint;
    }
    const [one, two] = await Promise.all([world.portsFor(found), world.portsFor(found)]);
    expect(await one.kubernetes?.version()).toMatch(/^v1\./);
    expect(two.kubernetes).toBe(one.kubernetes);
  });

  test('a closed world refuses calls', async () => {
    const world = await open({ profiles: [prod] });
    const ports = await world.portsFor(await world.findCluster('prod-eu-1'));
    world.close();
    expect(await failureOf(ports.eks.describeCluster('prod-eu-1'))).toMatchObject({ kind: 'aborted' });
  });
});

describe('a world that is slow to answer and fails now and then', () => {
  test('is read whole all the same', async () => {
    const { faults } = rig.world;
    Object.assign(faults, { rate: 0.1, throttle: 15 });
    process.env.AWS_MAX_ATTEMPTS = '12';
    try {
      const world = await open({ profiles: [prod] });
      const found = await world.findCluster('prod-eu-1');
      const { kubernetes: _other, ...aws } = await world.portsFor(found);
      const snapshot = await readSnapshot(aws, found, { clock: systemClock });
      const { associations, addons, oidcProvider } = snapshot;
      expect([associations, addons, oidcProvider].map(each => each.state)).toEqual(['read', 'read', 'read']);
      expect([...snapshot.roles.values()].map(each => each.state)).not.toContain('failed');
      expect([...snapshot.roleStacks.values()].map(each => each.state)).not.toContain('failed');
      expect(rig.world.counts.get('eks:DescribePodIdentityAssociation')?.throttled).toBeGreaterThan(0);
      expect(world.limiterStates().get(`eks ${found.account} eu-west-1`)?.rate).toBeLessThan(500);
    } finally {
      Object.assign(faults, { rate: 0, throttle: 0 });
      delete process.env.AWS_MAX_ATTEMPTS;
    }
  });
});

describe('what there is to choose from', () => {
  test('profiles and regions', async () => {
    expect((await listProfiles()).map(each => each.name)).toEqual(['default', data, prod]);
    expect(await listRegions('us-gov-west-1')).toEqual(['us-gov-east-1', 'us-gov-west-1']);
  });
});

describe('the workbench', () => {
  test('plans from facts that it reads, and carries the plan out', async () => {
    const world = await open({ profiles: [prod] });
    const workbench = makeWorkbench(world, systemClock);
    const found = await world.findCluster('prod-eu-1');
    const heard: string[] = [];
    const { plan, snapshot } = await workbench.plan(
      found,
      { command: 'migrate', removeOidcProviderTrust: false },
      { onProgress: ({ what }) => heard.push(what) },
    );
    expect(heard).toEqual(expect.arrayContaining(['associations', 'service accounts', 'roles', 'owners of roles']));
    expect(plan).toMatchObject({ command: 'migrate', cluster: { arn: found.arn }, readAt: snapshot.readAt });
    expect(snapshot.caller).toContain(`:${found.account}:`);
    for (const part of ['agent', 'namespaces', 'serviceAccounts', 'associations', 'addons', 'pods'] as const) {
      expect([part, snapshot[part].state]).toEqual([part, 'read']);
    }
    expect(snapshot.roles.size).toBeGreaterThan(3);

    const existing = snapshot.associations.state === 'read' ? snapshot.associations.value : [];
    const victim = existing.find(each => each.ownerArn === undefined);
    if (!victim) throw new Error('The demo has an association to delete.');
    const subject = { namespace: victim.namespace, serviceAccount: victim.serviceAccount };
    const removal = await workbench.plan(found, { command: 'delete', subjects: [subject] });
    const events = [];
    for await (const event of workbench.run(removal.plan)) events.push(event);
    expect(events.at(-1)).toMatchObject({ type: 'finished', result: { writes: 1, failed: [] } });
    const again = await workbench.plan(found, { command: 'delete', subjects: [subject] });
    expect(again.plan.same).toHaveLength(1);
  });

  test('an account that is not in scope has no ports', async () => {
    const workbench = makeWorkbench(await open({ profiles: [prod] }), systemClock);
    const elsewhere = { ...cluster, account: '999988887777' };
    expect(await failureOf(workbench.plan(elsewhere, { command: 'delete', subjects: [] }))).toMatchObject({
      kind: 'denied',
    });
  });
});
