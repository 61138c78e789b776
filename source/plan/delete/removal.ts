import type { Association, RoleStack } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { deleteAddonHint } from '../addon-owner.ts';
import type { Intent } from '../intents.ts';
import type { Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { deleteStack } from '../role-stack/nodes.ts';
import { ownStacksGap, ownStacksOf, stackRole } from '../role-stack/stacks.ts';
import { deleteAccount } from '../service-accounts.ts';
import { associationOf, gapText } from '../subjects.ts';
import { goingAccount, keptAccount, lostWith } from './account.ts';
import { deletion } from './deletion.ts';
import { loss } from './loss.ts';
import { type Leaving, leavingIds, leavingOf, usersOfRole } from './role-users.ts';
import { goes } from './stack.ts';

/**
 * One intent for each service account that has something to delete.
 *
 * @param named ARNs of roles that the same plan gives to others
 */
export function removals(
  snapshot: Snapshot,
  subjects: readonly Subject[],
  findings: Findings,
  named: ReadonlySet<string> = new Set(),
): readonly Intent[] {
  const gap = gapText(snapshot.associations);
  const free = subjects.filter(subject => {
    const existing = associationOf(snapshot.associations, subject);
    if (gap) findings.skipped.push({ subject: subjectText(subject), reason: `the associations ${gap}` });
    else if (existing?.ownerArn)
      findings.skipped.push({ subject: subjectText(subject), ...deleteAddonHint(snapshot, existing) });
    return !gap && !existing?.ownerArn;
  });
  const leaving = leavingOf(
    free,
    free.filter(subject => goingAccount(snapshot, subject)),
    named,
  );
  return free.flatMap(subject => removal(snapshot, subject, leaving, findings) ?? []);
}

function removal(snapshot: Snapshot, target: Subject, leaving: Leaving, findings: Findings): Intent | undefined {
  const subject = subjectText(target);
  const existing = associationOf(snapshot.associations, target);
  if (!existing) findings.same.push({ subject, reason: 'it has no pod identity association' });
  const account = goingAccount(snapshot, target);
  const unseen = gapText(snapshot.serviceAccounts);
  if (existing && unseen)
    findings.skipped.push({
      subject: `service account ${subject}`,
      reason: `it stays: who made it is not known, the service accounts ${unseen}`,
    });
  const stacks = goingStacks(snapshot, target, existing, leaving, findings);
  if (!existing && !account && stacks.length === 0) return undefined;
  const first = existing ? [deletion(snapshot, existing)] : [];
  const needs = first.map(({ id }) => id);
  // Whoever else loses the role by this plan must have lost it: should that fail, they still have it.
  const before = (stack: RoleStack) => [
    ...new Set([...needs, ...leavingIds(snapshot, stackRole(stack) ?? '', leaving)]),
  ];
  const nodes: readonly ActionNode[] = [
    ...first,
    ...stacks.map(stack => deleteStack(snapshot, subject, stack, before(stack))),
    ...(account ? [deleteAccount(snapshot, account, needs)] : []),
  ];
  const roleGoes = stacks.some(stack => stackRole(stack) === existing?.roleArn);
  const notes = existing
    ? [
        loss(snapshot, existing, { role: roleGoes, account: account !== undefined }),
        leftBehind(snapshot, existing, roleGoes, account !== undefined),
      ]
    : [];
  return {
    subject,
    title: `delete pod identity association "${subject}"`,
    notes,
    beyond: account ? lostWith(snapshot, account) : [],
    steps: () => nodes,
  };
}

/** The stacks of its own whose roles nobody else uses; the others are named. What is not known is not as was asked for. */
function goingStacks(
  snapshot: Snapshot,
  target: Subject,
  existing: Association | undefined,
  leaving: Leaving,
  findings: Findings,
): readonly RoleStack[] {
  const subject = subjectText(target);
  const gap = ownStacksGap(snapshot, target);
  if (gap) findings.skipped.push({ subject, reason: `a stack of its own stays: ${gap}` });
  return ownStacksOf(snapshot, target, existing?.roleArn).filter(stack => {
    const roleArn = stackRole(stack);
    const use = roleArn === undefined ? { users: [] } : usersOfRole(snapshot, roleArn, leaving);
    return goes(snapshot, subject, stack, use, findings);
  });
}

/** What stays of it, so that nobody has to find out. */
function leftBehind(snapshot: Snapshot, existing: Association, roleGoes: boolean, accountGoes: boolean): string {
  const account = keptAccount(snapshot, existing);
  const parts = [
    ...(roleGoes ? [] : [`role ${existing.roleArn} and its trust policy`]),
    ...(account ? [`service account ${subjectText(account)}, which neither eksctl nor this tool made`] : []),
    ...(accountGoes ? [`namespace ${existing.namespace}`] : []),
    'the agent',
  ];
  return `Left behind: ${parts.join('; ')}.`;
}
