import type { ServiceAccount } from '../../identity/facts.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { CreateServiceAccount, DeleteServiceAccount } from '../action.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { deleteAccount, isOurs } from '../service-accounts.ts';
import { gapText, livePodsOf, podCount, serviceAccountOf } from '../subjects.ts';
import type { Written } from './journaled.ts';

/** The service account that the run has made goes, unless it is another one by now or pods run with it. */
export function takeAccountAway(
  snapshot: Snapshot,
  { target, subject }: CreateServiceAccount,
  { outputs }: Written,
  before: readonly ActionNode[],
  findings: Findings,
): ActionNode | undefined {
  const skip = (list: 'skipped' | 'held' | 'same', reason: string) => {
    findings[list].push({ subject, reason });
    return undefined;
  };
  const gap = gapText(snapshot.serviceAccounts) ?? gapText(snapshot.pods);
  if (gap) return skip('skipped', `the service account stays: the service accounts or pods ${gap}`);
  const account = serviceAccountOf(snapshot.serviceAccounts, target);
  if (!account) return skip('same', 'the service account is gone');
  if (outputs.uid === undefined)
    return skip('skipped', "whether the service account is this run's is not known: resume the run, then undo it");
  if (outputs.uid !== account.uid || !isOurs(account))
    return skip('skipped', 'the service account is another one by now, or has another label: it stays');
  const pods = livePodsOf(snapshot.pods, target) ?? [];
  if (pods.length > 0) return skip('held', `the service account stays: ${podCount(pods.length)} run with it`);
  const needs = before.filter(({ action }) => action.subject === subject).map(({ id }) => id);
  return deleteAccount(snapshot, account, needs);
}

/** The service account that the run has deleted is made again, with its labels and annotations. */
export function makeAccountAgain(
  snapshot: Snapshot,
  { target, subject }: DeleteServiceAccount,
  { prior }: Written,
  findings: Findings,
): readonly ActionNode[] {
  if (prior.kind !== 'service-account' || !prior.found) return [];
  const gap = gapText(snapshot.serviceAccounts);
  if (gap) {
    findings.skipped.push({ subject, reason: `the service account is not made again: the service accounts ${gap}` });
    return [];
  }
  if (serviceAccountOf(snapshot.serviceAccounts, target)) {
    findings.same.push({ subject, reason: 'the service account is there' });
    return [];
  }
  const made = actionNode(
    { id: `service-account:${subject}`, title: `create service account "${subject}" again` },
    {
      ...place(snapshot.cluster, subject),
      type: 'create-service-account',
      service: 'kubernetes',
      operation: 'CreateServiceAccount',
      target,
      request: { labels: prior.found.labels },
      undo: 'delete the service account',
    },
  );
  return [made, ...annotations(snapshot, target, subject, prior.found, made.id)];
}

function annotations(
  { cluster }: Snapshot,
  target: DeleteServiceAccount['target'],
  subject: string,
  { annotations: before }: ServiceAccount,
  made: string,
): readonly ActionNode[] {
  if (Object.keys(before).length === 0) return [];
  return [
    actionNode(
      { id: `annotation:${subject}`, title: `restore the annotations of service account "${subject}"`, needs: [made] },
      {
        ...place(cluster, subject),
        type: 'annotate',
        service: 'kubernetes',
        operation: 'PatchServiceAccount',
        target,
        expects: Object.fromEntries(Object.keys(before).map(key => [key, null])),
        request: { annotations: before },
      },
    ),
  ];
}
