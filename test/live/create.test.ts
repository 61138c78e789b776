import { afterEach, describe, expect, it } from 'vitest';
import { lastKnown } from '../../source/identity/reading.ts';
import { createLiveModel } from '../../source/live/create.ts';
import type { LiveModel } from '../../source/live/model.ts';
import {
  aCluster,
  aNamespace,
  anAssociation,
  aPod,
  aRole,
  arnOf,
  aServiceAccount,
  providerOf,
  roleArn,
  webTrust,
} from './facts.ts';
import type { FakeWorld } from './fake-world.ts';
import { closeRigs, rig } from './rig.ts';

afterEach(closeRigs);

const one = arnOf('one');

/** A cluster with an associated, an annotated and a plain service account. */
function shop(world: FakeWorld): void {
  const cluster = world.add(aCluster('one'));
  cluster.associate(anAssociation('one', 'shop/api', 'api'), anAssociation('one', 'ghost/worker', 'worker'));
  for (const name of ['shop', 'kube-system']) cluster.namespaces.put(aNamespace(name));
  cluster.serviceAccounts.put(aServiceAccount('shop/api'));
  cluster.serviceAccounts.put(aServiceAccount('shop/cart', 'cart'));
  cluster.serviceAccounts.put(aServiceAccount('shop/default'));
  cluster.pods.put(aPod('shop/api', 'api-1', 'pod-identity'));
  cluster.pods.put(aPod('shop/cart', 'cart-1', 'irsa'));
  cluster.pods.put(aPod('shop/cart', 'cart-2', 'irsa', 'Succeeded'));
  world.roles.set('api', aRole('api'));
  world.roles.set('worker', aRole('worker'));
  world.roles.set('cart', aRole('cart', webTrust('one', 'shop/cart')));
  world.providers.add(providerOf('one'));
}

const accounts = (model: LiveModel) =>
  Object.fromEntries(model.serviceAccounts(one).map(row => [`${row.namespace}/${row.name}`, row]));

describe('what the rows tell', () => {
  it('joins service accounts with annotations, associations, roles and health', async () => {
    const { model, clock } = rig(shop);
    await clock.pass(1_000);
    const rows = accounts(model);
    expect(Object.keys(rows)).toEqual(['shop/api', 'shop/cart', 'shop/default', 'ghost/worker']);
    expect(rows['shop/api']).toMatchObject({ inCluster: true, associationId: 'a-shop-api', health: { code: 'OK' } });
    expect(rows['shop/cart']).toMatchObject({ irsaRoleArn: roleArn('cart'), health: { level: 'info', code: 'IRSA' } });
    expect(rows['shop/default']).toMatchObject({ inCluster: true, health: { level: 'ok', code: 'NONE' } });
    expect(rows['ghost/worker']).toMatchObject({ inCluster: false, health: { level: 'warning', code: 'NS' } });
  });

  it('counts by namespace, with those that only associations name', async () => {
    const { model, clock } = rig(shop);
    await clock.pass(1_000);
    expect(model.namespaces(one).map(row => [row.name, row.namespace !== undefined, row.serviceAccounts])).toEqual([
      ['ghost', false, 0],
      ['kube-system', true, 0],
      ['shop', true, 3],
    ]);
    expect(model.namespaces(one)[2]).toMatchObject({ associations: 1, irsa: 1, both: 0, pods: undefined });
  });

  it('shows each role with who uses it', async () => {
    const { model, clock } = rig(world => {
      shop(world);
      world.add(aCluster('two')).associate(anAssociation('two', 'shop/api', 'api'));
    });
    await clock.pass(1_000);
    const [api, cart, worker] = model.roles(one);
    expect(api).toMatchObject({ name: 'api', associations: 1, irsaServiceAccounts: 0, clusters: 2, trustsPods: true });
    expect(cart).toMatchObject({ name: 'cart', associations: 0, irsaServiceAccounts: 1, trustsPods: false });
    expect(cart?.oidcIssuers).toHaveLength(1);
    expect(worker).toMatchObject({ name: 'worker', clusters: 1 });
  });

  it('sums the fleet up', async () => {
    const { model, clock } = rig(shop);
    await clock.pass(1_000);
    expect(model.clusters()).toHaveLength(1);
    expect(model.clusters()[0]).toMatchObject({
      name: 'one',
      associations: 2,
      serviceAccounts: 3,
      irsa: 1,
      both: 0,
      errors: 0,
      warnings: 1,
      health: { level: 'warning', code: 'NS' },
    });
    expect(lastKnown(model.caller())?.value.account).toBe('111122223333');
  });

  it('gives the same arrays until something changes', async () => {
    const { model, clock, world } = rig(shop);
    await clock.pass(1_000);
    const before = [
      model.clusters(),
      model.serviceAccounts(one),
      model.serviceAccounts(one, 'shop'),
      model.associations(),
      model.roles(one),
    ];
    expect([
      model.clusters(),
      model.serviceAccounts(one),
      model.serviceAccounts(one, 'shop'),
      model.associations(),
      model.roles(one),
    ]).toEqual(before);
    expect(model.serviceAccounts(one)).toBe(before[1]);
    expect(model.serviceAccounts(one, 'shop')).toBe(before[2]);
    expect(model.associations()).toBe(before[3]);
    const untouched = accounts(model)['shop/api'];
    world.clusters.get('one')?.serviceAccounts.put(aServiceAccount('shop/new'));
    await clock.pass(100);
    expect(model.serviceAccounts(one)).not.toBe(before[1]);
    expect(accounts(model)['shop/api']).toBe(untouched);
  });
});

describe('as facts come in', () => {
  it('shows a cluster once its name is known, and its associations before they are described', async () => {
    const { model, clock, world } = rig(shop);
    world.held.add('DescribeCluster').add('DescribePodIdentityAssociation');
    await clock.pass(1_000);
    expect(model.clusters()[0]).toMatchObject({
      name: 'one',
      cluster: { state: 'unread' },
      serviceAccounts: undefined,
    });
    const [api] = model.associations(one).filter(row => row.serviceAccount === 'api');
    expect(api).toMatchObject({ association: { state: 'unread' }, health: { level: 'pending' } });
    world.release('DescribePodIdentityAssociation');
    world.release('DescribeCluster');
    await clock.pass(1_000);
    expect(model.clusters()[0]).toMatchObject({ cluster: { state: 'read' }, serviceAccounts: 3 });
    expect(model.associations(one)[0]?.association.state).toBe('read');
  });

  it('knows no count before the list is whole', async () => {
    const { model, clock, world } = rig(world => {
      const cluster = world.add(aCluster('one'));
      for (let n = 0; n < 150; n += 1) cluster.associate(anAssociation('one', `shop/sa-${n}`, 'api'));
    });
    world.held.add('ListPodIdentityAssociations');
    await clock.pass(1_000);
    expect(model.clusters()[0]?.associations).toBeUndefined();
    world.release('ListPodIdentityAssociations');
    await clock.pass(1_000);
    expect(model.clusters()[0]?.associations).toBe(150);
    expect(world.called('ListPodIdentityAssociations')).toHaveLength(2);
  });

  it('counts the pods of the open cluster, and drops them some time after it was left', async () => {
    const { model, clock, world } = rig(shop);
    model.focus({ cluster: one });
    await clock.pass(1_000);
    expect(accounts(model)['shop/cart']).toMatchObject({ pods: 1, podsOnIrsa: 1 });
    expect(model.namespaces(one)[2]).toMatchObject({ pods: 2, podsOnIrsa: 1 });
    model.focus({});
    await clock.pass(30_000);
    expect(accounts(model)['shop/cart']?.pods).toBe(1);
    await clock.pass(60_000);
    expect(accounts(model)['shop/cart']?.pods).toBeUndefined();
    expect(model.pods(one).state).toBe('unread');
    expect(world.clusters.get('one')?.pods.watchers).toBe(0);
  });

  it('keeps the pods of a cluster that the user comes back to', async () => {
    const { model, clock, world } = rig(shop);
    for (let visit = 0; visit < 3; visit += 1) {
      model.focus({ cluster: one });
      await clock.pass(40_000);
      model.focus({});
      await clock.pass(40_000);
    }
    expect(model.pods(one).state).toBe('read');
    expect(world.called('list pods one')).toHaveLength(1);
    await clock.pass(60_000);
    model.focus({ cluster: one });
    await clock.pass(1_000);
    expect(model.pods(one).state).toBe('read');
    expect(world.called('list pods one')).toHaveLength(2);
  });

  it('logs what changed, not what was there', async () => {
    const { model, clock, world } = rig(shop);
    await clock.pass(1_000);
    expect(model.log()).toEqual([]);
    const cluster = world.clusters.get('one');
    cluster?.associate(anAssociation('one', 'shop/new', 'api'));
    cluster?.associations.delete('a-ghost-worker');
    cluster?.serviceAccounts.put(aServiceAccount('shop/api', 'api', '2'));
    model.focus({ cluster: one });
    await clock.pass(12_000);
    expect(model.log().map(line => line.text)).toEqual([
      `service account shop/api is annotated with ${roleArn('api')}`,
      'association of shop/new is new (a-shop-new)',
      'association of ghost/worker is gone (a-ghost-worker)',
    ]);
  });

  it('logs what changed about a role and an agent, not that a role was used', async () => {
    const { model, clock, world } = rig(world => {
      shop(world);
      const cluster = world.clusters.get('one');
      if (cluster) cluster.cluster = aCluster('one', { autoMode: false });
    });
    await clock.pass(1_000);
    const agent = { name: 'eks-pod-identity-agent', version: 'v1', status: 'ACTIVE', associationArns: [], issues: [] };
    const cluster = world.clusters.get('one');
    if (cluster) cluster.agent = agent;
    world.roles.set('api', { ...aRole('api'), lastUsedAt: 5 });
    world.roles.set('worker', aRole('worker', webTrust('one', 'ghost/worker')));
    world.roles.delete('cart');
    model.refresh();
    await clock.pass(1_000);
    expect(
      model
        .log()
        .map(line => line.text)
        .sort(),
    ).toEqual([
      'another trust policy on role worker',
      'the agent is now the add-on v1, ACTIVE',
      'there is no longer a role cart',
    ]);
    expect(lastKnown(model.role(one, roleArn('api')))?.value).toMatchObject({ role: { lastUsedAt: 5 } });
  });

  it('takes a cluster that is gone away with all it knew', async () => {
    const { model, clock, world } = rig(shop);
    await clock.pass(1_000);
    const gone = world.clusters.get('one');
    world.clusters.delete('one');
    await clock.pass(70_000);
    expect(model.clusters()).toEqual([]);
    expect(model.serviceAccounts(one)).toEqual([]);
    expect(model.role(one, roleArn('api')).state).toBe('unread');
    expect(model.sources().map(source => source.id)).toEqual(['sts|default', 'eks|default', 'iam|111122223333']);
    expect(gone?.open).toBe(0);
    expect(gone?.serviceAccounts.watchers).toBe(0);
  });
});

describe('a world that is still being opened', () => {
  it('is read as soon as it is, and one that cannot be opened leaves the model empty', async () => {
    const { world, clock } = rig(shop);
    const opening = Promise.withResolvers<typeof world>();
    const model = createLiveModel(opening.promise, { clock });
    await clock.pass(1_000);
    expect(model.clusters()).toEqual([]);
    opening.resolve(world);
    await clock.pass(1_000);
    expect(model.clusters().map(row => row.name)).toEqual(['one']);
    await model.close();

    const never = createLiveModel(Promise.reject(new Error('no region')), { clock });
    await clock.pass(1_000);
    never.refresh();
    expect(never.clusters()).toEqual([]);
    await never.close();
  });
});
