import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../source/identity/reading.ts';
import type { LiveModel } from '../../source/live/model.ts';
import { aCluster, aNamespace, anAssociation, aRole, arnOf, aServiceAccount, roleArn } from './facts.ts';
import type { FakeWorld } from './fake-world.ts';
import { closeRigs, rig } from './rig.ts';

afterEach(closeRigs);

const denied: Failure = { kind: 'denied', message: 'You may not.', code: 'AccessDeniedException' };
const unreachable: Failure = { kind: 'unreachable', message: 'Nobody answers.' };
const one = arnOf('one');

const source = (model: LiveModel, id: string) => model.sources().find(candidate => candidate.id === id);

function two(world: FakeWorld): void {
  for (const name of ['one', 'two']) {
    const cluster = world.add(aCluster(name));
    cluster.associate(anAssociation(name, 'shop/api', 'api'));
    cluster.namespaces.put(aNamespace('shop'));
    cluster.serviceAccounts.put(aServiceAccount('shop/api'));
  }
  world.roles.set('api', aRole('api'));
}

describe('a source that fails', () => {
  it('costs its own rows and nothing else', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('list serviceaccounts one', denied);
    world.failures.set('DescribeCluster two', unreachable);
    await clock.pass(1_000);
    const [first, second] = model.clusters();
    expect(first).toMatchObject({ associations: 1, serviceAccounts: undefined, cluster: { state: 'read' } });
    expect(first?.health.level).toBe('unknown');
    expect(second).toMatchObject({ associations: 1, cluster: { state: 'failed', failure: unreachable } });
    expect(model.serviceAccounts(one)[0]).toMatchObject({ inCluster: undefined, association: { state: 'read' } });
    expect(source(model, `kubernetes|${one}`)).toMatchObject({ state: 'failed', failure: denied });
    expect(source(model, `eks|${one}`)).toMatchObject({ state: 'live' });
  });

  it('leaves open whether a cluster has the namespaces that associations name', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('list namespaces one', unreachable);
    await clock.pass(1_000);
    expect(model.namespaces(one)).toMatchObject([{ name: 'shop', inCluster: undefined }]);
    world.failures.clear();
    world.clusters.get('one')?.namespaces.delete('shop');
    model.refresh();
    await clock.pass(1_000);
    expect(model.namespaces(one)).toMatchObject([{ name: 'shop', inCluster: false }]);
    world.clusters.get('one')?.namespaces.put(aNamespace('shop'));
    await clock.pass(1_000);
    expect(model.namespaces(one)).toMatchObject([{ name: 'shop', inCluster: true }]);
  });

  it('never looks like loading where it keeps others from being asked', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('DescribeCluster two', denied);
    await clock.pass(1_000);
    const [, second] = model.clusters();
    expect(second).toMatchObject({ agent: { state: 'failed' }, serviceAccounts: undefined });
    expect(source(model, `kubernetes|${arnOf('two')}`)).toMatchObject({ state: 'failed', failure: denied });
    world.failures.clear();
    model.refresh();
    await clock.pass(1_000);
    expect(model.clusters()[1]).toMatchObject({ agent: { state: 'read' }, serviceAccounts: 1 });
    expect(source(model, `kubernetes|${arnOf('two')}`)?.state).toBe('live');
  });

  it('is named for a cluster that has no endpoint yet, and forgotten when it has', async () => {
    const { endpoint: _none, ...creating } = aCluster('new', { autoMode: false });
    const { model, clock, world } = rig(empty => empty.add({ ...creating, status: 'CREATING' }));
    await clock.pass(1_000);
    expect(model.clusters()[0]).toMatchObject({ serviceAccounts: undefined, agent: { state: 'failed' } });
    expect(source(model, `kubernetes|${arnOf('new')}`)).toMatchObject({
      state: 'failed',
      failure: { message: expect.stringContaining('no endpoint') },
    });
    world.add(aCluster('new', { autoMode: false }));
    model.refresh();
    await clock.pass(1_000);
    expect(model.clusters()[0]).toMatchObject({ serviceAccounts: 0, agent: { state: 'read' } });
  });

  it('keeps what was known, marked as old', async () => {
    const { model, clock, world } = rig(two);
    await clock.pass(1_000);
    world.failures.set('ListPodIdentityAssociations one', unreachable);
    world.failures.set('DescribePodIdentityAssociation', unreachable);
    model.refresh(one);
    await clock.pass(500);
    expect(model.associations(one)).toHaveLength(1);
    expect(model.associations(one)[0]?.association).toMatchObject({
      state: 'failed',
      last: { value: { roleArn: roleArn('api') } },
    });
    expect(model.clusters()[0]?.associations).toBe(1);
    expect(source(model, `eks|${one}`)?.state).toBe('stale');
    world.failures.clear();
    model.refresh(one);
    await clock.pass(500);
    expect(model.associations(one)[0]?.association.state).toBe('read');
    expect(source(model, `eks|${one}`)?.state).toBe('live');
  });

  it('is tried again after 1 s, then ever later, up to 2 minutes', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('ListClusters', unreachable);
    const times: number[] = [];
    const start = clock.now();
    for (let seen = 0; clock.now() - start < 700_000; ) {
      await clock.pass(500);
      const calls = world.called('ListClusters').length;
      if (calls > seen) times.push(Math.floor((clock.now() - start) / 1_000));
      seen = calls;
    }
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 64, 120]);
    expect(source(model, 'eks|default')).toMatchObject({ state: 'failed', failure: unreachable });
    expect(source(model, 'eks|default')?.retryAt).toBeGreaterThan(clock.now());
  });

  it('is logged once when it begins to fail and once when it answers again', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('ListClusters', unreachable);
    await clock.pass(100_000);
    expect(world.called('ListClusters').length).toBeGreaterThan(4);
    world.failures.clear();
    model.refresh();
    await clock.pass(1_000);
    expect(
      model
        .log()
        .filter(line => line.source.startsWith('eks'))
        .map(line => line.text),
    ).toEqual(['Nobody answers.', 'answers again']);
  });

  it('is asked at once on refresh', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('GetCallerIdentity', denied);
    await clock.pass(100_000);
    world.failures.clear();
    model.refresh();
    await clock.pass(0);
    expect(model.caller()).toMatchObject({ state: 'read' });
  });

  it('does not keep clusters from being read when STS cannot be asked', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('GetCallerIdentity', unreachable);
    await clock.pass(1_000);
    expect(model.clusters().map(row => row.cluster.state)).toEqual(['read', 'read']);
    expect(model.roles(one)[0]?.role.state).toBe('read');
  });
});

describe('many readings of a source that fails', () => {
  const denyAll = async () => {
    const made = rig(world => {
      const cluster = world.add(aCluster('one'));
      for (let n = 0; n < 200; n += 1) cluster.associate(anAssociation('one', `shop/sa-${n}`, 'api'));
      world.failures.set('DescribePodIdentityAssociation', denied);
    });
    await made.clock.pass(500);
    return made;
  };

  it('are not made one after another, and none of them looks like loading', async () => {
    const { model, world } = await denyAll();
    expect(world.called('DescribePodIdentityAssociation').length).toBeLessThanOrEqual(20);
    expect(new Set(model.associations(one).map(row => row.association.state))).toEqual(new Set(['failed']));
    expect(source(model, `eks|${one}`)).toMatchObject({ state: 'failed', failure: denied });
  });

  it('are all made once it works again', async () => {
    const { model, clock, world } = await denyAll();
    world.failures.clear();
    await clock.pass(10_000);
    expect(new Set(model.associations(one).map(row => row.association.state))).toEqual(new Set(['read']));
    expect(source(model, `eks|${one}`)?.state).toBe('live');
  });

  it('do not suffer from one that always fails', async () => {
    const { model, clock } = rig(world => {
      const cluster = world.add(aCluster('one'));
      for (let n = 0; n < 5; n += 1) cluster.associate(anAssociation('one', `shop/sa-${n}`, 'api'));
      world.failures.set('DescribePodIdentityAssociation a-shop-sa-2', denied);
    });
    await clock.pass(400_000);
    expect(source(model, `eks|${one}`)?.state).toBe('live');
    const states = model.associations(one).map(row => row.association.state);
    expect(states).toEqual(['read', 'read', 'failed', 'read', 'read']);
    expect(model.log().filter(line => line.level === 'warning')).toHaveLength(1);
  });
});

describe('facts that are missing', () => {
  it('an association that is gone when it is described is no failure', async () => {
    const { model, clock, world } = rig(two);
    world.held.add('DescribePodIdentityAssociation');
    await clock.pass(100);
    world.clusters.get('one')?.associations.clear();
    world.release('DescribePodIdentityAssociation');
    await clock.pass(1_000);
    expect(model.associations(one)).toEqual([]);
    expect(source(model, `eks|${one}`)?.state).toBe('live');
  });

  it('a role that does not exist is a fact; one of another account is not readable', async () => {
    const foreign = 'arn:aws:iam::999988887777:role/theirs';
    const { model, clock, world } = rig(world => {
      two(world);
      world.clusters.get('one')?.associate(anAssociation('one', 'shop/far', 'api', { targetRoleArn: foreign }));
    });
    world.roles.clear();
    await clock.pass(1_000);
    expect(model.role(one, roleArn('api'))).toMatchObject({ state: 'read', value: { exists: false } });
    expect(model.role(one, foreign)).toMatchObject({ state: 'failed', failure: { kind: 'no-credentials' } });
    expect(model.serviceAccounts(one)[0]?.health).toMatchObject({ level: 'error', code: 'ROLE' });
  });

  it('a cluster without a way to its API server is not shown as still loading', async () => {
    const { model, clock, world } = rig(two);
    world.failures.set('kubernetes', denied);
    await clock.pass(1_000);
    expect(model.clusters()[0]).toMatchObject({ serviceAccounts: undefined, health: { level: 'unknown' } });
    expect(source(model, `kubernetes|${one}`)).toMatchObject({ state: 'failed', failure: denied });
    world.failures.clear();
    await clock.pass(5_000);
    expect(model.clusters()[0]).toMatchObject({ serviceAccounts: 1 });
  });
});
