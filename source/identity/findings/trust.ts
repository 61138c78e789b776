import { parseRoleArn } from '../arn.ts';
import type { IdentityCluster, RoleLookup } from '../effective-identity.ts';
import type { Role } from '../facts.ts';
import type { Finding } from '../health.ts';
import { lastKnown } from '../reading.ts';
import type { Subject } from '../scope.ts';
import { cachedTrustPolicy } from '../trust-policy/cache.ts';
import { podIdentityTrust, webIdentityTrust } from '../trust-policy/questions.ts';
import { finding, gap, present } from './roll-up.ts';

/** A role that has been looked up: itself, or the findings that say why not. `gaps` hold in both cases. */
export type LookedUp =
  | { readonly role: Role; readonly findings: readonly Finding[] }
  | { readonly role?: undefined; readonly findings: readonly Finding[] };

/** ARN: not a role's. ROLE: IAM has no such role, or has it under another ARN. */
export function lookUp(arn: string, lookup: RoleLookup): LookedUp {
  const parsed = parseRoleArn(arn);
  if (!parsed.ok) return { findings: [finding('error', 'ARN', `"${arn}" is not a role ARN: ${parsed.reason}`)] };
  const reading = lookup(arn);
  const gaps = present(gap(`role ${parsed.value.name}`, reading));
  const fact = lastKnown(reading)?.value;
  if (!fact) return { findings: gaps };
  if (!fact.exists) return { findings: [...gaps, finding('error', 'ROLE', `role ${arn} does not exist`)] };
  if (fact.role.arn !== arn)
    return { findings: [...gaps, finding('error', 'ROLE', `the role of that name is ${fact.role.arn}, not ${arn}`)] };
  return { role: fact.role, findings: gaps };
}

/**
 * TRUST: the role does not let Pod Identity in, or cannot be understood. TRUST-COND: it does, but not for this service
 * account. TAG-SESSION: it may not tag the session, so EKS gets no credentials while session tags are on.
 */
export function podTrustFindings(
  role: Role,
  cluster: IdentityCluster,
  subject: Subject,
  sessionTags: boolean,
): readonly Finding[] {
  const policy = cachedTrustPolicy(role.trustPolicy);
  if (!policy.ok) return [malformed(role, policy.reason)];
  const { assumeRole, tagSession } = podIdentityTrust(policy.value, {
    ...subject,
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    account: cluster.account,
    sessionTags,
  });
  if (assumeRole.verdict === 'unchecked')
    return [finding('unknown', 'UNKNOWN', `whether role ${role.name} trusts Pod Identity: ${assumeRole.evidence}`)];
  if (assumeRole.verdict === 'no') {
    const conditional = assumeRole.why === 'conditions' || assumeRole.why === 'denied';
    const detail = `role ${role.name} does not trust Pod Identity here: ${assumeRole.evidence}`;
    return [finding('error', conditional ? 'TRUST-COND' : 'TRUST', detail)];
  }
  if (tagSession.verdict === 'yes') return [];
  const detail = `role ${role.name} lets Pod Identity in without sts:TagSession: ${tagSession.evidence}`;
  return [finding(tagSession.verdict === 'no' ? 'warning' : 'unknown', 'TAG-SESSION', detail)];
}

/** OIDC: the role does not let this service account in by web identity. */
export function webTrustFindings(
  role: Role,
  cluster: IdentityCluster,
  subject: Subject,
  audience?: string,
): readonly Finding[] {
  const policy = cachedTrustPolicy(role.trustPolicy);
  if (!policy.ok) return [malformed(role, policy.reason)];
  const arn = parseRoleArn(role.arn);
  if (!cluster.oidcIssuer || !arn.ok)
    return [finding('unknown', 'UNKNOWN', 'the cluster has no known OIDC issuer to look for in the trust policy')];
  const answer = webIdentityTrust(policy.value, {
    ...subject,
    issuer: cluster.oidcIssuer,
    partition: arn.value.partition,
    account: arn.value.account,
    ...(audience && { audience }),
  });
  if (answer.verdict === 'yes') return [];
  if (answer.verdict === 'unchecked')
    return [finding('unknown', 'UNKNOWN', `whether role ${role.name} trusts it by web identity: ${answer.evidence}`)];
  return [finding('error', 'OIDC', `role ${role.name} does not trust it by web identity: ${answer.evidence}`)];
}

export const malformed = (role: Role, reason: string): Finding =>
  finding('error', 'TRUST', `the trust policy of role ${role.name} cannot be understood: ${reason}`);
