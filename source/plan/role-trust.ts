import { parseRoleArn, type RoleArn } from '../identity/arn.ts';
import type { Role } from '../identity/facts.ts';
import { ok, type Result, refused } from '../identity/result.ts';
import type { Subject } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import {
  addPodIdentityStatement,
  parseTrustPolicy,
  podIdentityTrust,
  type TrustAnswer,
  type TrustPolicy,
} from '../identity/trust-policy.ts';

/** A role that an association in this cluster can have, with its trust policy understood. */
export type UsableRole = { readonly arn: RoleArn; readonly role: Role; readonly policy: TrustPolicy };

/**
 * The role behind an ARN, or why no association can have it, in words that say what to do.
 * EKS takes roles of the cluster's own account only (EKS User Guide, "Access AWS resources using EKS Pod Identity
 * target IAM roles").
 */
export function usableRole(snapshot: Snapshot, roleArn: string): Result<UsableRole> {
  const arn = parseRoleArn(roleArn);
  if (!arn.ok) return refused(`"${roleArn}" is not a role ARN: ${arn.reason}`);
  const { account, partition } = snapshot.cluster;
  if (arn.value.partition !== partition)
    return refused(`role ${roleArn} is of the partition ${arn.value.partition}, the cluster of ${partition}`);
  if (arn.value.account !== account)
    return refused(
      `role ${roleArn} is in account ${arn.value.account}, the cluster in ${account}: associate a role of ${account} ` +
        `that may assume it, and give this one as its target role (--target-role-arn)`,
    );
  const reading = snapshot.roles.get(roleArn);
  if (!reading || reading.state === 'unread') return refused(`role ${roleArn} was not read`);
  if (reading.state === 'failed') return refused(`role ${roleArn} could not be read: ${reading.failure.message}`);
  if (!reading.value.exists) return refused(`role ${roleArn} does not exist: create it, or name another`);
  const { role } = reading.value;
  if (role.arn !== roleArn) return refused(`the role of that name is ${role.arn}, not ${roleArn}: correct the ARN`);
  const policy = parseTrustPolicy(role.trustPolicy);
  if (!policy.ok) return refused(`the trust policy of role ${arn.value.name} cannot be understood: ${policy.reason}`);
  return ok({ arn: arn.value, role, policy: policy.value });
}

/** What a service account needs of a role before Pod Identity works with it. */
export type TrustNeed =
  | { readonly kind: 'trusted' }
  /** Actions that no statement allows yet: a statement must be added. */
  | { readonly kind: 'missing'; readonly actions: readonly string[] }
  /** There are statements, but adding another would not help or would widen what its owner has narrowed. */
  | { readonly kind: 'refused'; readonly why: 'denied' | 'conditions'; readonly reason: string }
  | { readonly kind: 'unchecked'; readonly reason: string };

export type TrustUser = Subject & { readonly sessionTags: boolean };

/**
 * Judged twice: the policy as it is and, where a statement is missing, as it would be with one. A Deny that cannot be
 * weighed stands against both, so that a plan made half way through gives the same answer as the first.
 */
export function trustNeed(snapshot: Snapshot, { policy, arn, role }: UsableRole, user: TrustUser): TrustNeed {
  const need = needOf(snapshot, policy, arn, user);
  if (need.kind !== 'missing') return need;
  const edited = addPodIdentityStatement(role.trustPolicy, need.actions);
  const afterwards = edited.ok ? parseTrustPolicy(edited.value.text) : edited;
  if (!afterwards.ok) return need;
  const then = needOf(snapshot, afterwards.value, arn, user);
  return then.kind === 'refused' || then.kind === 'unchecked' ? then : need;
}

function needOf({ cluster }: Snapshot, policy: TrustPolicy, arn: RoleArn, user: TrustUser): TrustNeed {
  const trust = podIdentityTrust(policy, {
    ...user,
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    account: cluster.account,
  });
  const answers: readonly (readonly [string, TrustAnswer])[] = [
    ['sts:AssumeRole', trust.assumeRole],
    ['sts:TagSession', trust.tagSession],
  ];
  for (const [action, { why, evidence }] of answers) {
    const said = `in the trust policy of role ${arn.name}, ${evidence} (${action} for pods.eks.amazonaws.com)`;
    if (why === 'denied') return { kind: 'refused', why, reason: `${said}: the Deny has to go first` };
    if (why === 'conditions')
      return { kind: 'refused', why, reason: `${said}: widen the condition, or add a statement` };
    if (why === 'unchecked') return { kind: 'unchecked', reason: said };
  }
  const actions = answers.filter(([, { why }]) => why === 'no-statement').map(([action]) => action);
  return actions.length > 0 ? { kind: 'missing', actions } : { kind: 'trusted' };
}
