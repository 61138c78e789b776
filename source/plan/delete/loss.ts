import type { Association } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { gapText, livePodsOf, podCount, serviceAccountOf } from '../subjects.ts';

/** What goes besides the association. */
export type Going = { readonly role: boolean; readonly account: boolean };

/** Who loses access, and what new pods fall back to: the annotation, if there is one, else nothing. */
export function loss(snapshot: Snapshot, existing: Association, { role, account }: Going): string {
  const subject = subjectText(existing);
  const pods = livePodsOf(snapshot.pods, existing);
  const users = pods?.filter(({ mechanism }) => mechanism === 'pod-identity' || mechanism === 'both').length;
  const when = role ? 'at once, for the role is deleted' : 'when credentials run out';
  const running =
    users === undefined
      ? 'which pods use it was not read'
      : users === 0
        ? 'no running pod uses it'
        : `${podCount(users)} will lose the role ${when}`;
  return `${subject} loses ${existing.roleArn}: ${running}; ${account ? 'new pods cannot start, for the service account is deleted' : fallback(snapshot, existing)}.`;
}

function fallback(snapshot: Snapshot, existing: Association): string {
  const gap = gapText(snapshot.serviceAccounts);
  const annotated = serviceAccountOf(snapshot.serviceAccounts, existing)?.roleArn;
  if (gap) return 'whether an annotation gives new pods a role is not known';
  return annotated ? `new pods fall back to IRSA with ${annotated}` : 'new pods get no role';
}
