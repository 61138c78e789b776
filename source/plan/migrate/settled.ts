import { known } from '../../identity/reading.ts';
import type { Result } from '../../identity/result.ts';
import type { Subject } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { webIdentityTrust } from '../../identity/trust-policy.ts';
import type { MigrateRequest } from '../request.ts';
import { type UsableRole, usableRole } from '../role-trust.ts';
import { bySubjectOrder, livePodsOf, serviceAccountOf } from '../subjects.ts';
import { excludedBy, inScope } from './scope.ts';

/** A service account that has its association, or gets it by this plan: what the later stages are about. */
export type Settled = Subject & {
  readonly roleArn: string;
  readonly role: Result<UsableRole>;
  /** Actions of this plan that it has its association from; none: it is there. */
  readonly needs: readonly string[];
  /** Value of the role annotation that is still there. */
  readonly annotation?: string;
  /** EKS manages its association, its annotation and its pods through the add-on. */
  readonly addon: boolean;
  /** Neither an annotation nor an association is left: only the role's trust. */
  readonly leftover?: true;
};

/**
 * Service accounts that have the association already and something of IRSA left: the annotation with the same role, the
 * role's trust in this cluster's issuer, or pods with web identity. The trust counts by itself, so that a run that ended
 * between annotation and trust is found again.
 */
export function settledAlready(snapshot: Snapshot, request: MigrateRequest): readonly Settled[] {
  // Without the annotations nobody can tell a conflict from a move that is through; that gap is told elsewhere.
  if (!known(snapshot.serviceAccounts)) return [];
  return (known(snapshot.associations) ?? []).toSorted(bySubjectOrder).flatMap(association => {
    const { namespace, serviceAccount, roleArn, ownerArn } = association;
    const subject = { namespace, serviceAccount };
    if (!inScope(request, subject) || excludedBy(request, subject, roleArn)) return [];
    const annotation = serviceAccountOf(snapshot.serviceAccounts, subject)?.roleArn;
    // Another role in the annotation is a conflict, which is told where the annotations are looked at.
    if (annotation && annotation !== roleArn) return [];
    const role = usableRole(snapshot, roleArn);
    const left =
      annotation !== undefined ||
      (role.ok && trustsStill(snapshot, role.value, subject)) ||
      irsaPods(snapshot, subject);
    if (!left) return [];
    return [{ ...subject, roleArn, role, needs: [], addon: ownerArn !== undefined, ...(annotation && { annotation }) }];
  });
}

const irsaPods = (snapshot: Snapshot, subject: Subject): boolean =>
  (livePodsOf(snapshot.pods, subject) ?? []).some(({ mechanism }) => mechanism === 'irsa');

/** Whether the role lets this service account in by web identity, or may do so. */
export function trustsStill(
  { cluster, serviceAccounts }: Snapshot,
  { arn, policy }: UsableRole,
  subject: Subject,
): boolean {
  if (!cluster.oidcIssuer) return false;
  const audience = serviceAccountOf(serviceAccounts, subject)?.annotations['eks.amazonaws.com/audience'];
  const answer = webIdentityTrust(policy, {
    ...subject,
    issuer: cluster.oidcIssuer,
    partition: arn.partition,
    account: arn.account,
    ...(audience && { audience }),
  });
  return answer.verdict !== 'no';
}
