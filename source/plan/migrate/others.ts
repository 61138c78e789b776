import { known } from '../../identity/reading.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { Findings } from '../nodes.ts';
import type { MigrateRequest } from '../request.ts';
import { usableRole } from '../role-trust.ts';
import { associationOf, sameSubject, serviceAccountOf } from '../subjects.ts';
import { trustedSubjects } from './addons.ts';
import { inScope } from './scope.ts';
import type { Settled } from './settled.ts';

/**
 * Service accounts that a role lets in by web identity although no annotation asks for it: not moved, but said. What a
 * migration has left behind is told elsewhere.
 */
export function remarkOthers(
  snapshot: Snapshot,
  request: MigrateRequest,
  left: readonly Settled[],
  findings: Findings,
): void {
  if (!known(snapshot.serviceAccounts)) return;
  const named = [...snapshot.roles.keys()].toSorted().flatMap(roleArn => {
    const role = usableRole(snapshot, roleArn);
    if (!role.ok) return [];
    return trustedSubjects(snapshot, role.value.policy)
      .filter(subject => !left.some(each => each.roleArn === roleArn && sameSubject(each, subject)))
      .map(subject => ({ subject, role: role.value.arn.name }));
  });
  for (const { subject, role } of named) {
    if (!inScope(request, subject) || associationOf(snapshot.associations, subject)) continue;
    const account = serviceAccountOf(snapshot.serviceAccounts, subject);
    if (account?.roleArn) continue;
    const why = account ? 'has no annotation' : 'does not exist';
    findings.notes.push(`Role ${role} lets ${subjectText(subject)} in by web identity, but it ${why}: not moved.`);
  }
}
