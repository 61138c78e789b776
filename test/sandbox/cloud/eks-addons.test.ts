import {
  CreateAddonCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  DescribeAddonConfigurationCommand,
  DescribeAddonVersionsCommand,
  DescribeClusterCommand,
  DescribeUpdateCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAddonCommand,
} from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import { addAddon, addAssociation, addCluster, addRole, podIdentityTrust } from '../../../source/sandbox/world.ts';
import { refusal } from './clients.ts';
import { START, scene } from './scene.ts';

const ROLE = 'arn:aws:iam::111122223333:role/api';
const DRIVER = { clusterName: 'blue', addonName: 'aws-ebs-csi-driver' };
const ASSOCIATION = { serviceAccount: 'ebs-csi-controller-sa', roleArn: ROLE };

describe('clusters', () => {
  it('are told apart by region and account, and come in pages', async () => {
    const { eks, world, account } = scene();
    for (let index = 0; index < 120; index++) {
      addCluster(world, account, { name: `c-${index}`, region: 'eu-west-1' });
    }
    addCluster(world, account, { name: 'elsewhere', region: 'us-east-1' });
    const first = await eks.send(new ListClustersCommand({}));
    const second = await eks.send(new ListClustersCommand({ nextToken: first.nextToken }));
    expect(first.clusters).toHaveLength(100);
    expect(second.clusters).toHaveLength(21);
    expect([...(first.clusters ?? []), ...(second.clusters ?? [])]).not.toContain('elsewhere');
    expect(second.nextToken).toBeFalsy();
  });

  it('are described', async () => {
    const { eks, cluster } = scene();
    cluster.endpoint = 'https://127.0.0.1:1';
    const answer = await eks.send(new DescribeClusterCommand({ name: 'blue' }));
    expect(answer.cluster).toMatchObject({
      arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/blue',
      status: 'ACTIVE',
      endpoint: 'https://127.0.0.1:1',
      identity: { oidc: { issuer: `https://${cluster.issuer}` } },
      computeConfig: { enabled: false },
      createdAt: new Date(cluster.createdAt),
    });
    expect(await refusal(eks.send(new DescribeClusterCommand({ name: 'red' })))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No cluster found for name: red.',
    });
  });
});

describe('add-ons', () => {
  it('are created over time, with their own associations', async () => {
    const { eks, time, cluster } = scene();
    const { addon } = await eks.send(new CreateAddonCommand({ ...DRIVER, podIdentityAssociations: [ASSOCIATION] }));
    expect(addon).toMatchObject({ status: 'CREATING', addonVersion: 'v1.53.0-eksbuild.1', createdAt: new Date(START) });
    const [association] = cluster.associations.values();
    expect(association).toMatchObject({ namespace: 'kube-system', ...ASSOCIATION, ownerArn: addon?.addonArn });
    expect(addon?.podIdentityAssociations).toEqual([association?.arn]);
    expect(await refusal(eks.send(new UpdateAddonCommand(DRIVER)))).toMatchObject({ name: 'ResourceInUseException' });
    time.now += 10_000;
    expect((await eks.send(new DescribeAddonCommand(DRIVER))).addon?.status).toBe('ACTIVE');
    expect((await eks.send(new ListAddonsCommand({ clusterName: 'blue' }))).addons).toEqual(['aws-ebs-csi-driver']);
    expect(await refusal(eks.send(new CreateAddonCommand(DRIVER)))).toMatchObject({
      name: 'ResourceInUseException',
      message: 'Addon already exists.',
    });
  });

  it('do not take over associations that exist', async () => {
    const { eks, world, cluster } = scene();
    const alone = addAssociation(world, cluster, { namespace: 'kube-system', ...ASSOCIATION });
    const wanted = { ...DRIVER, podIdentityAssociations: [ASSOCIATION] };
    expect(await refusal(eks.send(new CreateAddonCommand(wanted)))).toMatchObject({
      name: 'ResourceInUseException',
      message: `Association already exists: ${alone.id}`,
    });
    expect(cluster.addons.size).toBe(0);
    addAddon(world, cluster, { name: 'aws-ebs-csi-driver' });
    expect(await refusal(eks.send(new UpdateAddonCommand(wanted)))).toMatchObject({ name: 'ResourceInUseException' });
    expect(cluster.addons.get('aws-ebs-csi-driver')?.status).toBe('ACTIVE');
  });

  it('replace the whole list of associations at an update', async () => {
    const { eks, world, account, cluster, time } = scene();
    addRole(world, account, { name: 'next', trust: podIdentityTrust() });
    addAddon(world, cluster, {
      name: 'adot',
      associations: [
        { serviceAccount: 'adot-col-prom-metrics', roleArn: ROLE },
        { serviceAccount: 'adot-col-otlp-ingest', roleArn: ROLE },
      ],
    });
    const kept = [...cluster.associations.values()].find(each => each.serviceAccount === 'adot-col-prom-metrics');
    const named = { clusterName: 'blue', addonName: 'adot' };
    const roleArn = 'arn:aws:iam::111122223333:role/next';
    const { update } = await eks.send(
      new UpdateAddonCommand({
        ...named,
        podIdentityAssociations: [{ serviceAccount: 'adot-col-prom-metrics', roleArn }],
      }),
    );
    expect([...cluster.associations.values()]).toMatchObject([{ id: kept?.id, roleArn }]);
    const asked = { name: 'blue', addonName: 'adot', updateId: update?.id };
    expect((await eks.send(new DescribeUpdateCommand(asked))).update?.status).toBe('InProgress');
    time.now += 10_000;
    expect((await eks.send(new DescribeUpdateCommand(asked))).update).toMatchObject({
      status: 'Successful',
      type: 'AddonUpdate',
    });
    await eks.send(new UpdateAddonCommand(named));
    expect(cluster.associations.size).toBe(1);
    time.now += 10_000;
    await eks.send(new UpdateAddonCommand({ ...named, podIdentityAssociations: [] }));
    expect(cluster.associations.size).toBe(0);
    expect(await refusal(eks.send(new DescribeUpdateCommand({ ...asked, updateId: 'none' })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('check service accounts, roles, versions and names', async () => {
    const { eks } = scene();
    const create = (over: object) => refusal(eks.send(new CreateAddonCommand({ ...DRIVER, ...over })));
    expect(await create({ podIdentityAssociations: [{ serviceAccount: 'x', roleArn: ROLE }] })).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Service account x in pod identity configuration is not supported for addon aws-ebs-csi-driver',
    });
    expect(await create({ podIdentityAssociations: [{ ...ASSOCIATION, roleArn: `${ROLE}x` }] })).toMatchObject({
      message: 'Role provided in the request does not exist.',
    });
    expect(await create({ addonVersion: 'v0.0.1' })).toMatchObject({ name: 'InvalidParameterException' });
    expect(await create({ resolveConflicts: 'MAYBE' })).toMatchObject({ name: 'InvalidParameterException' });
    expect(await create({ configurationValues: '{' })).toMatchObject({ name: 'InvalidParameterException' });
    expect(await create({ addonName: 'unheard-of' })).toMatchObject({ name: 'InvalidParameterException' });
    expect(await create({ serviceAccountRoleArn: '' })).toMatchObject({
      message: 'Cross-account pass role is not allowed.',
    });
    expect(await refusal(eks.send(new DescribeAddonCommand(DRIVER)))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No addon: aws-ebs-csi-driver found in cluster: blue',
    });
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('leave with their associations unless preserved (%s)', async (preserve, left) => {
    const { eks, world, cluster, time } = scene();
    addAddon(world, cluster, { name: 'aws-ebs-csi-driver', associations: [ASSOCIATION] });
    const { addon } = await eks.send(new DeleteAddonCommand({ ...DRIVER, preserve }));
    expect(addon?.status).toBe('DELETING');
    time.now += 10_000;
    expect((await refusal(eks.send(new DescribeAddonCommand(DRIVER)))).name).toBe('ResourceNotFoundException');
    expect(cluster.associations.size).toBe(left);
  });

  it('are offered', async () => {
    const { eks } = scene();
    const { addons } = await eks.send(
      new DescribeAddonVersionsCommand({ addonName: 'eks-pod-identity-agent', kubernetesVersion: '1.34' }),
    );
    expect(addons).toHaveLength(1);
    expect(addons?.[0]?.addonVersions?.[0]).toMatchObject({
      addonVersion: 'v1.3.10-eksbuild.3',
      compatibilities: [{ clusterVersion: '1.34', defaultVersion: true }],
    });
    const all = await eks.send(new DescribeAddonVersionsCommand({ maxResults: 3 }));
    expect(all.addons).toHaveLength(3);
    expect(all.nextToken).toBeTruthy();
    const configuration = await eks.send(
      new DescribeAddonConfigurationCommand({ addonName: 'aws-ebs-csi-driver', addonVersion: 'v1.53.0-eksbuild.1' }),
    );
    expect(configuration.podIdentityConfiguration).toEqual([
      {
        serviceAccount: 'ebs-csi-controller-sa',
        recommendedManagedPolicies: ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy'],
      },
    ]);
  });
});

describe('tags', () => {
  it('are set, listed and taken away by ARN', async () => {
    const { eks, world, cluster } = scene();
    const association = addAssociation(world, cluster, { namespace: 'a', serviceAccount: 'b', roleArn: ROLE });
    const addon = addAddon(world, cluster, { name: 'coredns' });
    for (const resourceArn of [cluster.arn, association.arn, addon.arn]) {
      await eks.send(new TagResourceCommand({ resourceArn, tags: { one: '1', two: '2' } }));
      await eks.send(new UntagResourceCommand({ resourceArn, tagKeys: ['one', 'none'] }));
      const { tags } = await eks.send(new ListTagsForResourceCommand({ resourceArn }));
      expect(tags).toEqual({ two: '2' });
    }
    const resourceArn = `${association.arn}x`;
    expect(await refusal(eks.send(new ListTagsForResourceCommand({ resourceArn })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
