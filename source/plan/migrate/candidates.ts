import type { ServiceAccount } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import { type Result, refused } from '../../identity/result.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { webIdentityTrust } from '../../identity/trust-policy.ts';
import type { Findings } from '../nodes.ts';
import type { MigrateRequest } from '../request.ts';
import { type UsableRole, usableRole } from '../role-trust.ts';
import { associationOf, bySubjectOrder, gapText, livePodsOf, podCount, serviceAccountOf } from '../subjects.ts';
import { ownerAddon } from './addons.ts';
import { wrongPlatform } from './platform.ts';
import { excludedBy, excludedReason, inScope } from './scope.ts';

/** A service account that has a role by annotation and shall have it by association. */
export type Candidate = Subject & { readonly roleArn: string; readonly role: UsableRole };

/** Every service account in scope that can be moved, in order; each of the others is given a reason. */
export function candidates(snapshot: Snapshot, request: MigrateRequest, findings: Findings): readonly Candidate[] {
  const gap = gapText(snapshot.serviceAccounts);
  if (gap) {
    findings.skipped.push({ subject: 'service accounts', reason: `they ${gap}` });
    return [];
  }
  remarkMissing(snapshot, request, findings);
  return (known(snapshot.serviceAccounts) ?? [])
    .filter(account => account.roleArn && inScope(request, account))
    .toSorted(bySubjectOrder)
    .flatMap(account => {
      const word = excludedBy(request, account, account.roleArn);
      if (word === undefined) return candidate(snapshot, account, account.roleArn ?? '', findings);
      findings.skipped.push({ subject: subjectText(account), reason: excludedReason(word), chosen: true });
      return [];
    });
}

function candidate(
  snapshot: Snapshot,
  account: ServiceAccount,
  roleArn: string,
  findings: Findings,
): readonly Candidate[] {
  // An add-on's own account moves with the add-on, which is in the plan or has a reason of its own for not being there.
  if (ownerAddon(snapshot, account)) return [];
  const subject = subjectText(account);
  const existing = associationOf(snapshot.associations, account);
  if (existing?.roleArn === roleArn) {
    findings.same.push({ subject, reason: `association ${existing.id} gives it this role already` });
    return [];
  }
  const role = movableTo(snapshot, account, roleArn);
  if (!role.ok) {
    findings.skipped.push({ subject, reason: role.reason });
    return [];
  }
  notesOn(snapshot, account, findings);
  return [{ namespace: account.namespace, serviceAccount: account.serviceAccount, roleArn, role: role.value }];
}

/** The role to move with, or the first thing that stands against it. */
function movableTo(snapshot: Snapshot, account: ServiceAccount, roleArn: string): Result<UsableRole> {
  const standing = conflict(snapshot, account, roleArn);
  if (standing) return refused(standing);
  const role = usableRole(snapshot, roleArn);
  if (!role.ok) return role;
  const reason = addonGap(snapshot) ?? wrongPlatform(snapshot, account) ?? ungranted(snapshot, account, role.value);
  return reason ? refused(reason) : role;
}

/** An association with another role: which of the two is right is for people to say. */
function conflict({ associations }: Snapshot, account: ServiceAccount, roleArn: string): string | undefined {
  const gap = gapText(associations);
  if (gap) return `whether it has an association already is not known: the associations ${gap}`;
  const existing = associationOf(associations, account);
  if (!existing) return undefined;
  return (
    `conflict: association ${existing.id} gives it role ${existing.roleArn}, its annotation names ${roleArn}; decide ` +
    `which is right, then update or delete the association`
  );
}

/** Without the add-ons nobody can tell whether the service account belongs to one. */
function addonGap({ addons }: Snapshot): string | undefined {
  const gap = gapText(addons);
  return gap && `whether it belongs to an add-on is not known: the add-ons ${gap}`;
}

/**
 * An annotation alone grants nothing: the role's trust policy has to agree. Where it does not, moving would give access
 * that the service account does not have today.
 */
function ungranted({ cluster }: Snapshot, account: ServiceAccount, { arn, policy }: UsableRole): string | undefined {
  if (!cluster.oidcIssuer) return undefined;
  const audience = account.annotations['eks.amazonaws.com/audience'];
  const trust = webIdentityTrust(policy, {
    namespace: account.namespace,
    serviceAccount: account.serviceAccount,
    issuer: cluster.oidcIssuer,
    partition: arn.partition,
    account: arn.account,
    ...(audience && { audience }),
  });
  if (trust.verdict !== 'no') return undefined;
  return (
    `role ${arn.name} does not let it in today (${trust.evidence}), so moving would grant new access: correct the trust ` +
    `policy or the annotation, or create the association on purpose`
  );
}

function notesOn(snapshot: Snapshot, account: ServiceAccount, findings: Findings): void {
  const subject = subjectText(account);
  const both = (livePodsOf(snapshot.pods, account) ?? []).filter(({ mechanism }) => mechanism === 'both');
  if (both.length > 0)
    findings.notes.push(
      `${podCount(both.length)} of ${subject} have web identity in the pod template itself: they keep using it.`,
    );
}

/** Service accounts that were asked for by name and have nothing to move. */
function remarkMissing(
  snapshot: Snapshot,
  { subjects = [], namespaces = [] }: MigrateRequest,
  findings: Findings,
): void {
  for (const subject of subjects) {
    const account = serviceAccountOf(snapshot.serviceAccounts, subject);
    if (account?.roleArn) continue;
    const existing = associationOf(snapshot.associations, subject);
    const remark = { subject: subjectText(subject) };
    if (existing) findings.same.push({ ...remark, reason: `association ${existing.id} gives it ${existing.roleArn}` });
    else if (account)
      findings.same.push({ ...remark, reason: 'no annotation gives it a role: there is nothing to move' });
    else findings.skipped.push({ ...remark, reason: 'the cluster has no such service account' });
  }
  for (const namespace of namespaces)
    if (known(snapshot.namespaces)?.every(({ name }) => name !== namespace))
      findings.skipped.push({ subject: `namespace ${namespace}`, reason: 'the cluster has no such namespace' });
}
