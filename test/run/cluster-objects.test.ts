import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addServiceAccount } from '../../source/sandbox/cluster/builders.ts';
import { objectsOf } from '../../source/sandbox/cluster/store.ts';
import { addAddon, addRole, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate, type Site } from '../../source/sandbox/worlds/site.ts';
import { onlySandboxKeys } from '../explore/environment.ts';
import { outcomesOf, RunStage, reasonsOf, stackName, template } from './stage.ts';

let restore = () => {};
beforeAll(() => {
  restore = onlySandboxKeys();
});
afterAll(() => restore());

const managedBy = 'app.kubernetes.io/managed-by';
const target = { namespace: 'fresh', serviceAccount: 'api' };
const subject = 'fresh/api';

const namespaceNode = (on: RunStage) =>
  on.node(
    { id: 'namespace' },
    {
      subject: 'fresh',
      type: 'create-namespace',
      service: 'kubernetes',
      operation: 'CreateNamespace',
      request: { name: 'fresh' },
    },
  );

const accountNode = (on: RunStage) =>
  on.node(
    { id: 'account', needs: ['namespace'] },
    {
      subject,
      type: 'create-service-account',
      service: 'kubernetes',
      operation: 'CreateServiceAccount',
      target,
      request: { labels: { [managedBy]: 'eksctl' } },
    },
  );

const removal = (on: RunStage, uid: string) =>
  on.plan(
    on.node(
      { id: 'remove' },
      {
        subject,
        type: 'delete-service-account',
        service: 'kubernetes',
        operation: 'DeleteServiceAccount',
        target,
        expects: { uid },
        request: {},
      },
    ),
  );

const accountsOf = ({ site }: RunStage) =>
  [...objectsOf(site.cluster.kube, 'serviceaccounts')].filter(({ metadata }) => metadata.namespace === 'fresh');
const api = (on: RunStage) => accountsOf(on).find(({ metadata }) => metadata.name === 'api')?.metadata;

describe('a namespace and a service account', () => {
  test('are made where they are missing, and left as they are where they are not', async () => {
    const on = new RunStage();
    const ran = await on.run(on.plan(namespaceNode(on), accountNode(on)));
    expect(outcomesOf(ran)).toEqual(['namespace done', 'account done']);
    expect(api(on)?.labels).toEqual({ [managedBy]: 'eksctl' });
    const done = ran.events.findLast(event => event.type === 'done');
    expect(done).toMatchObject({ outputs: { uid: api(on)?.uid } });
    const version = api(on)?.resourceVersion;
    expect(outcomesOf(await on.run(on.plan(namespaceNode(on), accountNode(on)), 'run-2'))).toEqual([
      'namespace already',
      'account already',
    ]);
    expect(api(on)?.resourceVersion).toBe(version);
  });

  test('that Helm made stays with its label', async () => {
    const on = new RunStage(({ world, cluster }) => {
      addServiceAccount(world, cluster, { namespace: 'fresh', name: 'api', labels: { [managedBy]: 'Helm' } });
    });
    expect(outcomesOf(await on.run(on.plan(namespaceNode(on), accountNode(on))))).toEqual([
      'namespace already',
      'account already',
    ]);
    expect(api(on)?.labels).toEqual({ [managedBy]: 'Helm' });
    expect(on.writes).toEqual([]);
  });

  test('a death or a lost answer on the way comes to the same', async () => {
    const calm = new RunStage();
    await calm.run(calm.plan(namespaceNode(calm), accountNode(calm)));
    for (const operation of ['create namespaces', 'create serviceaccounts'])
      for (const what of ['kill-before', 'kill-after', 'cut-after', 'server', 'conflict'] as const) {
        const on = new RunStage();
        const plan = on.plan(namespaceNode(on), accountNode(on));
        await on.run(plan, 'run-1', { at: calm.numberOf(operation), what });
        if (what.startsWith('kill')) await on.run('run-1');
        expect([operation, what, api(on)?.labels]).toEqual([operation, what, { [managedBy]: 'eksctl' }]);
      }
  });

  test('without its namespace it is a failure that says so', async () => {
    const on = new RunStage();
    const ran = await on.run(on.plan({ ...accountNode(on), needs: [] }));
    expect(reasonsOf(ran)).toEqual([expect.stringContaining('namespaces "fresh" not found')]);
  });
});

describe('a service account that is deleted', () => {
  const standing = (label?: string) => {
    const on = new RunStage(({ world, cluster }) => {
      addServiceAccount(world, cluster, {
        namespace: 'fresh',
        name: 'api',
        ...(label === undefined ? {} : { labels: { [managedBy]: label } }),
      });
    });
    return { on, uid: api(on)?.uid ?? '' };
  };

  test('is gone, with what it was in the journal; gone already is fine', async () => {
    const { on, uid } = standing('eksctl');
    expect(outcomesOf(await on.run(removal(on, uid)))).toEqual(['remove done']);
    expect(api(on)).toBeUndefined();
    expect(on.journals.read('run-1').records).toContainEqual(
      expect.objectContaining({
        type: 'before',
        prior: { kind: 'service-account', found: expect.objectContaining({ uid, labels: { [managedBy]: 'eksctl' } }) },
      }),
    );
    expect(outcomesOf(await on.run(removal(on, uid), 'run-2'))).toEqual(['remove already']);
  });

  test('stays when its label is another one by now, or when it is another one', async () => {
    for (const label of ['Helm', undefined]) {
      const { on, uid } = standing(label);
      expect(reasonsOf(await on.run(removal(on, uid)))[0]).toContain(`the label ${managedBy}`);
      expect([api(on)?.uid, on.writes]).toEqual([uid, []]);
    }
    const { on, uid } = standing('eksctl');
    expect(reasonsOf(await on.run(removal(on, 'another')))[0]).toContain('changed since');
    expect([api(on)?.uid, on.writes]).toEqual([uid, []]);
  });
});

describe('add-ons with roles that a run makes', () => {
  const name = 'aws-ebs-csi-driver';
  const serviceAccount = 'ebs-csi-controller-sa';
  const roleArn = { $from: 'role', output: 'roleArn' } as const;
  const roleNode = (on: RunStage) =>
    on.node(
      { id: 'role' },
      {
        subject: name,
        type: 'create-role-stack',
        service: 'cloudformation',
        operation: 'CreateStack',
        request: {
          StackName: stackName,
          TemplateBody: template(),
          Tags: {},
          Capabilities: ['CAPABILITY_IAM'],
          EnableTerminationProtection: false,
        },
      },
    );
  const installNode = (on: RunStage) =>
    on.node(
      { id: 'install', needs: ['role'] },
      {
        subject: name,
        type: 'install-addon',
        service: 'eks',
        operation: 'CreateAddon',
        request: {
          clusterName: 'prod',
          addonName: name,
          podIdentityAssociations: [{ serviceAccount, roleArn }],
        },
      },
    );
  const updateNode = (on: RunStage, expects: readonly { serviceAccount: string; roleArn: string }[] = []) =>
    on.node(
      { id: 'update', needs: ['role'] },
      {
        subject: name,
        type: 'update-addon',
        service: 'eks',
        operation: 'UpdateAddon',
        expects,
        request: {
          clusterName: 'prod',
          addonName: name,
          addonVersion: 'v1.53.0-eksbuild.1',
          podIdentityAssociations: [{ serviceAccount, roleArn }],
        },
      },
    );
  const cleanUp = (on: RunStage, onlyIfFails: string) =>
    on.node(
      { id: 'clean-up', onlyIfFails },
      {
        subject: name,
        type: 'delete-role-stack',
        service: 'cloudformation',
        operation: 'DeleteStack',
        request: { StackName: stackName },
      },
    );
  const owned = ({ site: { cluster } }: RunStage) =>
    [...cluster.associations.values()].flatMap(({ deleted, ownerArn, roleArn: arn }) =>
      deleted || !ownerArn ? [] : [arn],
    );
  const madeRole = ({ site }: RunStage) =>
    [...site.account.roles.values()].find(each => each.name.includes('Role1'))?.arn;
  const elsewhere = ({ world, account, cluster }: Site) => {
    addRole(world, account, { name: 'own', trust: podIdentityTrust() });
    associate({ world, account, cluster }, `kube-system/${serviceAccount}`, `arn:aws:iam::${account.id}:role/own`);
  };

  test('are installed with them, once EKS sees the role', async () => {
    const on = new RunStage(() => {}, { consistency: 5_000 });
    const ran = await on.run(on.plan(roleNode(on), installNode(on), cleanUp(on, 'install')));
    expect(ran.result).toMatchObject({ done: 2, writes: 2, failed: [], skipped: [] });
    expect(owned(on)).toEqual([madeRole(on)]);
    expect(outcomesOf(await on.run('run-1'))).toEqual(['role already', 'install already']);
    expect(on.writes).toEqual(['CreateStack', 'CreateAddon']);
  });

  test('get them by an update, also after a death in the middle', async () => {
    const standing = () =>
      new RunStage(({ world, cluster }) => addAddon(world, cluster, { name, version: 'v1.53.0-eksbuild.1' }));
    const calm = standing();
    expect((await calm.run(calm.plan(roleNode(calm), updateNode(calm)))).result).toMatchObject({ done: 2, failed: [] });
    for (const what of ['kill-before', 'kill-after', 'cut-after'] as const) {
      const on = standing();
      await on.run(on.plan(roleNode(on), updateNode(on)), 'run-1', { at: calm.numberOf('UpdateAddon'), what });
      if (what.startsWith('kill')) await on.run('run-1');
      expect([what, owned(on)]).toEqual([what, [madeRole(on)]]);
      expect(on.site.cluster.addons.get(name)?.status).toBe('ACTIVE');
    }
  });

  test.each(['install', 'update'] as const)(
    'a service account with an association of its own is left, and the role is taken back (%s)',
    async how => {
      const on = new RunStage(site => {
        elsewhere(site);
        if (how === 'update') addAddon(site.world, site.cluster, { name, version: 'v1.53.0-eksbuild.1' });
      });
      const node = how === 'install' ? installNode(on) : updateNode(on);
      const ran = await on.run(on.plan(roleNode(on), node, cleanUp(on, how)));
      expect(reasonsOf(ran)).toEqual([
        expect.stringMatching(/which an add-on cannot take over: .*Association already/),
      ]);
      expect([on.stacks, on.roles, owned(on)]).toEqual([[], ['own'], []]);
    },
  );

  test('one that somebody installed meanwhile without them is not taken for it', async () => {
    const on = new RunStage();
    const plan = on.plan(roleNode(on), installNode(on), cleanUp(on, 'install'));
    addAddon(on.site.world, on.site.cluster, { name });
    expect(reasonsOf(await on.run(plan))).toEqual([expect.stringContaining('was installed since')]);
    expect([on.stacks, on.writes.includes('CreateAddon')]).toEqual([[], false]);
  });
});
