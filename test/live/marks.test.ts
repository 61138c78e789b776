import { afterEach, describe, expect, it } from 'vitest';
import { aCluster, anAssociation, arnOf, aServiceAccount, roleArn } from './facts.ts';
import { closeRigs, rig } from './rig.ts';

afterEach(closeRigs);

const one = arnOf('one');

describe('marks of what others change', () => {
  it('are not on what the first lists hold', async () => {
    const { model, clock } = rig(world => {
      const cluster = world.add(aCluster('one'));
      cluster.associate(anAssociation('one', 'shop/api', 'api'));
      cluster.serviceAccounts.put(aServiceAccount('shop/api'));
    });
    await clock.pass(1_000);
    expect(model.associations(one).map(row => row.mark)).toEqual([undefined]);
    expect(model.serviceAccounts(one).map(row => row.mark)).toEqual([undefined]);
  });

  it('tell a new and a changed association, for ten seconds', async () => {
    const { model, clock, world } = rig(fake =>
      fake.add(aCluster('one')).associate(anAssociation('one', 'shop/api', 'api')),
    );
    model.focus({ cluster: one, rows: [`${one}|a-shop-api`] });
    await clock.pass(1_000);
    world.clusters.get('one')?.associate(anAssociation('one', 'shop/new', 'api'));
    world.clusters.get('one')?.associate(anAssociation('one', 'shop/api', 'other'));
    await clock.pass(35_000);
    const marks = Object.fromEntries(model.associations(one).map(row => [row.serviceAccount, row.mark?.kind]));
    expect(marks).toEqual({ api: 'changed', new: undefined });
    await clock.pass(10_000);
    expect(model.associations(one).map(row => row.mark)).toEqual([undefined, undefined]);
    world.clusters.get('one')?.associate(anAssociation('one', 'shop/newer', 'api'));
    await clock.pass(11_500);
    expect(model.associations(one).find(row => row.serviceAccount === 'newer')?.mark?.kind).toBe('new');
    expect(model.serviceAccounts(one).find(row => row.name === 'newer')?.mark?.kind).toBe('new');
  });

  it('tell a service account whose annotation changed', async () => {
    const { model, clock, world } = rig(fake =>
      fake.add(aCluster('one')).serviceAccounts.put(aServiceAccount('shop/api')),
    );
    await clock.pass(1_000);
    world.clusters.get('one')?.serviceAccounts.put(aServiceAccount('shop/api', 'api', '2'));
    await clock.pass(100);
    expect(model.serviceAccounts(one)[0]).toMatchObject({ irsaRoleArn: roleArn('api'), mark: { kind: 'changed' } });
  });
});

describe('the pace of requests', () => {
  it('is told with the sources that it limits', async () => {
    const { model, clock, world } = rig(fake => fake.add(aCluster('one')));
    world.limiters.set('eks 111122223333 eu-west-1', { rate: 12.5, queued: 40, throttledUntil: 9 });
    await clock.pass(1_000);
    const rates = Object.fromEntries(model.sources().map(source => [source.id, source.rate]));
    expect(rates[`eks|${one}`]).toEqual({ perSecond: 12.5, queued: 40, throttledUntil: 9 });
    expect(rates[`kubernetes|${one}`]).toBeUndefined();
  });
});
