import { afterEach, describe, expect, it } from 'vitest';
import { aCluster, arnOf, aServiceAccount } from './facts.ts';
import { closeRigs, rig } from './rig.ts';

afterEach(closeRigs);

describe('commits', () => {
  it('gather changes: one notification in 50 ms, however many there are', async () => {
    const { clock, world, model, notified } = rig(world => world.add(aCluster('one')));
    await clock.pass(10_000);
    const cluster = world.clusters.get('one');
    const before = { notified: notified(), revision: model.revision };
    for (let millisecond = 0; millisecond < 500; millisecond += 5) {
      for (let n = 0; n < 10; n += 1) cluster?.serviceAccounts.put(aServiceAccount(`shop/sa-${millisecond}-${n}`));
      await clock.pass(5);
    }
    await clock.pass(50);
    const told = notified() - before.notified;
    expect(told).toBeGreaterThanOrEqual(9);
    expect(told).toBeLessThanOrEqual(12);
    expect(model.revision - before.revision).toBe(told);
    expect(model.serviceAccounts(arnOf('one'))).toHaveLength(1_000);
  });

  it('show the first change after a quiet time at once', async () => {
    const { clock, world, model, notified } = rig(world => world.add(aCluster('one')));
    await clock.pass(9_000);
    const before = notified();
    world.clusters.get('one')?.serviceAccounts.put(aServiceAccount('shop/api'));
    await clock.pass(1);
    expect(notified()).toBe(before + 1);
    expect(model.serviceAccounts(arnOf('one'))).toHaveLength(1);
  });

  it('tell at once of a refresh', async () => {
    const { clock, model, notified } = rig(world => world.add(aCluster('one')));
    await clock.pass(10_000);
    const before = notified();
    model.refresh();
    expect(notified()).toBe(before + 1);
  });

  it('are rare when nothing happens', async () => {
    const { clock, notified, model } = rig(world => world.add(aCluster('one')));
    model.focus({ cluster: arnOf('one') });
    await clock.pass(60_000);
    const before = notified();
    await clock.pass(60_000);
    expect(notified() - before).toBeLessThanOrEqual(13);
  });
});
