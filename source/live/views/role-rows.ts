import { parseRoleArn } from '../../identity/arn.ts';
import type { Role } from '../../identity/facts.ts';
import { type RoleInput, roleHealth } from '../../identity/findings.ts';
import { lastKnown } from '../../identity/reading.ts';
import { cachedTrustPolicy } from '../../identity/trust-policy/cache.ts';
import { matchesPattern } from '../../identity/trust-policy/patterns.ts';
import { podIdentityService, type TrustPolicy, trustedIssuers } from '../../identity/trust-policy.ts';
import type { RoleRow } from '../model.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import { rowId } from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { counted } from './readings.ts';
import { byText } from './row-table.ts';
import type { Surroundings } from './subject-rows.ts';

/** A row for every role that an annotation or an association of the cluster names, sorted by name. */
export function roleRows(store: Store, facts: ClusterFacts, around: Surroundings): readonly RoleRow[] {
  return [...facts.roleUses.arns()]
    .map(arn => roleRow(store, facts, around, arn))
    .sort((a, b) => byText(a.name, b.name) || byText(a.arn, b.arn));
}

function roleRow(store: Store, facts: ClusterFacts, { cluster }: Surroundings, arn: string): RoleRow {
  const parsed = parseRoleArn(arn);
  const role = store.roles.get(arn);
  const use = facts.roleUses.get(arn);
  return {
    id: rowId(facts.ref.arn, arn),
    cluster: facts.ref.arn,
    arn,
    name: parsed.ok ? parsed.value.name : arn,
    role,
    ...trustOf(lastKnown(role)?.value),
    associations: use?.associations ?? 0,
    irsaServiceAccounts: counted(use?.annotations ?? 0, facts.serviceAccountsRead),
    clusters: store.roles.users(arn),
    health: roleHealth({ cluster, arn, role, ...usersOf(facts, arn, use?.subjects ?? []) }),
  };
}

function trustOf(
  fact: { readonly exists: true; readonly role: Role } | { readonly exists: false } | undefined,
): Pick<RoleRow, 'trustsPods' | 'oidcIssuers'> {
  if (!fact) return { trustsPods: undefined, oidcIssuers: [] };
  if (!fact.exists) return { trustsPods: false, oidcIssuers: [] };
  const policy = cachedTrustPolicy(fact.role.trustPolicy);
  if (!policy.ok) return { trustsPods: undefined, oidcIssuers: [] };
  const issuers = trustedIssuers(policy.value).map(({ issuer }) => issuer);
  return { trustsPods: namesPods(policy.value), oidcIssuers: [...new Set(issuers)] };
}

/** Whether some statement lets the service in, on whatever conditions: for whom is what the health tells. */
function namesPods(policy: TrustPolicy): boolean {
  return policy.statements.some(
    ({ effect, principals, actions }) =>
      effect === 'Allow' &&
      !principals.negated &&
      principals.service.includes(podIdentityService) &&
      actions.patterns.some(pattern => matchesPattern(pattern.toLowerCase(), 'sts:assumerole')) !== actions.negated,
  );
}

/** Who has the role by association, and who by annotation only. */
function usersOf(
  facts: ClusterFacts,
  arn: string,
  subjects: Iterable<string>,
): Pick<RoleInput, 'associated' | 'annotated'> {
  const associated: RoleInput['associated'][number][] = [];
  const annotated: RoleInput['annotated'][number][] = [];
  for (const key of subjects) {
    const account = facts.serviceAccounts.get(key);
    const entry = facts.associations.of(key);
    const association = entry && lastKnown(entry.described)?.value;
    if (association?.roleArn === arn) associated.push(association);
    if (!account || account.roleArn !== arn || entry) continue;
    const { namespace, serviceAccount, annotations } = account;
    const audience = annotations['eks.amazonaws.com/audience'];
    annotated.push({ namespace, serviceAccount, ...(audience !== undefined && { audience }) });
  }
  return { associated, annotated };
}
