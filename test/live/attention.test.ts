import { afterEach, describe, expect, it } from 'vitest';
import { standardPolicy } from '../../source/live/policy.ts';
import { aCluster, anAssociation, aRole, arnOf } from './facts.ts';
import type { FakeWorld } from './fake-world.ts';
import { closeRigs, rig } from './rig.ts';

afterEach(closeRigs);

/** Clusters with so many associations each, named `{cluster}-{n}`. */
const fleet = (clusters: readonly string[], associations: number) => (world: FakeWorld) => {
  for (const name of clusters) {
    const cluster = world.add(aCluster(name));
    for (let n = 0; n < associations; n += 1)
      cluster.associate(anAssociation(name, `shop/sa-${n}`, 'api', { id: `${name}-${n}` }));
  }
  world.roles.set('api', aRole('api'));
};

const narrow = { ...standardPolicy, concurrency: { clusters: 8, associations: 1, roles: 1 } };

describe('what is on screen', () => {
  it('is described first, then the rest of its cluster, then the others', async () => {
    const { model, clock, world } = rig(fleet(['one', 'two'], 5), { policy: narrow });
    const two = arnOf('two');
    world.held.add('DescribePodIdentityAssociation');
    model.focus({ cluster: two, rows: [`${two}|two-3`, `${two}|shop/sa-1`] });
    await clock.pass(100);
    world.release('DescribePodIdentityAssociation');
    await clock.pass(100);
    expect(world.subjects('DescribePodIdentityAssociation').slice(0, 5)).toEqual([
      'two-3',
      'two-1',
      'two-0',
      'two-2',
      'two-4',
    ]);
    expect(new Set(world.subjects('DescribePodIdentityAssociation')).size).toBe(10);
  });

  it('is asked for as visible, the rest in the background', async () => {
    const { model, clock, world } = rig(fleet(['one'], 3));
    model.focus({ cluster: arnOf('one'), rows: [`${arnOf('one')}|one-1`] });
    await clock.pass(1_000);
    const priorities = world.called('DescribePodIdentityAssociation').map(call => [call.subject, call.priority]);
    expect(priorities).toEqual([
      ['one-1', 'visible'],
      ['one-0', 'background'],
      ['one-2', 'background'],
    ]);
  });

  it('is described again every 30 s, the rest of the open cluster within 5 minutes', async () => {
    const { model, clock, world } = rig(fleet(['one', 'two'], 3));
    await clock.pass(1_000);
    model.focus({ cluster: arnOf('one'), rows: [`${arnOf('one')}|one-1`] });
    world.calls.length = 0;
    await clock.pass(95_000);
    expect(world.subjects('DescribePodIdentityAssociation')).toEqual(['one-1', 'one-1', 'one-1']);
    world.calls.length = 0;
    await clock.pass(300_000);
    expect(new Set(world.subjects('DescribePodIdentityAssociation'))).toContain('one-0');
  });

  it('is listed every 10 s, other clusters every minute', async () => {
    const { model, clock, world } = rig(fleet(['one', 'two'], 3));
    model.focus({ cluster: arnOf('one') });
    await clock.pass(60_500);
    const listed = world.subjects('ListPodIdentityAssociations');
    expect(listed.filter(name => name === 'one')).toHaveLength(7);
    expect(listed.filter(name => name === 'two')).toHaveLength(2);
  });

  it('is read soon after it comes into view', async () => {
    const { model, clock, world } = rig(fleet(['one', 'two'], 3));
    await clock.pass(31_000);
    world.calls.length = 0;
    model.focus({ cluster: arnOf('two') });
    await clock.pass(0);
    expect(world.subjects('ListPodIdentityAssociations')).toEqual(['two']);
  });
});

describe('a large fleet', () => {
  const names = Array.from({ length: 30 }, (_, n) => `c${String(n).padStart(2, '0')}`);

  it('is watched in Kubernetes one cluster after another, those in view at once', async () => {
    const { model, clock, world } = rig(fleet(names, 1));
    const watched = () => names.filter(name => world.clusters.get(name)?.serviceAccounts.watchers);
    model.focus({ cluster: arnOf('c29') });
    await clock.pass(1_000);
    expect(watched()).toEqual(['c00', 'c29']);
    await clock.pass(10_000);
    expect(watched()).toEqual(['c00', 'c01', 'c02', 'c03', 'c04', 'c05', 'c29']);
    await clock.pass(60_000);
    expect(watched()).toEqual(names);
  });

  it('is read less often than a small one', () => {
    const { listAssociations, describeAssociation } = standardPolicy;
    const small = { clusters: 3, associations: 200, roles: 100, rate: 100 };
    const large = { clusters: 100, associations: 100_000, roles: 100, rate: 100 };
    expect(listAssociations(false, small)).toBe(60_000);
    expect(listAssociations(false, large)).toBe(1_100_000);
    expect(listAssociations(true, large)).toBe(10_000);
    expect(describeAssociation.other(false, small)).toBe(300_000);
    expect(describeAssociation.other(false, large)).toBe(100_000_000);
    const { cluster, agent } = standardPolicy;
    expect([cluster.other(small), agent.other(small)]).toEqual([120_000, 300_000]);
    expect([cluster.other(large), agent.other(large)]).toEqual([300_000, 600_000]);
    expect([cluster.visible, agent.visible]).toEqual([30_000, 60_000]);
  });

  it('takes at most a third of what a slow service bears, list pages, descriptions and roles together', () => {
    const { listAssociations, describeAssociation, roles } = standardPolicy;
    const fleet = { clusters: 100, associations: 100_000, roles: 1_000, rate: 3 };
    const pages = (fleet.clusters + fleet.associations / 100) / (listAssociations(false, fleet) / 1_000);
    const descriptions = fleet.associations / (describeAssociation.other(false, fleet) / 1_000);
    const others = fleet.roles / (roles.other(fleet) / 1_000);
    expect(pages + descriptions + others).toBeCloseTo(1, 5);
  });
});
