/** Sessions that come and go while the model is read: what comes is shown, what goes leaves nothing behind. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cluster } from '../../source/identity/facts.ts';
import { known, lastKnown } from '../../source/identity/reading.ts';
import { createLiveModel, type OpenModel } from '../../source/live/create.ts';
import type { LiveSession, LiveWorld } from '../../source/live/world.ts';
import { aCluster, account, anAssociation, aRole, aServiceAccount, roleArn } from './facts.ts';
import { FakeWorld } from './fake-world.ts';
import { TestClock } from './test-clock.ts';

const virginia = 'us-east-1';
const arnIn = (region: string, name: string) => `arn:aws:eks:${region}:${account}:cluster/${name}`;

/** A world in memory with one cluster in it, and its session under a name of its own. */
function part(id: string, region: string, name: string): { world: FakeWorld; session: LiveSession } {
  const world = new FakeWorld();
  const cluster = world.add(aCluster(name, { region, arn: arnIn(region, name) }));
  cluster.associate(anAssociation(name, 'shop/api', 'api'));
  cluster.serviceAccounts.put(aServiceAccount('shop/api'));
  world.roles.set('api', aRole('api'));
  const [only] = world.sessions;
  if (!only) throw new Error('a world in memory has one session');
  return { world, session: { ...only, id, region } };
}

let clock: TestClock;
let model: OpenModel;
let ireland: ReturnType<typeof part>;
let east: ReturnType<typeof part>;

beforeEach(() => {
  clock = new TestClock();
  ireland = part('prod eu-west-1', 'eu-west-1', 'one');
  east = part('prod us-east-1', virginia, 'two');
  const world: LiveWorld = {
    sessions: [ireland.session],
    kubernetesFor: (cluster: Cluster) =>
      [ireland, east].find(each => each.world.clusters.has(cluster.name))?.world.kubernetesFor(cluster),
  };
  model = createLiveModel(world, { clock, random: () => 0.5 });
});
afterEach(() => model.close());

const names = () => model.clusters().map(row => row.name);
const left = ({ world }: typeof east) => {
  const clusters = [...world.clusters.values()];
  return {
    ports: clusters.reduce((sum, each) => sum + each.open, 0),
    watches: clusters.reduce(
      (sum, { namespaces, serviceAccounts, pods }) =>
        sum + namespaces.watchers + serviceAccounts.watchers + pods.watchers,
      0,
    ),
    calls: world.active,
  };
};
const nothing = { ports: 0, watches: 0, calls: 0 };

describe('a region that is joined', () => {
  it('shows its clusters, and takes them along when it leaves, with every loop, port and timer', async () => {
    await clock.pass(1_000);
    expect(names()).toEqual(['one']);
    const before = { sleeping: clock.sleeping, sources: model.sources().map(({ id }) => id) };

    model.join(east.session);
    await clock.pass(1_000);
    expect(names()).toEqual(['one', 'two']);
    expect(model.serviceAccounts(arnIn(virginia, 'two'))).toHaveLength(1);
    expect(left(east)).toMatchObject({ ports: 1, watches: 2 });
    expect(model.sources().map(({ id }) => id)).toContain('eks|prod us-east-1');
    expect(clock.sleeping).toBeGreaterThan(before.sleeping);

    await model.leave(east.session.id);
    expect(names()).toEqual(['one']);
    expect(model.serviceAccounts(arnIn(virginia, 'two'))).toEqual([]);
    expect(model.sources().map(({ id }) => id)).toEqual(before.sources);
    expect(left(east)).toEqual(nothing);
    // Until the commit that says so is through.
    await clock.pass(100);
    expect(clock.sleeping).toBe(before.sleeping);

    const asked = east.world.calls.length;
    await clock.pass(600_000);
    expect(east.world.calls.length).toBe(asked);
    expect(names()).toEqual(['one']);
  });

  it('is read once, however often it is joined, and can come back', async () => {
    await clock.pass(1_000);
    model.join(east.session);
    model.join(east.session);
    await clock.pass(1_000);
    expect(east.world.called('ListClusters')).toHaveLength(1);
    await model.leave(east.session.id);
    model.join(east.session);
    await clock.pass(1_000);
    expect(names()).toEqual(['one', 'two']);
  });

  it('leaves at any time of its start', async () => {
    await clock.pass(1_000);
    const before = clock.sleeping;
    for (const operation of [
      'GetCallerIdentity',
      'ListClusters',
      'DescribeCluster',
      'ListPodIdentityAssociations',
      'DescribePodIdentityAssociation',
      'list serviceaccounts two',
    ]) {
      east.world.held.add(operation);
      model.join(east.session);
      await clock.pass(200);
      expect(east.world.active, operation).toBeGreaterThan(0);
      await model.leave(east.session.id);
      east.world.release(operation);
      await clock.pass(1_000);
      expect([left(east), clock.sleeping, names()], operation).toEqual([nothing, before, ['one']]);
    }
  });
});

describe('the session that was there first', () => {
  it('hands over who we are, and the roles of the account', async () => {
    await clock.pass(1_000);
    model.join(east.session);
    await clock.pass(1_000);
    expect(east.world.called('GetRole')).toEqual([]);

    await model.leave(ireland.session.id);
    expect(names()).toEqual(['two']);
    expect(known(model.caller())?.account).toBe(account);
    await clock.pass(1_000);
    expect(east.world.subjects('GetRole')).toEqual(['api']);
    expect(lastKnown(model.role(arnIn(virginia, 'two'), roleArn('api')))?.value).toMatchObject({ exists: true });
    expect(left(ireland)).toEqual(nothing);
    expect(model.sources().filter(({ source }) => source === 'iam')).toHaveLength(1);
  });

  it('takes who we are along where nobody else has been told yet', async () => {
    await clock.pass(1_000);
    east.world.held.add('GetCallerIdentity');
    model.join(east.session);
    await clock.pass(200);
    await model.leave(ireland.session.id);
    expect(model.caller()).toEqual({ state: 'unread' });
    east.world.release('GetCallerIdentity');
    await clock.pass(1_000);
    expect(known(model.caller())?.account).toBe(account);
  });

  it('hands its clusters to another profile that sees them too, and nobody takes them for new', async () => {
    const twin: LiveSession = { ...ireland.session, id: 'readonly eu-west-1' };
    await clock.pass(1_000);
    model.join(twin);
    await clock.pass(1_000);
    expect(names()).toEqual(['one']);
    await model.leave(ireland.session.id);
    await clock.pass(1_000);
    expect(names()).toEqual(['one']);
    expect(model.serviceAccounts(arnIn('eu-west-1', 'one'))).toHaveLength(1);
    expect(model.log().map(({ text }) => text)).not.toContain('the cluster is new in eu-west-1');
  });

  it('leaves its roles to nobody when it was the last one', async () => {
    await clock.pass(1_000);
    await model.leave(ireland.session.id);
    expect([names(), model.sources(), left(ireland)]).toEqual([[], [], nothing]);
  });
});
