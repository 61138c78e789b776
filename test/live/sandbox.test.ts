import { afterEach, describe, expect, it, onTestFailed } from 'vitest';
import { lastKnown } from '../../source/identity/reading.ts';
import { createLiveModel } from '../../source/live/create.ts';
import type { LiveModel } from '../../source/live/model.ts';
import { standardPolicy } from '../../source/live/policy.ts';
import { openWorld, type World } from '../../source/read/world.ts';
import { systemClock } from '../../source/run/clock.ts';
import { objectsOf } from '../../source/sandbox/cluster/store.ts';
import { sandboxFor } from '../aws/sandbox-rig.ts';

const sandbox = sandboxFor('demo');
const account = '111122223333';
const prod = `arn:aws:eks:eu-west-1:${account}:cluster/prod-eu-1`;

/** Lists often, so that the test does not wait as a user would. */
const policy = { ...standardPolicy, listAssociations: () => 100 };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(): Promise<{ world: World; model: LiveModel }> {
  const world = await openWorld({
    clock: systemClock,
    profiles: ['northwind-prod'],
    regions: ['eu-west-1', 'us-east-1', 'eu-central-1'],
  });
  const model = createLiveModel(world, { clock: systemClock, policy });
  onTestFailed(() => {
    console.error(model.sources().filter(({ state }) => state !== 'live'));
    console.error(model.log());
  });
  closing.push(async () => {
    await model.close();
    world.close();
  });
  return { world, model };
}

/** Resolves at the first commit after which it is so. */
const until = (model: LiveModel, so: () => boolean): Promise<void> =>
  new Promise(resolve => {
    const stop = model.subscribe(() => {
      if (!so()) return;
      stop();
      resolve();
    });
  });

const isPending = ({ health }: { health: { level: string } }) => health.level === 'pending';

const settled = (model: LiveModel) =>
  until(
    model,
    () =>
      model.clusters().length === 4 &&
      model
        .clusters()
        .every(
          ({ id, agent, serviceAccounts }) =>
            agent.state === 'read' &&
            serviceAccounts !== undefined &&
            !model.serviceAccounts(id).some(isPending) &&
            !model.roles(id).some(isPending),
        ),
  );

describe('the demo world', () => {
  it('fills in, as it is', async () => {
    const { model } = await open();
    await settled(model);
    for (const row of model.clusters()) {
      const record = sandbox.world.clusters.get(row.id);
      if (!record) throw new Error(`${row.id} is not in the sandbox`);
      expect(row.associations, row.name).toBe(record.associations.size);
      const accounts = [...objectsOf(record.kube, 'serviceaccounts')];
      expect(row.serviceAccounts, row.name).toBe(accounts.length);
      const annotated = accounts.filter(each => each.metadata.annotations?.['eks.amazonaws.com/role-arn']);
      expect(row.irsa, row.name).toBe(annotated.length);
    }
    expect(model.sources().map(({ state }) => state)).toEqual(model.sources().map(() => 'live'));
    expect(model.log()).toEqual([]);
    const dns = model.serviceAccounts(prod, 'external-dns').find(({ name }) => name === 'external-dns');
    expect(dns?.health).toMatchObject({ level: 'warning', code: 'BOTH' });
  });

  it('shows the pods of the cluster that is opened', async () => {
    const { model } = await open();
    model.focus({ cluster: prod });
    await until(model, () => model.pods(prod).state === 'read');
    const record = sandbox.world.clusters.get(prod);
    expect(lastKnown(model.pods(prod))?.value.length).toBe(record && [...objectsOf(record.kube, 'pods')].length);
    const grafana = model.serviceAccounts(prod, 'monitoring').find(({ name }) => name === 'grafana');
    expect(grafana?.podsOnIrsa).toBe(grafana?.pods);
    expect(grafana?.pods).toBeGreaterThan(0);
  });

  it('shows a change that somebody makes, without a reload', async () => {
    const { world, model } = await open();
    model.focus({ cluster: prod });
    await settled(model);
    const grafana = () => model.serviceAccounts(prod, 'monitoring').find(({ name }) => name === 'grafana');
    expect(grafana()).toMatchObject({ health: { code: 'IRSA' } });
    const cluster = await world.findCluster(prod);
    const { eks, kubernetes } = await world.portsFor(cluster);
    const [other] = model.associations(prod);
    const { roleArn } = await eks.describeAssociation(cluster.name, other?.associationId ?? '');
    const subject = { clusterName: cluster.name, namespace: 'monitoring', serviceAccount: 'grafana' };
    const { id } = await eks.createAssociation({ ...subject, roleArn });
    await until(model, () => grafana()?.association.state === 'read' && grafana()?.associationId === id);
    expect(grafana()?.health.code).toBe('DIFFER');

    const seen = grafana()?.serviceAccount;
    await kubernetes?.annotateServiceAccount(
      'monitoring',
      'grafana',
      { 'eks.amazonaws.com/role-arn': null },
      seen?.resourceVersion ?? '',
    );
    await until(model, () => grafana()?.irsaRoleArn === undefined);
    expect(grafana()?.health.code).toBe('RESTART');

    await eks.deleteAssociation(cluster.name, id);
    await until(model, () => grafana()?.associationId === undefined);
    expect(model.log().map(({ text }) => text)).toEqual([
      `association of monitoring/grafana is new (${id})`,
      'service account monitoring/grafana has no role annotation any more',
      `association of monitoring/grafana is gone (${id})`,
    ]);
  });
});
