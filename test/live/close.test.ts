import { afterEach, describe, expect, it } from 'vitest';
import { createLiveModel } from '../../source/live/create.ts';
import { aCluster, anAssociation, aRole, arnOf, aServiceAccount } from './facts.ts';
import { FakeWorld } from './fake-world.ts';
import { closeRigs, rig } from './rig.ts';
import { TestClock } from './test-clock.ts';

afterEach(closeRigs);

function shop(world: FakeWorld): void {
  for (const name of ['one', 'two']) {
    const cluster = world.add(aCluster(name));
    cluster.associate(anAssociation(name, 'shop/api', 'api'));
    cluster.serviceAccounts.put(aServiceAccount('shop/api'));
  }
  world.roles.set('api', aRole('api'));
}

const left = (world: FakeWorld) =>
  [...world.clusters.values()].map(({ open, namespaces, serviceAccounts, pods }) => ({
    ports: open,
    watches: namespaces.watchers + serviceAccounts.watchers + pods.watchers,
  }));

const nothing = { ports: 0, watches: 0 };

describe('closing', () => {
  it('leaves no loop, no watch, no port and no timer', async () => {
    const { model, clock, world } = rig(shop);
    model.focus({ cluster: arnOf('one') });
    await clock.pass(1_000);
    expect(left(world)).toEqual([
      { ports: 1, watches: 3 },
      { ports: 1, watches: 2 },
    ]);
    expect(clock.sleeping).toBeGreaterThan(0);
    await model.close();
    expect(left(world)).toEqual([nothing, nothing]);
    expect(clock.sleeping).toBe(0);
    expect(world.active).toBe(0);
  });

  it('gives up on calls under way, at any time of the start', async () => {
    for (const operation of [
      'GetCallerIdentity',
      'ListClusters',
      'DescribeCluster',
      'ListPodIdentityAssociations',
      'DescribePodIdentityAssociation',
      'GetRole',
      'list serviceaccounts one',
    ]) {
      const { model, clock, world } = rig(shop);
      world.held.add(operation);
      await clock.pass(200);
      expect(world.active, operation).toBeGreaterThan(0);
      await model.close();
      expect([world.active, clock.sleeping, left(world)], operation).toEqual([0, 0, [nothing, nothing]]);
    }
  });

  it('tells nobody anything any more', async () => {
    const { model, clock, world, notified } = rig(shop);
    await clock.pass(1_000);
    await model.close();
    const before = notified();
    world.clusters.get('one')?.serviceAccounts.put(aServiceAccount('shop/new'));
    await clock.pass(100_000);
    expect(notified()).toBe(before);
  });

  it('happens when the signal aborts', async () => {
    const world = new FakeWorld();
    const clock = new TestClock();
    const stop = new AbortController();
    shop(world);
    const model = createLiveModel(world, { clock, signal: stop.signal });
    await clock.pass(1_000);
    stop.abort();
    await model.close();
    expect([world.active, clock.sleeping]).toEqual([0, 0]);
  });
});
