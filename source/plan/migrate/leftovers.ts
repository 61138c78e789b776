import { known, type Reading } from '../../identity/reading.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { compare, type Findings } from '../nodes.ts';
import type { MigrateRequest } from '../request.ts';
import { trustNeed, type UsableRole, usableRole } from '../role-trust.ts';
import { associationOf, bySubjectOrder, livePodsOf, serviceAccountOf } from '../subjects.ts';
import { trustedSubjects } from './addons.ts';
import { excludedBy, inScope } from './scope.ts';
import { type Settled, trustsStill } from './settled.ts';

/**
 * Trust that a migration has left behind: the role lets both Pod Identity and this cluster's issuer in for a service
 * account that neither an annotation nor an association ties to anything any more. A run that died before its last edit
 * leaves this once somebody deletes the association, too. It counts where the role is named by nothing in the cluster, or
 * where the pods were born with Pod Identity; else the role may simply be open to somebody who never migrated.
 */
export function leftovers(snapshot: Snapshot, request: MigrateRequest): readonly Settled[] {
  const accounts = known(snapshot.serviceAccounts);
  if (!accounts || !known(snapshot.associations)) return [];
  const moved = accounts.filter(account => bornWithPodIdentity(snapshot, account) && isUntied(snapshot, account));
  const unnamed = unnamedRoles(snapshot);
  const found = [...snapshot.roles.keys()].toSorted(compare).flatMap(roleArn => {
    const role = usableRole(snapshot, roleArn);
    if (!role.ok) return [];
    const named = namedIn(snapshot, role.value).filter(
      subject => unnamed.has(roleArn) || bornWithPodIdentity(snapshot, subject),
    );
    const covered = moved.filter(account => trustsStill(snapshot, role.value, account));
    return unique([...named, ...covered])
      .filter(subject => inScope(request, subject) && !excludedBy(request, subject, roleArn))
      .filter(subject => admitsPods(snapshot, role.value, subject))
      .map(subject => ({ ...subject, roleArn, role, needs: [], addon: false, leftover: true as const }));
  });
  return found.toSorted(bySubjectOrder);
}

/** Service accounts that the role's trust names and nothing else ties to a role; a literal `*` names nobody. */
const namedIn = (snapshot: Snapshot, { policy }: UsableRole): readonly Subject[] =>
  trustedSubjects(snapshot, policy).filter(
    subject => !subject.serviceAccount.includes('*') && isUntied(snapshot, subject),
  );

/** Without the flag leftovers are told, not touched; that the roles could not be looked through is told always. */
export function remarkLeftovers(
  { cluster, trustingRoles }: Snapshot,
  { removeOidcProviderTrust }: MigrateRequest,
  found: readonly Settled[],
  findings: Findings,
): void {
  const gap = failureText(trustingRoles);
  if (gap)
    findings.evidence.push({
      gate: 'trust',
      subject: `cluster ${cluster.name}`,
      verdict: 'unknown',
      detail: `not checked: whether roles that nothing names still trust the cluster's OIDC provider: ${gap}`,
    });
  if (removeOidcProviderTrust) return;
  for (const { role, ...subject } of found)
    if (role.ok)
      findings.notes.push(
        `Role ${role.value.arn.name} still lets ${subjectText(subject)} in by web identity, although neither an ` +
          'annotation nor an association is left: --remove-oidc-provider-trust-relationship takes that out.',
      );
}

const failureText = (reading: Reading<unknown> | undefined): string | undefined =>
  reading?.state === 'failed' ? reading.failure.message : undefined;

const isUntied = ({ serviceAccounts, associations }: Snapshot, subject: Subject): boolean =>
  !serviceAccountOf(serviceAccounts, subject)?.roleArn && !associationOf(associations, subject);

const bornWithPodIdentity = ({ pods }: Snapshot, subject: Subject): boolean =>
  (livePodsOf(pods, subject) ?? []).some(({ mechanism }) => mechanism === 'pod-identity');

const admitsPods = (snapshot: Snapshot, role: UsableRole, subject: Subject): boolean =>
  trustNeed(snapshot, role, { ...subject, sessionTags: true }).kind === 'trusted';

/** Roles that were found by their trust alone. */
function unnamedRoles({ trustingRoles, serviceAccounts, associations, addons }: Snapshot): ReadonlySet<string> {
  const named = new Set([
    ...(known(serviceAccounts) ?? []).flatMap(({ roleArn }) => roleArn ?? []),
    ...(known(associations) ?? []).flatMap(({ roleArn, targetRoleArn }) => [roleArn, targetRoleArn ?? []].flat()),
    ...(known(addons) ?? []).flatMap(({ serviceAccountRoleArn }) => serviceAccountRoleArn ?? []),
  ]);
  return new Set((known(trustingRoles ?? { state: 'unread' }) ?? []).filter(arn => !named.has(arn)));
}

function unique(subjects: readonly Subject[]): readonly Subject[] {
  const plain = subjects.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount }));
  return [...new Map(plain.map(subject => [subjectText(subject), subject])).values()];
}
