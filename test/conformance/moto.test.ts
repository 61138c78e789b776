/**
 * moto, an independent imitation of AWS in Python, answers our IAM, CloudFormation and STS adapters. It has no Pod
 * Identity associations and no add-ons, so EKS is not compared. What it is known not to do like AWS is not asked of it:
 * it knows no quota on trust policies, demands no capabilities, accepts an update that changes nothing, finishes stacks
 * at once, its stack updates leave the trust policies of roles as they were, it does not know how termination protection is
 * turned off, and the managed policies of AWS are not in its lists. It sends the trust policies of ListRoles plain and those of GetRole percent-encoded.
 *
 * PODID_TEST_MOTO is the URL of one that runs, or the command to start; else `moto_server` from PATH.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession, type Session } from '../../source/aws/session.ts';
import { systemClock } from '../../source/run/clock.ts';
import { findPeer } from './peers.ts';

const given = process.env.PODID_TEST_MOTO ?? '';
const url = /^https?:/.test(given) ? given : undefined;
const peer = url === undefined ? await findPeer('PODID_TEST_MOTO', 'moto_server', ['--help']) : { command: '' };

if ('missing' in peer) {
  describe('our AWS adapters on moto', () => {
    it.skip(`skipped: ${peer.missing}`, () => {});
  });
} else {
  describe('our AWS adapters on moto', () => adapters(peer.command));
}

const trust = (service: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: ['sts:AssumeRole', 'sts:TagSession'] }],
});

const template = (document: object) =>
  JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document } } },
    Outputs: { Role1: { Value: { 'Fn::GetAtt': ['Role1', 'Arn'] } } },
  });

function adapters(command: string): void {
  const stackName = 'eksctl-peer-addon-iamserviceaccount-default-app';
  let child: ChildProcess | undefined;
  let endpoint = url ?? '';
  let session: Session;

  /** Sets the peer up over the wire, as no port of ours creates roles or stacks. */
  const ask = async (service: string, form: Record<string, string>) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(form),
    });
    if (!response.ok) throw new Error(`moto answered ${response.status}: ${await response.text()}`);
  };

  beforeAll(async () => {
    if (url === undefined) {
      const port = await freePort();
      endpoint = `http://127.0.0.1:${port}`;
      child = spawn(command, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      await answers(endpoint, child);
    }
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAPEER', AWS_SECRET_ACCESS_KEY: 'peer' });
    session = await openSession({ region: 'us-east-1', endpoint, clock: systemClock });
    for (const RoleName of ['peer-1', 'peer-2', 'peer-3']) {
      const AssumeRolePolicyDocument = JSON.stringify(trust('ec2.amazonaws.com'));
      const tag = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'a & b' };
      await ask('iam', { Action: 'CreateRole', Version: '2010-05-08', RoleName, AssumeRolePolicyDocument, ...tag });
    }
    await ask('cloudformation', {
      Action: 'CreateStack',
      Version: '2010-05-15',
      StackName: stackName,
      TemplateBody: template(trust('ec2.amazonaws.com')),
      'Tags.member.1.Key': 'alpha.eksctl.io/iamserviceaccount-name',
      'Tags.member.1.Value': 'default/app',
      'Capabilities.member.1': 'CAPABILITY_IAM',
    });
  }, 60_000);

  afterAll(() => {
    session?.close();
    child?.kill();
  });

  it('STS: who we are', async () => {
    expect(await session.ports.sts.callerIdentity()).toMatchObject({ account: '123456789012' });
    expect(await session.scope()).toMatchObject({ partition: 'aws' });
  });

  it('IAM: a role with its tags, and none', async () => {
    const role = await session.ports.iam.getRole('peer-1');
    expect(role).toMatchObject({
      name: 'peer-1',
      arn: 'arn:aws:iam::123456789012:role/peer-1',
      tags: { team: 'a & b' },
    });
    expect(JSON.parse(role.trustPolicy)).toEqual(trust('ec2.amazonaws.com'));
    await expect(session.ports.iam.getRole('nope')).rejects.toMatchObject({
      failure: { kind: 'not-found', code: 'NoSuchEntity', operation: 'iam:GetRole' },
    });
  });

  it('IAM: a list whose documents are not encoded', async () => {
    const roles = [];
    for await (const page of session.ports.iam.listRoles()) roles.push(...page);
    const found = roles.find(role => role.name === 'peer-2');
    expect(JSON.parse(found?.trustPolicy ?? '')).toEqual(trust('ec2.amazonaws.com'));
  });

  it('IAM: a new trust policy comes back as it was sent', async () => {
    const document = JSON.stringify(trust('pods.eks.amazonaws.com'), undefined, 2);
    await session.ports.iam.updateAssumeRolePolicy('peer-3', document);
    const { trustPolicy } = await session.ports.iam.getRole('peer-3');
    expect(JSON.parse(trustPolicy)).toEqual(JSON.parse(document));
    expect(await session.ports.iam.listOidcProviders()).toEqual([]);
    expect(await session.ports.iam.accountAlias()).toBeUndefined();
  });

  it('CloudFormation: a stack, by name and id, with outputs, tags and resources', async () => {
    const { cloudformation } = session.ports;
    const stack = await cloudformation.describeStack(stackName);
    expect(stack).toMatchObject({
      stackName,
      status: 'CREATE_COMPLETE',
      tags: { 'alpha.eksctl.io/iamserviceaccount-name': 'default/app' },
      outputs: { Role1: expect.stringMatching(/^arn:aws:iam::123456789012:role\//) },
    });
    expect(await cloudformation.describeStack(stack.stackId)).toEqual(stack);
    const listed = [];
    for await (const page of cloudformation.listStacks()) listed.push(...page);
    expect(listed).toContainEqual(stack);
    const [resource] = await cloudformation.stackResources(stackName);
    expect(resource).toMatchObject({ logicalId: 'Role1', type: 'AWS::IAM::Role' });
    await expect(cloudformation.describeStack('nope')).rejects.toMatchObject({ failure: { kind: 'not-found' } });
  });

  it('CloudFormation: a stack is made once, and deleted with its role', async () => {
    const { cloudformation } = session.ports;
    const input = {
      stackName: 'eksctl-peer-podidentityrole-default-app',
      templateBody: template(trust('pods.eks.amazonaws.com')),
      capabilities: ['CAPABILITY_IAM'],
      tags: { 'alpha.eksctl.io/podidentityassociation-name': 'default/app' },
      enableTerminationProtection: false,
    };
    const { stackId } = await cloudformation.createStack(input);
    const made = await cloudformation.describeStack(stackId);
    expect(made).toMatchObject({ stackName: input.stackName, tags: input.tags, terminationProtection: false });
    const role = await session.ports.iam.getRole(made.outputs.Role1?.split('/').at(-1) ?? '');
    expect(JSON.parse(role.trustPolicy)).toEqual(trust('pods.eks.amazonaws.com'));
    await expect(cloudformation.createStack(input)).rejects.toMatchObject({ failure: { kind: 'exists' } });
    await cloudformation.deleteStack(stackId, undefined);
    expect((await cloudformation.describeStack(stackId)).status).toBe('DELETE_COMPLETE');
    await expect(session.ports.iam.getRole(role.name)).rejects.toMatchObject({ failure: { kind: 'not-found' } });
  });

  it('IAM: managed policies', async () => {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    });
    await ask('iam', { Action: 'CreatePolicy', Version: '2010-05-08', PolicyName: 'peer-policy', PolicyDocument });
    const names = new Map<string, string>();
    for await (const page of session.ports.iam.listManagedPolicies())
      for (const { arn, name } of page) names.set(arn, name);
    expect(names.get('arn:aws:iam::123456789012:policy/peer-policy')).toBe('peer-policy');
  });

  it('CloudFormation: an update goes over with its template, tags and events', async () => {
    const { cloudformation } = session.ports;
    const before = await cloudformation.describeStack(stackName);
    expect(JSON.parse(await cloudformation.getTemplate(stackName)).Resources.Role1.Type).toBe('AWS::IAM::Role');
    await cloudformation.updateStack({
      stackName,
      templateBody: template(trust('pods.eks.amazonaws.com')),
      capabilities: ['CAPABILITY_IAM'],
      tags: { ...before.tags, stage: 'peer' },
      keepParameters: [],
    });
    const after = await cloudformation.describeStack(stackName);
    expect(after).toMatchObject({ status: 'UPDATE_COMPLETE', tags: { ...before.tags, stage: 'peer' } });
    const sent = JSON.parse(await cloudformation.getTemplate(stackName)).Resources.Role1.Properties;
    expect(sent.AssumeRolePolicyDocument).toEqual(trust('pods.eks.amazonaws.com'));
    const events = await cloudformation.stackEvents(stackName);
    expect(events.map(event => event.status)).toContain('UPDATE_COMPLETE');
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Until it answers anything at all; fails when it ends first. */
async function answers(endpoint: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`moto_server ended with ${child.exitCode}.`);
    try {
      await fetch(`${endpoint}/moto-api/`);
      return;
    } catch {
      await systemClock.sleep(100);
    }
  }
}
