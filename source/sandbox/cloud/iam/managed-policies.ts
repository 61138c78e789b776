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
