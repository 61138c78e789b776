import { ok, type Result, refused } from './result.ts';
import type { ClusterRef } from './scope.ts';

/**
 * A role ARN in parts. `path` begins and ends with a slash (`/` when the role has none); it belongs to the role's
 * identity, but the API is asked by `name` alone (IAM User Guide, "IAM identifiers").
 */
export type RoleArn = {
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  readonly path: string;
  readonly name: string;
};

const partitionPattern = /^aws(-[a-z]+)*$/;
const accountPattern = /^\d{12}$/;
/** IAM API reference, CreateRole: RoleName `[\w+=,.@-]+`, at most 64 characters. */
const roleNamePattern = /^[\w+=,.@-]{1,64}$/;
/** IAM API reference, CreateRole: Path, at most 512 characters from `!` to `~`, slashes at both ends. */
const rolePathPattern = /^\/([!-.0-~]+\/)*$/;
/** EKS API reference, CreateCluster: name. */
const clusterNamePattern = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;
const regionPattern = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

type ArnParts = {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
};

function parseArn(text: string): Result<ArnParts> {
  const [prefix, partition = '', service = '', region = '', account = '', ...rest] = text.split(':');
  if (prefix !== 'arn' || rest.length === 0) return refused('it does not have the form arn:partition:service:...');
  if (!partitionPattern.test(partition)) return refused(`"${partition}" is not an AWS partition`);
  if (!accountPattern.test(account)) return refused(`"${account}" is not a twelve-digit account`);
  return ok({ partition, service, region, account, resource: rest.join(':') });
}

/** Reads `arn:{partition}:iam::{account}:role/{path/}{name}`; the name is what follows the LAST slash. */
export function parseRoleArn(text: string): Result<RoleArn> {
  const parts = parseArn(text);
  if (!parts.ok) return parts;
  const { partition, service, region, account, resource } = parts.value;
  if (service !== 'iam' || region !== '') return refused(`it names the service "${service}", not an IAM role`);
  if (!resource.startsWith('role/')) return refused(`it names "${resource.split('/')[0]}", not a role`);
  const slash = resource.lastIndexOf('/');
  const name = resource.slice(slash + 1);
  const path = resource.slice('role'.length, slash + 1);
  if (!roleNamePattern.test(name)) return refused(`"${name}" is not a role name`);
  if (path.length > 512 || !rolePathPattern.test(path)) return refused(`"${path}" is not a role path`);
  return ok({ partition, account, path, name });
}

export const formatRoleArn = (role: RoleArn): string =>
  `arn:${role.partition}:iam::${role.account}:role${role.path}${role.name}`;

/** The ARN of an account's role without a path. */
export const roleArnOf = ({ partition, account }: Pick<RoleArn, 'partition' | 'account'>, name: string): string =>
  formatRoleArn({ partition, account, path: '/', name });

/** Reads `arn:{partition}:eks:{region}:{account}:cluster/{name}`. */
export function parseClusterArn(text: string): Result<ClusterRef> {
  const parts = parseArn(text);
  if (!parts.ok) return parts;
  const { partition, service, region, account, resource } = parts.value;
  const name = resource.startsWith('cluster/') ? resource.slice('cluster/'.length) : '';
  if (service !== 'eks') return refused(`it names the service "${service}", not an EKS cluster`);
  if (!regionPattern.test(region)) return refused(`"${region}" is not a region`);
  if (!clusterNamePattern.test(name)) return refused(`"${resource}" does not name a cluster`);
  return ok({ partition, account, region, name, arn: text });
}

export const formatClusterArn = (cluster: Omit<ClusterRef, 'arn'>): string =>
  `arn:${cluster.partition}:eks:${cluster.region}:${cluster.account}:cluster/${cluster.name}`;

/** The ARN of the OIDC provider that IAM keeps for an issuer: without its scheme, in the account of the role. */
export const oidcProviderArn = (partition: string, account: string, issuer: string): string =>
  `arn:${partition}:iam::${account}:oidc-provider/${issuerPath(issuer)}`;

/** An issuer as IAM writes it in provider ARNs and condition keys: without `https://` and without a last slash. */
export const issuerPath = (issuer: string): string => issuer.replace(/^https:\/\//i, '').replace(/\/$/, '');

/** The id of an association from its ARN `...:podidentityassociation/{cluster}/{id}`. */
export const associationIdOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
