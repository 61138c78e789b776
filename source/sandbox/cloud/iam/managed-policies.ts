/**
 * Managed policies: documents of those that AWS manages, and of the account's own. Roles hold only ARNs, and may hold
 * any well-formed one, so an ARN without a document here reads as a small policy of one read action.
 */
import type { Account } from '../../model.ts';
import { AwsFault } from '../fault.ts';

export type ManagedPolicy = {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly document: string;
  readonly versionId: string;
};

type Statement = Readonly<Record<string, unknown>>;

const allow = (Action: string | readonly string[], more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});

/** Statements by name and path, shortened to what tells them apart (AWS managed policy reference guide). */
const AWS_MANAGED: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow('*')],
  PowerUserAccess: [
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    allow(['iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole', 'iam:ListRoles', 'account:ListRegions']),
  ],
  AmazonDynamoDBReadOnlyAccess: [allow(['dynamodb:BatchGetItem', 'dynamodb:Describe*', 'dynamodb:List*'])],
  AmazonEKS_CNI_Policy: [allow(['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:Describe*'])],
  AmazonS3ReadOnlyAccess: [allow(['s3:Get*', 's3:List*', 's3:Describe*'])],
  'service-role/AmazonEBSCSIDriverPolicy': [allow(['ec2:AttachVolume', 'ec2:CreateSnapshot', 'ec2:Describe*'])],
};

/** More that AWS manages, by name and path: lists have them, and they can be attached. */
const MORE_AWS_MANAGED = [
  'AmazonEC2ContainerRegistryPowerUser',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEKSClusterPolicy',
  'AmazonEKSWorkerNodePolicy',
  'AmazonPrometheusRemoteWriteAccess',
  'AmazonRoute53FullAccess',
  'AmazonS3FullAccess',
  'AmazonSNSFullAccess',
  'AmazonSQSFullAccess',
  'AmazonSSMReadOnlyAccess',
  'AWSXrayWriteOnlyAccess',
  'CloudWatchAgentServerPolicy',
  'ReadOnlyAccess',
  'SecretsManagerReadWrite',
  'service-role/AmazonEFSCSIDriverPolicy',
  'ViewOnlyAccess',
] as const;

const OTHERS: readonly Statement[] = [allow('s3:GetObject')];

/** Throws NoSuchEntity for an ARN of another account or partition, and for what is no policy's ARN. */
export function managedPolicy(account: Account, arn: string): ManagedPolicy {
  const match = /^arn:([\w-]+):iam::(aws|\d{12}):policy(\/(?:[\w+=,.@/-]*\/)?)([\w+=,.@-]+)$/u.exec(arn);
  const [, partition, owner, path = '/', name = ''] = match ?? [];
  const known = partition === account.partition && (owner === 'aws' || owner === account.id);
  if (!known) {
    throw new AwsFault(404, 'NoSuchEntity', `Policy ${arn} was not found.`);
  }
  const ready = owner === 'aws' ? undefined : account.policies?.get(arn);
  const statements = owner === 'aws' ? (AWS_MANAGED[`${path.slice(1)}${name}`] ?? OTHERS) : OTHERS;
  const document = ready ?? JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return { arn, name, path, document, versionId: 'v1' };
}

/** As ListPolicies lists them: the account's own are those that have a document, or that a role holds. */
export function managedPolicies(account: Account, scope: 'All' | 'AWS' | 'Local'): readonly ManagedPolicy[] {
  const own = new Set(account.policies?.keys());
  const ofAws = new Set(
    [...Object.keys(AWS_MANAGED), ...MORE_AWS_MANAGED].map(each => `arn:${account.partition}:iam::aws:policy/${each}`),
  );
  for (const role of account.roles.values()) {
    for (const arn of role.attachedPolicies) {
      (arn.startsWith(`arn:${account.partition}:iam::${account.id}:`) ? own : ofAws).add(arn);
    }
  }
  const arns = scope === 'All' ? [...own, ...ofAws] : [...(scope === 'AWS' ? ofAws : own)];
  return arns.map(arn => managedPolicy(account, arn));
}
