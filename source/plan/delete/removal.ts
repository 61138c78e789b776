import type { Association, RoleStack } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { deleteAddonHint } from '../addon-owner.ts';
import { type Intent, note } from '../intents.ts';
import type { Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { deleteStack } from '../role-stack/nodes.ts';
import { ownStacksGap, ownStacksOf, stackRole } from '../role-stack/stacks.ts';
import { deleteAccount } from '../service-accounts.ts';
import { associationOf, gapText } from '../subjects.ts';
import { goingAccount, keptAccount, lostWith } from './account.ts';
import { deletion } from './deletion.ts';
import { loss } from './loss.ts';
import { type Leaving, leavingOf, usersOfRole } from './role-users.ts';

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
  const stacks = goingStacks(snapshot, target, existing, leaving, findings);
  if (!existing && !account && stacks.length === 0) return undefined;
  const first = existing ? [deletion(snapshot, existing)] : [];
  const needs = first.map(({ id }) => id);
  const nodes: readonly ActionNode[] = [
    ...first,
    ...stacks.map(stack => deleteStack(snapshot, subject, stack, needs)),
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

/** The stacks of its own whose roles nobody else uses; the others are named. */
function goingStacks(
  snapshot: Snapshot,
  target: Subject,
  existing: Association | undefined,
  leaving: Leaving,
  findings: Findings,
): readonly RoleStack[] {
  const gap = ownStacksGap(snapshot, target);
  if (gap) note(findings, `Not checked: ${gap}, so a stack of that name stays.`);
  return ownStacksOf(snapshot, target, existing?.roleArn).filter(stack => {
    const kept = reasonToKeep(snapshot, stack, leaving);
    if (kept) note(findings, `Left behind: stack ${stack.stackName}: ${kept}.`);
    return kept === undefined;
  });
}

function reasonToKeep(snapshot: Snapshot, stack: RoleStack, leaving: Leaving): string | undefined {
  if (stack.status === 'DELETE_IN_PROGRESS') return 'it is being deleted already';
  if (stack.status.endsWith('_IN_PROGRESS')) return `it is ${stack.status}: delete again when that is over`;
  const roleArn = stackRole(stack);
  if (roleArn === undefined) return undefined;
  const use = usersOfRole(snapshot, roleArn, leaving);
  if ('gap' in use) return `whether others use its role is not known: ${use.gap}`;
  return use.users.length > 0 ? `${use.users.join(', ')} ${use.users.length > 1 ? 'use' : 'uses'} its role` : undefined;
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
