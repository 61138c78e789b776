import type { RoleStack } from '../../identity/facts.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { note } from '../intents.ts';
import type { Findings } from '../nodes.ts';
import { deleteStackText } from '../role-stack/stacks.ts';
import type { RoleUsers } from './role-users.ts';

/** Whether the stack of a role goes with what had the role; that it stays is told, as left out where that is a doubt. */
export function goes(
  snapshot: Snapshot,
  subject: string,
  stack: RoleStack,
  use: RoleUsers,
  findings: Findings,
): boolean {
  const kept = reasonToKeep(stack, use);
  if (kept) note(findings, `Left behind: stack ${stack.stackName}: ${kept}.`);
  else if ('gap' in use) {
    const reason = `stack ${stack.stackName} stays: whether others use its role is not known: ${use.gap}`;
    findings.skipped.push({ subject, reason, command: deleteStackText(snapshot, stack) });
  }
  return kept === undefined && !('gap' in use);
}

function reasonToKeep(stack: RoleStack, use: RoleUsers): string | undefined {
  if (stack.status === 'DELETE_IN_PROGRESS') return 'it is being deleted already';
  if (stack.status.endsWith('_IN_PROGRESS')) return `it is ${stack.status}: delete again when that is over`;
  if ('gap' in use || use.users.length === 0) return undefined;
  return `${use.users.join(', ')} ${use.users.length > 1 ? 'use' : 'uses'} its role`;
}
