import { parseRoleArn } from '../arn.ts';
import type { IdentityCluster } from '../effective-identity.ts';
import type { Role, RoleFact } from '../facts.ts';
import type { Finding, Health } from '../health.ts';
import type { Reading } from '../reading.ts';
import type { Subject } from '../scope.ts';
import { cachedTrustPolicy } from '../trust-policy/cache.ts';
import { addPodIdentityStatement } from '../trust-policy/edits.ts';
import type { TrustPolicy } from '../trust-policy/model.ts';
import { orphanedPrincipals } from '../trust-policy/questions.ts';
import { policySize, trustPolicyQuota } from '../trust-policy/size.ts';
import { finding, rollUp } from './roll-up.ts';
import { lookUp, malformed, podTrustFindings, webTrustFindings } from './trust.ts';

export type RoleInput = {
  readonly cluster: IdentityCluster;
  /** As the association or the annotation writes it. */
  readonly arn: string;
  readonly role: Reading<RoleFact>;
  /** Who has it by association. */
  readonly associated: readonly (Subject & { readonly disableSessionTags: boolean })[];
  /** Who has it by annotation only. */
  readonly annotated: readonly (Subject & { readonly audience?: string })[];
};

export const roleHealth = (input: RoleInput): Health => rollUp(roleFindings(input));

/** What is wrong with a role in the eyes of those who use it in this cluster; the same finding is given once. */
export function roleFindings(input: RoleInput): readonly Finding[] {
  const arn = parseRoleArn(input.arn);
  if (arn.ok && arn.value.account !== input.cluster.account)
    return [finding('info', 'ACCOUNT', `it is in account ${arn.value.account}, which is not checked from here`)];
  const { role, findings } = lookUp(input.arn, () => input.role);
  const all = role ? [...findings, ...trustFindings(role, input)] : findings;
  return all.length > 0 ? all : [finding('ok', 'OK', 'its trust policy lets in everybody here who uses it')];
}

function trustFindings(role: Role, { cluster, associated, annotated }: RoleInput): readonly Finding[] {
  const policy = cachedTrustPolicy(role.trustPolicy);
  if (!policy.ok) return [malformed(role, policy.reason)];
  return unique([
    ...associated.flatMap(user => podTrustFindings(role, cluster, user, !user.disableSessionTags)),
    ...annotated.flatMap(user => webTrustFindings(role, cluster, user, user.audience)),
    ...editFindings(policy.value, annotated.length > 0),
  ]);
}

/** TRUST-SIZE: the statement that Pod Identity needs may not fit. Ids of deleted principals stop any edit. */
function editFindings(policy: TrustPolicy, candidate: boolean): readonly Finding[] {
  const orphans = orphanedPrincipals(policy);
  const edited = addPodIdentityStatement(policy.text);
  const size = edited.ok && edited.value.changed ? policySize(edited.value.text) : 0;
  return [
    ...(orphans.length > 0
      ? [finding('warning', 'TRUST', `it names deleted principals (${orphans.join(', ')}): IAM refuses any edit`)]
      : []),
    ...(candidate && size > trustPolicyQuota
      ? [
          finding(
            'warning',
            'TRUST-SIZE',
            `with the Pod Identity statement it has ${size} of ${trustPolicyQuota} characters`,
          ),
        ]
      : []),
  ];
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map(findings.map(one => [`${one.code}|${one.detail}`, one]));
  return [...seen.values()];
}
