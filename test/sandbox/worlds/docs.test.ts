import { describe, expect, it } from 'vitest';
import { makeDocsWorld } from '../../../source/sandbox/worlds/docs.ts';
import { only, podsOf, worldOptions } from './world-helpers.ts';

const now = Date.UTC(2026, 10, 24, 12);
const { world, profiles } = makeDocsWorld(worldOptions('docs'), now);
const cluster = only(world.clusters.values());
const account = only(world.accounts.values());
const issuer = cluster.issuer ?? '';
const ownedName = 'eksctl-my-cluster-addon-iamserv-Role1-beYhlhzpwQte';

describe("the world of eksctl's documentation", () => {
  it('is one cluster in one account, opened by one profile', () => {
    expect(cluster.arn).toBe('arn:aws:eks:us-west-2:111122223333:cluster/my-cluster');
    expect(profiles).toMatchObject([{ account: '111122223333', region: 'us-west-2' }]);
    expect(world.callers.get(profiles[0]!.accessKeyId)?.account).toBe('111122223333');
  });

  it('has neither agent nor associations, and a registered OIDC provider', () => {
    expect([...cluster.addons.keys()]).toEqual([]);
    expect(cluster.autoMode).toBe(false);
    expect(cluster.associations.size).toBe(0);
    expect([...account.oidcProviders.keys()]).toEqual([`arn:aws:iam::111122223333:oidc-provider/${issuer}`]);
  });

  it.each([
    ['sa1', ownedName],
    ['sa2', 'Unowned-Role1'],
  ])('lets default/%s in to %s through IRSA, with running pods', (name, roleName) => {
    const arn = `arn:aws:iam::111122223333:role/${roleName}`;
    const serviceAccount = cluster.kube.objects.get('serviceaccounts')?.get(`default/${name}`);
    expect(serviceAccount?.metadata.annotations).toEqual({ 'eks.amazonaws.com/role-arn': arn });
    const role = account.roles.get(roleName.toLowerCase());
    expect(role?.arn).toBe(arn);
    expect(JSON.parse(role?.trustPolicy ?? '')).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: 'sts.amazonaws.com',
              [`${issuer}:sub`]: `system:serviceaccount:default:${name}`,
            },
          },
        },
      ],
    });
    const pods = podsOf(cluster, `default/${name}`);
    expect(pods).toHaveLength(2);
    for (const pod of pods) expect(pod.env).toMatchObject({ AWS_ROLE_ARN: arn });
  });

  it('has one stack, which owns the role of sa1 as eksctl made it', () => {
    const stack = only(account.stacks.values());
    expect(stack.name).toBe('eksctl-my-cluster-addon-iamserviceaccount-default-sa1');
    expect(stack.status).toBe('CREATE_COMPLETE');
    expect(Object.fromEntries(stack.outputs)).toEqual({ Role1: `arn:aws:iam::111122223333:role/${ownedName}` });
    expect(stack.resources.get('Role1')).toMatchObject({ type: 'AWS::IAM::Role', physicalId: ownedName });
    expect(Object.fromEntries(stack.tags)).toMatchObject({
      'alpha.eksctl.io/cluster-name': 'my-cluster',
      'alpha.eksctl.io/iamserviceaccount-name': 'default/sa1',
      'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'my-cluster',
    });
    const template = JSON.parse(stack.template);
    expect(template.Description).toBe('IAM role for serviceaccount "default/sa1" [created and managed by eksctl]');
    expect(template.Outputs).toEqual({ Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } });
    const trust = template.Resources.Role1.Properties.AssumeRolePolicyDocument;
    expect(trust).toEqual(JSON.parse(account.roles.get(ownedName.toLowerCase())?.trustPolicy ?? ''));
  });
});
