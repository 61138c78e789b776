import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSession, type Session } from '../../source/aws/session.ts';
import { systemClock } from '../../source/run/clock.ts';
import { addCaller, addManagedPolicy, addRole } from '../../source/sandbox/world.ts';
import { sandboxFor } from './sandbox-rig.ts';

const rig = sandboxFor('docs');
const account = '111122223333';
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

let session: Session;
let ports: Session['ports'];
beforeAll(async () => {
  session = await openSession({ clock: systemClock });
  ports = session.ports;
});
afterAll(() => session.close());

const all = async <T>(list: AsyncIterable<readonly T[]>): Promise<T[]> => {
  const items: T[] = [];
  for await (const page of list) items.push(...page);
  return items;
};
const failure = (kind: string) => ({ failure: { kind } });

describe('STS', () => {
  test('who we are', async () => {
    expect(await ports.sts.callerIdentity()).toMatchObject({ account, arn: expect.stringContaining(account) });
    expect(await session.scope()).toMatchObject({ partition: 'aws', account, region: 'us-west-2' });
  });
});

test('credentials that ran out are looked for anew when STS is asked the next time', async () => {
  const { AWS_ACCESS_KEY_ID: key = '', AWS_SECRET_ACCESS_KEY: secret = '' } = process.env;
  const caller = rig.world.callers.get(key)!;
  const other = addCaller(rig.world, rig.world.accounts.get(account)!, { name: 'next' });
  const own = await openSession({ clock: systemClock });
  try {
    await own.ports.iam.getRole('Unowned-Role1');
    caller.expired = true;
    await expect(own.ports.iam.getRole('Unowned-Role1')).rejects.toMatchObject(failure('expired-credentials'));
    process.env.AWS_ACCESS_KEY_ID = other.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = other.secretAccessKey;
    expect(await own.ports.sts.callerIdentity()).toMatchObject({ arn: other.arn });
    await own.ports.iam.getRole('Unowned-Role1');
  } finally {
    caller.expired = false;
    process.env.AWS_ACCESS_KEY_ID = key;
    process.env.AWS_SECRET_ACCESS_KEY = secret;
    own.close();
  }
});

describe('EKS', () => {
  test('clusters', async () => {
    expect(await all(ports.eks.listClusters())).toEqual(['my-cluster']);
    const cluster = await ports.eks.describeCluster('my-cluster');
    expect(cluster).toMatchObject({
      arn: `arn:aws:eks:us-west-2:${account}:cluster/my-cluster`,
      name: 'my-cluster',
      region: 'us-west-2',
      account,
      partition: 'aws',
      status: 'ACTIVE',
      autoMode: false,
      endpoint: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
      oidcIssuer: expect.stringMatching(/^https:\/\/oidc\.eks\.us-west-2/),
      tags: { 'alpha.eksctl.io/cluster-name': 'my-cluster' },
    });
    expect(cluster.createdAt).toBeGreaterThan(Date.UTC(2015, 0));
    expect(Buffer.from(cluster.certificateAuthority ?? '', 'base64').toString()).toContain('BEGIN CERTIFICATE');
    await expect(ports.eks.describeCluster('nope')).rejects.toMatchObject(failure('not-found'));
  });

  test('an association through its whole life', async () => {
    const roleArn = addRole(rig.world, rig.world.accounts.get(account)!, { name: 'life', trust }).arn;
    const other = addRole(rig.world, rig.world.accounts.get(account)!, { name: 'life-2', trust }).arn;
    const input = { clusterName: 'my-cluster', namespace: 'shop', serviceAccount: 'cart', roleArn };
    const created = await ports.eks.createAssociation({ ...input, tags: { team: 'cart' }, clientRequestToken: 't-1' });
    expect(created).toMatchObject({ namespace: 'shop', serviceAccount: 'cart', roleArn, tags: { team: 'cart' } });
    expect(created.disableSessionTags).toBe(false);
    expect(created.id).toMatch(/^a-[a-z0-9]{17}$/);
    expect(created).not.toHaveProperty('targetRoleArn');
    expect(created).not.toHaveProperty('ownerArn');

    const again = await ports.eks.createAssociation({ ...input, tags: { team: 'cart' }, clientRequestToken: 't-1' });
    expect(again.id).toBe(created.id);
    await expect(ports.eks.createAssociation(input)).rejects.toMatchObject(failure('exists'));
    const missing = { ...input, serviceAccount: 'x', roleArn: `arn:aws:iam::${account}:role/nope` };
    await expect(ports.eks.createAssociation(missing)).rejects.toMatchObject(failure('invalid'));

    const filter = { namespace: 'shop', serviceAccount: 'cart' };
    expect(await all(ports.eks.listAssociations('my-cluster', filter))).toEqual([
      { id: created.id, arn: created.arn, ...filter },
    ]);
    const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
    const change = { clusterName: 'my-cluster', associationId: created.id, roleArn: other };
    const updated = await ports.eks.updateAssociation({ ...change, disableSessionTags: true, policy });
    expect(updated).toMatchObject({ roleArn: other, disableSessionTags: true, policy });
    await ports.eks.tagResource(created.arn, { stage: 'prod' });
    await ports.eks.untagResource(created.arn, ['team']);
    await ports.eks.tagResource(created.arn, {});
    await ports.eks.untagResource(created.arn, []);
    expect(await ports.eks.describeAssociation('my-cluster', created.id)).toMatchObject({ tags: { stage: 'prod' } });
    await ports.eks.deleteAssociation('my-cluster', created.id);
    await expect(ports.eks.describeAssociation('my-cluster', created.id)).rejects.toMatchObject(failure('not-found'));
    await expect(ports.eks.deleteAssociation('my-cluster', created.id)).rejects.toMatchObject(failure('not-found'));
  });

  test('add-ons', async () => {
    const name = 'eks-pod-identity-agent';
    await expect(ports.eks.describeAddon('my-cluster', name)).rejects.toMatchObject(failure('not-found'));
    const { version } = await ports.eks.describeCluster('my-cluster');
    const versions = await ports.eks.addonVersions(name, version);
    expect(versions.filter(each => each.isDefault)).toHaveLength(1);
    const sorted = versions.map(each => each.version);
    expect(sorted).toEqual([...sorted].sort((a, b) => b.localeCompare(a, 'en', { numeric: true })));
    expect(await ports.eks.addonServiceAccounts(name, sorted[0]!)).toEqual([]);
    expect(await ports.eks.addonRecommendations(name, sorted[0]!)).toEqual([]);
    const [driver] = await ports.eks.addonVersions('aws-ebs-csi-driver', version);
    expect(await ports.eks.addonRecommendations('aws-ebs-csi-driver', driver?.version ?? '')).toEqual([
      {
        serviceAccount: 'ebs-csi-controller-sa',
        recommendedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy'],
      },
    ]);
    await expect(ports.eks.addonRecommendations('aws-ebs-csi-driver', 'v0')).rejects.toMatchObject(
      failure('not-found'),
    );
    const made = await ports.eks.createAddon({ clusterName: 'my-cluster', addonName: name });
    expect(made).toMatchObject({ name, associationArns: [], issues: [] });
    await expect(ports.eks.createAddon({ clusterName: 'my-cluster', addonName: name })).rejects.toMatchObject(
      failure('exists'),
    );
    expect(await all(ports.eks.listAddons('my-cluster'))).toContain(name);
    expect(await ports.eks.describeAddon('my-cluster', name)).toMatchObject({ name, version: made.version });
  });
});

describe('IAM', () => {
  test('a role, its trust as text, and the list', async () => {
    const role = await ports.iam.getRole('Unowned-Role1');
    expect(role).toMatchObject({ arn: `arn:aws:iam::${account}:role/Unowned-Role1`, name: 'Unowned-Role1' });
    expect(role.id).toMatch(/^AROA/);
    expect(JSON.parse(role.trustPolicy).Statement).toHaveLength(1);
    const listed = (await all(ports.iam.listRoles())).find(each => each.name === 'Unowned-Role1');
    expect(listed?.trustPolicy).toBe(role.trustPolicy);
    await expect(ports.iam.getRole('nope')).rejects.toMatchObject(failure('not-found'));
  });

  test('a trust policy goes over the wire to the byte', async () => {
    addRole(rig.world, rig.world.accounts.get(account)!, { name: 'bytes', trust });
    const document = JSON.stringify({ ...trust, Id: 'a+b c%20=&é' }, undefined, 2);
    await ports.iam.updateAssumeRolePolicy('bytes', document);
    expect((await ports.iam.getRole('bytes')).trustPolicy).toBe(document);
    await expect(ports.iam.updateAssumeRolePolicy('bytes', '{')).rejects.toMatchObject(failure('invalid'));
  });

  test('permission policies of a role, its own and managed ones, each with its document', async () => {
    const here = rig.world.accounts.get(account)!;
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } };
    const own = addManagedPolicy(here, 'reads', document);
    addRole(rig.world, here, { name: 'policied', trust, attached: [own], inline: { mine: JSON.stringify(document) } });
    const found = [];
    for await (const policy of ports.iam.rolePolicies('policied')) found.push(policy);
    expect(found.map(({ name, arn }) => ({ name, arn }))).toEqual([
      { name: 'mine', arn: undefined },
      { name: 'reads', arn: own },
    ]);
    for (const policy of found) expect(JSON.parse(policy.document)).toEqual(document);
  });

  describe('whether a role may assume others', () => {
    const inAccount = () => rig.world.accounts.get(account)!;
    const allow = (more: object) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', Resource: '*', ...more } });
    const mayChain = (name: string, policies: { attached?: readonly string[]; inline?: Record<string, string> }) => {
      addRole(rig.world, inAccount(), { name, trust, ...policies });
      return ports.iam.mayChain(name);
    };

    test('is told by its inline policies, page after page', async () => {
      const reads = Object.fromEntries(
        Array.from({ length: 105 }, (_, at) => [`read-${at}`, JSON.stringify(allow({ Action: 's3:GetObject' }))]),
      );
      expect(await mayChain('reads', { inline: reads })).toBe(false);
      const last = { ...reads, 'z-last': JSON.stringify(allow({ Action: ['sqs:*', 'sts:Assume*'] })) };
      expect(await mayChain('reads-and-chains', { inline: last })).toBe(true);
    });

    test('is told by its managed policies, those of AWS and its own', async () => {
      const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
      expect(await mayChain('none', {})).toBe(false);
      expect(await mayChain('reader', { attached: [aws('AmazonS3ReadOnlyAccess')] })).toBe(false);
      expect(await mayChain('admin', { attached: [aws('AmazonS3ReadOnlyAccess'), aws('AdministratorAccess')] })).toBe(
        true,
      );
      expect(await mayChain('power', { attached: [aws('PowerUserAccess')] })).toBe(true);
      const own = addManagedPolicy(inAccount(), 'hop', allow({ Action: 'STS:assumerole' }));
      expect(await mayChain('hopper', { attached: [own] })).toBe(true);
    });

    test('is not guessed where a policy or the role cannot be read', async () => {
      const odd = addManagedPolicy(inAccount(), 'odd', '{"Version":"2012-10-17"}');
      await expect(mayChain('odd', { attached: [odd] })).rejects.toMatchObject(failure('invalid'));
      await expect(ports.iam.mayChain('nope')).rejects.toMatchObject(failure('not-found'));
      const [caller] = rig.world.callers.values();
      caller?.denied.add('iam:GetPolicyVersion');
      const denied = mayChain('unreadable', { attached: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'] });
      await expect(denied).rejects.toMatchObject(failure('denied'));
      caller?.denied.clear();
    });
  });

  test("managed policies: the account's own, then those of AWS", async () => {
    const own = addManagedPolicy(rig.world.accounts.get(account)!, 'team/listed', trust);
    const listed = await all(ports.iam.listManagedPolicies());
    const owners = listed.map(({ arn }) => arn.split(':')[4]);
    expect(listed).toContainEqual({ arn: own, name: 'listed' });
    expect(owners.lastIndexOf(account)).toBeLessThan(owners.indexOf('aws'));
  });

  test('OIDC providers', async () => {
    expect(await ports.iam.listOidcProviders()).toEqual([
      expect.stringMatching(/:oidc-provider\/oidc\.eks\.us-west-2\.amazonaws\.com\/id\/EXAMPLE/),
    ]);
  });

  test('the alias of the account, or that it has none; not to be told is neither', async () => {
    expect(await ports.iam.accountAlias()).toBeUndefined();
    const inAccount = rig.world.accounts.get(account)!;
    inAccount.alias = 'example-dev';
    expect(await ports.iam.accountAlias()).toBe('example-dev');
    const [caller] = rig.world.callers.values();
    caller?.denied.add('iam:ListAccountAliases');
    await expect(ports.iam.accountAlias()).rejects.toMatchObject(failure('denied'));
    caller?.denied.clear();
    delete inAccount.alias;
  });
});

describe('CloudFormation', () => {
  const name = 'eksctl-my-cluster-addon-iamserviceaccount-default-sa1';

  test('stacks, their resources and templates', async () => {
    const stacks = await all(ports.cloudformation.listStacks());
    const stack = await ports.cloudformation.describeStack(name);
    expect(stacks).toContainEqual(stack);
    expect(stack).toMatchObject({
      stackName: name,
      status: 'CREATE_COMPLETE',
      tags: { 'alpha.eksctl.io/iamserviceaccount-name': 'default/sa1' },
      outputs: { Role1: expect.stringMatching(/:role\/eksctl-my-cluster-addon-iamserv-Role1-/) },
      terminationProtection: false,
    });
    expect(await ports.cloudformation.describeStack(stack.stackId)).toEqual(stack);
    const physicalId = stack.outputs.Role1?.split('/').at(-1) ?? '';
    expect(await ports.cloudformation.stackOfResource(physicalId)).toEqual({ stackName: name, logicalId: 'Role1' });
    expect(await ports.cloudformation.stackOfResource('Unowned-Role1')).toBeUndefined();
    expect(await ports.cloudformation.stackResources(name)).toContainEqual({
      logicalId: 'Role1',
      physicalId,
      type: 'AWS::IAM::Role',
    });
    expect(JSON.parse(await ports.cloudformation.getTemplate(name)).Resources.Role1.Type).toBe('AWS::IAM::Role');
    await expect(ports.cloudformation.describeStack('nope')).rejects.toMatchObject(failure('not-found'));
  });

  test('an update, told by its events; the same again is none', async () => {
    const template = JSON.parse(await ports.cloudformation.getTemplate(name));
    const stack = await ports.cloudformation.describeStack(name);
    const input = { stackName: name, capabilities: stack.capabilities, tags: stack.tags, keepParameters: [] };
    const same = { ...input, templateBody: JSON.stringify(template) };
    await expect(ports.cloudformation.updateStack(same)).rejects.toMatchObject({
      failure: { kind: 'invalid', message: 'No updates are to be performed.' },
    });
    template.Resources.Role1.Properties.AssumeRolePolicyDocument.Statement.push(trust.Statement[0]);
    await ports.cloudformation.updateStack({ ...input, templateBody: JSON.stringify(template) });
    const events = await ports.cloudformation.stackEvents(name);
    expect(events[0]).toMatchObject({ status: expect.stringMatching(/^UPDATE_/), resourceType: expect.any(String) });
    expect(events[0]!.at).toBeGreaterThan(Date.UTC(2015, 0));
    expect(new Set(events.map(event => event.id)).size).toBe(events.length);
  });

  test('a stack is made once, is protected until it is not, and goes', async () => {
    const input = {
      stackName: 'eksctl-my-cluster-podidentityrole-default-made',
      templateBody: JSON.stringify({
        Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } } },
      }),
      capabilities: ['CAPABILITY_IAM'],
      tags: { 'alpha.eksctl.io/podidentityassociation-name': 'default/made' },
      enableTerminationProtection: true,
      clientRequestToken: 'made-once',
    };
    const { cloudformation } = ports;
    const { stackId } = await cloudformation.createStack(input);
    expect(await cloudformation.createStack(input)).toEqual({ stackId });
    await expect(cloudformation.createStack({ ...input, clientRequestToken: 'another' })).rejects.toMatchObject(
      failure('exists'),
    );
    expect(await cloudformation.describeStack(stackId)).toMatchObject({
      tags: input.tags,
      terminationProtection: true,
    });
    expect((await cloudformation.stackEvents(stackId)).at(-1)).toMatchObject({
      status: 'CREATE_IN_PROGRESS',
      clientRequestToken: 'made-once',
    });
    const protectedStack = cloudformation.deleteStack(stackId, undefined);
    await expect(protectedStack).rejects.toMatchObject({
      failure: { message: expect.stringContaining('Termination') },
    });
    await cloudformation.setTerminationProtection(stackId, false);
    expect(await cloudformation.describeStack(stackId)).toMatchObject({ terminationProtection: false });
    await cloudformation.deleteStack('nobody-knows-it', undefined);
  });

  test('lists are read to their last page', async () => {
    const inAccount = rig.world.accounts.get(account)!;
    for (let each = 0; each < 120; each += 1) addRole(rig.world, inAccount, { name: `many-${each}`, trust });
    expect((await all(ports.iam.listRoles())).filter(role => role.name.startsWith('many-'))).toHaveLength(120);
  });
});

describe('the token', () => {
  test('is one that the API server takes', async () => {
    const { endpoint = '', certificateAuthority = '' } = await ports.eks.describeCluster('my-cluster');
    const { token } = await session.token('my-cluster');
    const ask = async (bearer: string) => {
      const { get } = await import('node:https');
      const ca = Buffer.from(certificateAuthority, 'base64').toString();
      return new Promise<number | undefined>((resolve, reject) => {
        const url = `${endpoint}/api/v1/namespaces`;
        get(url, { ca, headers: { authorization: `Bearer ${bearer}` }, agent: false }, response => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    };
    expect(await ask(token)).toBe(200);
    expect(await ask((await session.token('other-cluster')).token)).toBe(401);
  });
});
