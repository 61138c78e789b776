import type { ServiceAccount } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { Remark } from '../plan.ts';
import { isOurs } from '../service-accounts.ts';
import { gapText, livePodsOf, podCount, serviceAccountOf } from '../subjects.ts';

/** The service account that goes with an association: only one that eksctl or this tool has made. */
export function goingAccount(snapshot: Snapshot, subject: Subject): ServiceAccount | undefined {
  const account = serviceAccountOf(snapshot.serviceAccounts, subject);
  return account && isOurs(account) ? account : undefined;
}

/** Whether it is there, made by somebody else. */
export function keptAccount(snapshot: Snapshot, subject: Subject): ServiceAccount | undefined {
  const account = serviceAccountOf(snapshot.serviceAccounts, subject);
  return account && !isOurs(account) ? account : undefined;
}

/**
 * What the deletion of a service account takes that the deletion of its association does not: pods that could not be
 * started again, and the role that its annotation gives it.
 */
export function lostWith(snapshot: Snapshot, account: ServiceAccount): readonly Remark[] {
  const subject = subjectText(account);
  const gap = gapText(snapshot.pods);
  const pods = known(snapshot.pods) ? (livePodsOf(snapshot.pods, account)?.length ?? 0) : undefined;
  const running =
    pods === undefined
      ? [`whether pods run with it is not known: the pods ${gap}`]
      : pods > 0
        ? [`${podCount(pods)} ${pods === 1 ? 'runs' : 'run'} with it, and cannot be started again without it`]
        : [];
  const annotated = account.roleArn ? [`its annotation gives it ${account.roleArn}`] : [];
  const reasons = [...running, ...annotated];
  if (reasons.length === 0) return [];
  return [{ subject, reason: `the service account is deleted: ${reasons.join('; ')}` }];
}
