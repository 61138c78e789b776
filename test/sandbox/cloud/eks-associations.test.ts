import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  paginateListPodIdentityAssociations,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { addAssociation, addRole, podIdentityTrust } from '../../../source/sandbox/world.ts';
import { refusal } from './clients.ts';
import { pair, START, scene } from './scene.ts';

const ROLE = 'arn:aws:iam::111122223333:role/api';
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [] });

function make(over: object = {}): CreatePodIdentityAssociationCommand {
  return new CreatePodIdentityAssociationCommand({ clusterName: 'blue', ...pair, roleArn: ROLE, ...over });
}

describe('associations', () => {
  it('are created, described, listed and deleted', async () => {
    const { eks } = scene();
    const { association } = await eks.send(make({ tags: { team: 'pay' } }));
    const id = association?.associationId ?? '';
    expect(id).toMatch(/^a-[a-z0-9]{17}$/u);
    expect(association).toEqual({
      clusterName: 'blue',
      ...pair,
      roleArn: ROLE,
      associationArn: `arn:aws:eks:eu-west-1:111122223333:podidentityassociation/blue/${id}`,
      associationId: id,
      tags: { team: 'pay' },
      createdAt: new Date(START),
      modifiedAt: new Date(START),
      disableSessionTags: false,
    });
    const named = { clusterName: 'blue', associationId: id };
    expect((await eks.send(new DescribePodIdentityAssociationCommand(named))).association).toEqual(association);
    const { associations } = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName: 'blue' }));
    expect(associations).toEqual([
      { clusterName: 'blue', ...pair, associationArn: association?.associationArn, associationId: id },
    ]);
    expect((await eks.send(new DeletePodIdentityAssociationCommand(named))).association).toEqual(association);
    expect(await refusal(eks.send(new DescribePodIdentityAssociationCommand(named)))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  });

  it('are one per service account', async () => {
    const { eks } = scene();
    const { association } = await eks.send(make());
    expect(await refusal(eks.send(make()))).toEqual({
      name: 'ResourceInUseException',
      status: 409,
      message: `Association already exists: ${association?.associationId}`,
    });
  });

  it('are made once for one client request token', async () => {
    const { eks, cluster } = scene();
    const first = await eks.send(make({ clientRequestToken: 'run-1' }));
    const second = await eks.send(make({ clientRequestToken: 'run-1' }));
    expect(second.association).toEqual(first.association);
    expect(cluster.associations.size).toBe(1);
    expect(await refusal(eks.send(make({ clientRequestToken: 'run-1', namespace: 'other' })))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('check the role before the service account', async () => {
    const { eks, account, world } = scene();
    await eks.send(make());
    addRole(world, account, { name: 'untagged', trust: untagged() });
    const missing = 'arn:aws:iam::111122223333:role/none';
    const cases = [
      [missing, 'Role provided in the request does not exist.'],
      ['arn:aws:iam::111122223333:role/path/api', 'Role provided in the request does not exist.'],
      ['arn:aws:iam::111122223333:role/untagged', 'Trust policy of the role provided is invalid.'],
      ['arn:aws:iam::999988887777:role/api', 'Cross-account pass role is not allowed.'],
      ['', 'Cross-account pass role is not allowed.'],
    ] as const;
    for (const [roleArn, message] of cases) {
      expect(await refusal(eks.send(make({ roleArn })))).toEqual({
        name: 'InvalidParameterException',
        status: 400,
        message,
      });
    }
  });

  it('want iam:PassRole', async () => {
    const { eks, caller } = scene();
    caller.denied.add('iam:PassRole');
    expect(await refusal(eks.send(make()))).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`is not authorized to perform: iam:PassRole on resource: ${ROLE}`),
    });
  });

  it('evaluate the conditions of the trust policy', async () => {
    const { eks, account, world } = scene();
    const trust = podIdentityTrust() as { Statement: object[] };
    const condition = { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'payments' } };
    addRole(world, account, {
      name: 'narrow',
      trust: { ...trust, Statement: [{ ...trust.Statement[0], Condition: condition }] },
    });
    const roleArn = 'arn:aws:iam::111122223333:role/narrow';
    expect(await refusal(eks.send(make({ roleArn, namespace: 'other' })))).toMatchObject({
      message: 'Trust policy of the role provided is invalid.',
    });
    expect((await eks.send(make({ roleArn }))).association?.roleArn).toBe(roleArn);
  });

  it('know their cluster', async () => {
    const { eks } = scene();
    expect(await refusal(eks.send(make({ clusterName: 'green' })))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No cluster found for name: green.',
    });
  });

  it('end at 5,000 in a cluster', async () => {
    const { eks, world, cluster } = scene();
    for (let index = 0; index < 5000; index++) {
      addAssociation(world, cluster, { namespace: 'many', serviceAccount: `sa-${index}`, roleArn: ROLE });
    }
    expect(await refusal(eks.send(make()))).toMatchObject({ name: 'ResourceLimitExceededException', status: 400 });
  });

  it('take a session policy only with session tags off', async () => {
    const { eks } = scene();
    expect((await refusal(eks.send(make({ policy: POLICY })))).message).toContain('disableSessionTags');
    const long = JSON.stringify({ Statement: [], Id: 'x'.repeat(2048) });
    for (const policy of ['not json', '{}', long]) {
      expect(await refusal(eks.send(make({ policy, disableSessionTags: true })))).toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    const { association } = await eks.send(make({ policy: POLICY, disableSessionTags: true }));
    expect(association).toMatchObject({ policy: POLICY, disableSessionTags: true });
    const named = { clusterName: 'blue', associationId: association?.associationId };
    expect(
      await refusal(eks.send(new UpdatePodIdentityAssociationCommand({ ...named, disableSessionTags: false }))),
    ).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('refuse tags that AWS refuses', async () => {
    const { eks } = scene();
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']));
    for (const tags of [many, { 'aws:x': 'y' }, { ['k'.repeat(129)]: 'v' }, { k: 'v'.repeat(257) }, {}]) {
      expect(await refusal(eks.send(make({ tags })))).toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  it('are changed in place, and only when something changes', async () => {
    const { eks, account, world, time } = scene();
    addRole(world, account, { name: 'next', trust: podIdentityTrust() });
    const { association } = await eks.send(make());
    const named = { clusterName: 'blue', associationId: association?.associationId };
    const update = (over: object) => eks.send(new UpdatePodIdentityAssociationCommand({ ...named, ...over }));
    expect(await refusal(update({}))).toMatchObject({ name: 'InvalidParameterException' });
    expect(await refusal(update({ roleArn: ROLE }))).toMatchObject({ name: 'InvalidParameterException' });
    expect((await refusal(update({ roleArn: '' }))).message).toBe('Cross-account pass role is not allowed.');
    expect((await refusal(update({ roleArn: `${ROLE}x` }))).message).toBe(
      'Role provided in the request does not exist.',
    );
    time.now += 5000;
    const next = 'arn:aws:iam::111122223333:role/next';
    const target = 'arn:aws:iam::999988887777:role/target';
    expect((await update({ roleArn: next, targetRoleArn: target })).association).toMatchObject({
      associationId: association?.associationId,
      roleArn: next,
      targetRoleArn: target,
      externalId: 'eu-west-1/111122223333/blue/payments/api',
      createdAt: association?.createdAt,
      modifiedAt: new Date(START + 5000),
    });
    expect((await refusal(update({ targetRoleArn: 'nonsense' }))).name).toBe('InvalidParameterException');
    const cleared = (await update({ targetRoleArn: '' })).association;
    expect(cleared?.targetRoleArn).toBeUndefined();
    expect(cleared?.externalId).toBeUndefined();
    await update({ disableSessionTags: true, policy: POLICY });
    expect((await update({ policy: '' })).association?.policy).toBeUndefined();
  });

  it('come in pages that stay true while things change', async () => {
    const { eks, world, cluster } = scene();
    for (let index = 0; index < 250; index++) {
      addAssociation(world, cluster, { namespace: `ns-${index % 2}`, serviceAccount: `sa-${index}`, roleArn: ROLE });
    }
    const seen: string[] = [];
    for await (const page of paginateListPodIdentityAssociations(
      { client: eks, pageSize: 40 },
      { clusterName: 'blue' },
    )) {
      expect(page.associations?.length).toBeLessThanOrEqual(40);
      seen.push(...(page.associations ?? []).map(each => each.associationId ?? ''));
      cluster.associations.delete(seen.at(-1) ?? '');
    }
    expect(new Set(seen).size).toBe(250);
    const list = (over: object) => eks.send(new ListPodIdentityAssociationsCommand({ clusterName: 'blue', ...over }));
    expect((await list({})).associations).toHaveLength(100);
    const one = await list({ namespace: 'ns-1', serviceAccount: 'sa-7' });
    expect(one.associations?.map(each => each.serviceAccount)).toEqual(['sa-7']);
    const { nextToken } = await list({});
    for (const wrong of [
      { nextToken: 'nonsense' },
      { nextToken, namespace: 'ns-1' },
      { maxResults: 101 },
      { maxResults: 0 },
    ]) {
      expect(await refusal(list(wrong))).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    }
  });
});

describe('eventual consistency', () => {
  it('hides a new role and a new trust policy from EKS for a while', async () => {
    const { eks, iam, account, world, time } = scene({ consistency: 4000 });
    addRole(world, account, { name: 'old', trust: untagged() });
    const old = { roleArn: 'arn:aws:iam::111122223333:role/old' };
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'old', PolicyDocument: JSON.stringify(podIdentityTrust()) }),
    );
    await iam.send(
      new CreateRoleCommand({ RoleName: 'fresh', AssumeRolePolicyDocument: JSON.stringify(podIdentityTrust()) }),
    );
    const fresh = { roleArn: 'arn:aws:iam::111122223333:role/fresh', namespace: 'other' };
    expect((await refusal(eks.send(make(old)))).message).toBe('Trust policy of the role provided is invalid.');
    expect((await refusal(eks.send(make(fresh)))).message).toBe('Role provided in the request does not exist.');
    time.now += 4000;
    expect((await eks.send(make(old))).association).toBeDefined();
    expect((await eks.send(make(fresh))).association).toBeDefined();
  });

  it('shows creation, change and deletion late, and keeps the service account busy', async () => {
    const { eks, time } = scene({ consistency: 1000 });
    const { association } = await eks.send(make());
    const named = { clusterName: 'blue', associationId: association?.associationId };
    const read = async () => (await eks.send(new DescribePodIdentityAssociationCommand(named))).association;
    const listed = async () => {
      const { associations } = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName: 'blue' }));
      return associations?.length;
    };
    expect((await refusal(read())).name).toBe('ResourceNotFoundException');
    expect(await listed()).toBe(0);
    time.now += 1000;
    expect(await read()).toEqual(association);
    await eks.send(new UpdatePodIdentityAssociationCommand({ ...named, disableSessionTags: true }));
    expect((await read())?.disableSessionTags).toBe(false);
    time.now += 1000;
    expect((await read())?.disableSessionTags).toBe(true);
    await eks.send(new DeletePodIdentityAssociationCommand(named));
    expect(await listed()).toBe(1);
    expect((await refusal(eks.send(make()))).name).toBe('ResourceInUseException');
    expect((await refusal(eks.send(new DeletePodIdentityAssociationCommand(named)))).name).toBe(
      'ResourceNotFoundException',
    );
    time.now += 1000;
    expect(await listed()).toBe(0);
    expect((await eks.send(make())).association).toBeDefined();
  });
});

/** Trusts EKS, but forgets sts:TagSession. */
function untagged(): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
}
