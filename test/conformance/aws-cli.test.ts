/** AWS CLI, which shares no code with us, drives the sandbox: its own models of the APIs, its own signatures. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSession } from '../../source/aws/session.ts';
import type { RoleStack } from '../../source/identity/facts.ts';
import { systemClock } from '../../source/run/clock.ts';
import { type ClientSettings, writeClientSettings } from '../../source/sandbox/shell/environment.ts';
import { type RunningSandbox, startSandbox } from '../../source/sandbox/shell/server.ts';
import { makeWorld } from '../../source/sandbox/worlds/worlds.ts';
import { worldOptions } from '../sandbox/worlds/world-helpers.ts';
import { describeWith, findPeer, invoke, invokeJson } from './peers.ts';

const cli = await findPeer('PODID_TEST_AWS', 'aws', ['--version']);
const account = '111122223333';
const roleArn = `arn:aws:iam::${account}:role/podid-peer`;
const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
};

/** Asks until a stack has come to rest, which takes the sandbox a second or two. */
async function settled(ask: () => Promise<RoleStack>, status: string): Promise<void> {
  for (;;) {
    const stack = await ask();
    if (stack.status === status) return;
    expect(stack.status).toMatch(/_IN_PROGRESS$/);
    await systemClock.sleep(100);
  }
}

describeWith(cli, 'AWS CLI on the sandbox', command => {
  let sandbox: RunningSandbox;
  let settings: ClientSettings;

  beforeAll(async () => {
    const { world, profiles } = makeWorld(worldOptions('docs'), Date.now());
    sandbox = await startSandbox({ world });
    settings = writeClientSettings(world, sandbox.url, profiles);
  });
  afterAll(async () => {
    settings.remove();
    await sandbox.close();
  });

  const aws = (...args: string[]) => invokeJson(command, [...args, '--output', 'json'], settings.environment);
  const cluster = ['--cluster-name', 'my-cluster'];
  const eks = (operation: string, ...args: string[]) => aws('eks', operation, ...cluster, ...args);

  it('knows who it is and which clusters there are', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: account });
    expect(await aws('eks', 'list-clusters')).toEqual({ clusters: ['my-cluster'] });
    const described = await aws('eks', 'describe-cluster', '--name', 'my-cluster');
    expect(described.cluster).toMatchObject({
      status: 'ACTIVE',
      arn: `arn:aws:eks:us-west-2:${account}:cluster/my-cluster`,
    });
    expect(Buffer.from(described.cluster.certificateAuthority.data, 'base64').toString()).toBe(sandbox.authority);
  });

  it('reads roles and stacks as eksctl left them', async () => {
    const { Role } = await aws('iam', 'get-role', '--role-name', 'Unowned-Role1');
    expect(Role.AssumeRolePolicyDocument.Statement).toHaveLength(1);
    const { Stacks } = await aws('cloudformation', 'describe-stacks');
    expect(Stacks[0].StackName).toBe('eksctl-my-cluster-addon-iamserviceaccount-default-sa1');
    expect(Stacks[0].Outputs).toMatchObject([{ OutputKey: 'Role1' }]);
    const { TemplateBody } = await aws('cloudformation', 'get-template', '--stack-name', Stacks[0].StackName);
    expect(TemplateBody.Resources.Role1.Type).toBe('AWS::IAM::Role');
  });

  it('reads the stack of a role that our adapter made, and deletes it once it is not protected any more', async () => {
    // The SDK looks for credentials where the CLI does.
    for (const variable of settings.unset) delete process.env[variable];
    Object.assign(process.env, settings.environment);
    const session = await openSession({ region: 'us-west-2', endpoint: sandbox.url, clock: systemClock });
    const { cloudformation, iam } = session.ports;
    const stackName = 'eksctl-my-cluster-podidentityrole-default-peer';
    const request = {
      stackName,
      templateBody: JSON.stringify({
        AWSTemplateFormatVersion: '2010-09-09',
        Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } } },
        Outputs: { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } },
      }),
      capabilities: ['CAPABILITY_IAM'],
      tags: { 'alpha.eksctl.io/podidentityassociation-name': 'default/peer' },
      enableTerminationProtection: true,
      clientRequestToken: 'podid-peer-1',
    };
    const { stackId } = await cloudformation.createStack(request);
    expect(await cloudformation.createStack(request)).toEqual({ stackId });
    await settled(() => cloudformation.describeStack(stackId), 'CREATE_COMPLETE');

    const { Stacks } = await aws('cloudformation', 'describe-stacks', '--stack-name', stackName);
    expect(Stacks).toMatchObject([
      {
        StackId: stackId,
        StackStatus: 'CREATE_COMPLETE',
        EnableTerminationProtection: true,
        Capabilities: ['CAPABILITY_IAM'],
        Tags: [{ Key: 'alpha.eksctl.io/podidentityassociation-name', Value: 'default/peer' }],
        Outputs: [{ OutputKey: 'Role1' }],
      },
    ]);
    const { StackEvents } = await aws('cloudformation', 'describe-stack-events', '--stack-name', stackName);
    expect(new Set(StackEvents.map((event: { ClientRequestToken: string }) => event.ClientRequestToken))).toEqual(
      new Set(['podid-peer-1']),
    );
    expect((await cloudformation.stackEvents(stackId)).map(({ clientRequestToken }) => clientRequestToken)).toEqual(
      StackEvents.map((event: { ClientRequestToken: string }) => event.ClientRequestToken),
    );
    const roleName = Stacks[0].Outputs[0].OutputValue.split('/').at(-1);
    const { Role } = await aws('iam', 'get-role', '--role-name', roleName);
    expect(Role.Tags).toEqual(Stacks[0].Tags);

    const refused = await invoke(
      command,
      ['cloudformation', 'delete-stack', '--stack-name', stackName],
      settings.environment,
    );
    expect(refused.stderr).toContain('TerminationProtection is enabled');
    await cloudformation.setTerminationProtection(stackId, false);
    await aws('cloudformation', 'delete-stack', '--stack-name', stackName);
    await settled(() => cloudformation.describeStack(stackId), 'DELETE_COMPLETE');
    await expect(iam.getRole(roleName)).rejects.toMatchObject({ failure: { kind: 'not-found' } });

    const { Policies } = await aws('iam', 'list-policies', '--scope', 'AWS');
    const listed = [];
    for await (const page of iam.listManagedPolicies()) listed.push(...page);
    expect(listed.map(({ arn }) => arn)).toEqual(
      expect.arrayContaining(Policies.map((policy: { Arn: string }) => policy.Arn)),
    );
    session.close();
  });

  it('takes an association through its whole life', async () => {
    await aws(
      'iam',
      'create-role',
      '--role-name',
      'podid-peer',
      '--assume-role-policy-document',
      JSON.stringify(trust),
    );
    const subject = ['--namespace', 'default', '--service-account', 'peer'];
    const created = await eks('create-pod-identity-association', ...subject, '--role-arn', roleArn, '--tags', 'a=b');
    const id = created.association.associationId;
    expect(created.association).toMatchObject({
      namespace: 'default',
      serviceAccount: 'peer',
      roleArn,
      tags: { a: 'b' },
    });

    const listed = await eks('list-pod-identity-associations', '--namespace', 'default');
    expect(listed.associations).toEqual([
      {
        clusterName: 'my-cluster',
        namespace: 'default',
        serviceAccount: 'peer',
        associationArn: expect.any(String),
        associationId: id,
      },
    ]);
    const described = await eks('describe-pod-identity-association', '--association-id', id);
    expect(described.association).toEqual(created.association);

    const twice = await invoke(
      command,
      ['eks', 'create-pod-identity-association', '--cluster-name', 'my-cluster', ...subject, '--role-arn', roleArn],
      settings.environment,
    );
    expect(twice.code).not.toBe(0);
    expect(twice.stderr).toContain('ResourceInUseException');
    expect(twice.stderr).toContain(id);

    const session = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
    const changed = await eks(
      'update-pod-identity-association',
      ...['--association-id', id, '--disable-session-tags', '--policy', session],
    );
    expect(changed.association).toMatchObject({ disableSessionTags: true, policy: session });

    const deleted = await eks('delete-pod-identity-association', '--association-id', id);
    expect(deleted.association.associationId).toBe(id);
    expect((await eks('list-pod-identity-associations')).associations).toEqual([]);
  });

  it('refuses a role that is not there, in the words of EKS', async () => {
    const refused = await invoke(
      command,
      [
        ...['eks', 'create-pod-identity-association', '--cluster-name', 'my-cluster', '--namespace', 'default'],
        ...['--service-account', 'x', '--role-arn', `arn:aws:iam::${account}:role/nobody`],
      ],
      settings.environment,
    );
    expect(refused.stderr).toContain('InvalidParameterException');
    expect(refused.stderr).toContain('Role provided in the request does not exist.');
  });

  it('installs the agent, waits until it is active, and takes it away', async () => {
    const addon = ['--addon-name', 'eks-pod-identity-agent'];
    expect((await eks('create-addon', ...addon)).addon.status).toBe('CREATING');
    const waited = await invoke(
      command,
      ['eks', 'wait', 'addon-active', '--cluster-name', 'my-cluster', ...addon],
      settings.environment,
    );
    expect(waited).toMatchObject({ code: 0, stderr: '' });
    expect((await eks('list-addons')).addons).toEqual(['eks-pod-identity-agent']);
    expect((await eks('describe-addon', ...addon)).addon.status).toBe('ACTIVE');
    const versions = await aws('eks', 'describe-addon-versions', ...addon);
    expect(versions.addons[0].addonVersions[0].addonVersion).toMatch(/^v1\.3\.\d+-eksbuild\.\d+$/);
    expect((await eks('delete-addon', ...addon)).addon.status).toBe('DELETING');
  });

  it('gives an add-on an association, which the add-on then owns', async () => {
    const role = ['--role-name', 'podid-peer-cni', '--assume-role-policy-document', JSON.stringify(trust)];
    const { Role } = await aws('iam', 'create-role', ...role);
    const addon = ['--addon-name', 'vpc-cni'];
    const created = await eks('create-addon', ...addon);
    const ready = () => invoke(command, ['eks', 'wait', 'addon-active', ...cluster, ...addon], settings.environment);
    expect((await ready()).code).toBe(0);
    const identity = `serviceAccount=aws-node,roleArn=${Role.Arn}`;
    const { update } = await eks('update-addon', ...addon, '--pod-identity-associations', identity);
    expect(update).toMatchObject({ type: 'AddonUpdate', status: 'InProgress' });
    expect((await ready()).code).toBe(0);
    const done = await aws('eks', 'describe-update', '--name', 'my-cluster', '--update-id', update.id, ...addon);
    expect(done.update.status).toBe('Successful');
    const { associations } = await eks('list-pod-identity-associations', '--namespace', 'kube-system');
    expect(associations).toMatchObject([{ serviceAccount: 'aws-node', ownerArn: created.addon.addonArn }]);
    expect((await eks('describe-addon', ...addon)).addon.podIdentityAssociations).toEqual([
      associations[0].associationArn,
    ]);
  });
});
