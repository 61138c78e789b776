/** What eksctl leaves behind when it makes a service account with a role (`eksctl create iamserviceaccount`). */
import type { Account, ClusterRecord, RoleRecord, World } from '../model.ts';
import { addRole, addStack } from '../world.ts';
import { irsaStatement, trust } from './trust.ts';

export type EksctlServiceAccount = {
  /** `namespace/name`. */
  readonly subject: string;
  /** The generated name, `eksctl-{cluster}-addon-iamserv-Role1-{suffix}`. */
  readonly roleName: string;
  readonly policyArns: readonly string[];
  readonly createdAt?: number;
};

const version = '0.221.0';

/**
 * The role and the stack that owns it: name, tags, template and output as eksctl writes them, so that eksctl and
 * whoever goes by its tags find the role as theirs.
 */
export function addEksctlRole(
  world: World,
  account: Account,
  cluster: ClusterRecord,
  made: EksctlServiceAccount,
): RoleRecord {
  const document = trust({
    ...irsaStatement(account, cluster, made.subject),
    Action: ['sts:AssumeRoleWithWebIdentity'],
  });
  const stackName = `eksctl-${cluster.name}-addon-iamserviceaccount-${made.subject.replace('/', '-')}`;
  const tags = {
    'alpha.eksctl.io/cluster-name': cluster.name,
    'alpha.eksctl.io/eksctl-version': version,
    'alpha.eksctl.io/iamserviceaccount-name': made.subject,
    'eksctl.cluster.k8s.io/v1alpha1/cluster-name': cluster.name,
  };
  const createdAt = made.createdAt ?? world.now - 400 * 86_400_000;
  const role = addRole(world, account, {
    name: made.roleName,
    trust: document,
    attached: made.policyArns,
    tags,
    createdAt,
    lastUsedAt: world.now - 3_600_000,
  });
  addStack(world, account, {
    name: stackName,
    region: cluster.region,
    createdAt,
    tags,
    capabilities: ['CAPABILITY_IAM'],
    physicalIds: { Role1: role.name },
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `IAM role for serviceaccount "${made.subject}" [created and managed by eksctl]`,
      Resources: {
        Role1: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: document, ManagedPolicyArns: made.policyArns },
        },
      },
      Outputs: { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } },
    },
  });
  return role;
}
