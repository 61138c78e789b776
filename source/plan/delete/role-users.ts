import { issuerPath } from '../../identity/arn.ts';
import { known } from '../../identity/reading.ts';
import { ok, type Result, refused } from '../../identity/result.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { parseTrustPolicy, podIdentityService } from '../../identity/trust-policy.ts';
import { associationId } from '../associations.ts';
import { accountId } from '../service-accounts.ts';
import { gapText } from '../subjects.ts';

/** Service accounts, as text, whose associations or which themselves are gone after the plan. */
export type Leaving = {
  readonly associations: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** ARNs of roles that the plan itself gives to somebody. */
  readonly named: ReadonlySet<string>;
};

/** Who has a role besides those that lose it, or why that is not known, as a clause. */
export type RoleUsers = { readonly users: readonly string[] } | { readonly gap: string };

/**
 * Who still has a role after the plan, in this cluster, in the account's other clusters and by the role's own trust
 * policy, as text for people; a role with users is never deleted. A gap where that is not known.
 */
export function usersOfRole(snapshot: Snapshot, roleArn: string, leaving: Leaving): RoleUsers {
  const { associations, serviceAccounts, addons, elsewhere } = snapshot;
  const lists = gapText(associations) ?? gapText(serviceAccounts) ?? gapText(addons);
  const associated = (known(associations) ?? []).filter(
    each =>
      (each.roleArn === roleArn || each.targetRoleArn === roleArn) && !leaving.associations.has(subjectText(each)),
  );
  const annotated = (known(serviceAccounts) ?? []).filter(
    each => each.roleArn === roleArn && !leaving.accounts.has(subjectText(each)),
  );
  const bearers = (known(addons) ?? []).filter(each => each.serviceAccountRoleArn === roleArn);
  const trusted = strangersIn(snapshot, roleArn);
  const users = [
    ...(leaving.named.has(roleArn) ? ['what this plan makes'] : []),
    ...associated.map(each => `the association of ${subjectText(each)}`),
    ...annotated.map(each => `the annotation of ${subjectText(each)}`),
    ...bearers.map(({ name }) => `the add-on ${name}`),
    ...(elsewhere?.uses.get(roleArn) ?? []).map(each => `the association of ${each}`),
    ...(trusted.ok ? trusted.value.map(each => `${each}, by its trust policy,`) : []),
  ];
  if (users.length > 0) return { users };
  if (lists) return { gap: `the associations, service accounts or add-ons ${lists}` };
  if (elsewhere && elsewhere.unread.length > 0)
    return { gap: `the associations of ${elsewhere.unread.join(', ')} could not be read` };
  return trusted.ok ? { users } : { gap: trusted.reason };
}

/**
 * Whom the trust policy lets in besides Pod Identity and the cluster's own service accounts, which are looked at by what
 * names the role. A role that was not looked at, or is gone, lets nobody in.
 */
function strangersIn({ roles, cluster }: Snapshot, roleArn: string): Result<readonly string[]> {
  const reading = roles.get(roleArn);
  if (reading?.state === 'failed') return refused(`its trust policy ${gapText(reading)}`);
  const fact = reading && known(reading);
  if (!fact?.exists) return ok([]);
  const policy = parseTrustPolicy(fact.role.trustPolicy);
  if (!policy.ok) return refused(`its trust policy cannot be understood: ${policy.reason}`);
  const own = cluster.oidcIssuer === undefined ? undefined : `:oidc-provider/${issuerPath(cluster.oidcIssuer)}`;
  const names = policy.value.statements.flatMap(({ effect, principals }) => {
    if (effect === 'Deny') return [];
    if (principals.any || principals.negated) return ['anybody'];
    const { service, aws, federated, canonicalUser } = principals;
    return [
      ...service.filter(name => name !== podIdentityService),
      ...aws,
      ...federated.filter(arn => own === undefined || !arn.endsWith(own)),
      ...canonicalUser,
    ];
  });
  return ok([...new Set(names)]);
}

/** What has to be done before nobody whom the plan takes the role from has it: ids of actions. */
export function leavingIds(snapshot: Snapshot, roleArn: string, leaving: Leaving): readonly string[] {
  const associations = (known(snapshot.associations) ?? []).filter(
    each => each.roleArn === roleArn && leaving.associations.has(subjectText(each)),
  );
  const accounts = (known(snapshot.serviceAccounts) ?? []).filter(
    each => each.roleArn === roleArn && leaving.accounts.has(subjectText(each)),
  );
  return [...associations.map(associationId), ...accounts.map(accountId)];
}

export const leavingOf = (
  associations: readonly Subject[],
  accounts: readonly Subject[],
  named: ReadonlySet<string> = new Set(),
): Leaving => ({
  associations: new Set(associations.map(subjectText)),
  accounts: new Set(accounts.map(subjectText)),
  named,
});
