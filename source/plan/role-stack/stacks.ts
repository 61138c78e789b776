import type { RoleStack } from '../../identity/facts.ts';
import { type Reading, unread } from '../../identity/reading.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { commandText } from '../command-text.ts';
import { place } from '../nodes.ts';
import { gapText } from '../subjects.ts';
import { takesUpdates } from '../trust-write.ts';
import { irsaRoleStack, roleStack } from './names.ts';
import { isForPodIdentity, isOfCluster, subjectOfStack } from './tags.ts';
import { roleId } from './template.ts';

/** What stands under a stack's name. */
export type StackState =
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'ready' | 'busy' | 'failed' | 'going'; readonly stack: RoleStack };

/** Statuses as of the CloudFormation User Guide, "Stack status codes". */
export function stackState({ stacks }: Snapshot, name: string): StackState {
  const reading = stacks?.get(name);
  if (!reading) return { kind: 'unknown', reason: `whether there is a stack ${name} was not read` };
  if (reading.state !== 'read')
    return { kind: 'unknown', reason: `whether there is a stack ${name} is not known: it ${gapText(reading)}` };
  return reading.value ? { kind: kindOf(reading.value.status), stack: reading.value } : { kind: 'none' };
}

function kindOf(status: string): 'ready' | 'busy' | 'failed' | 'going' {
  if (takesUpdates(status)) return 'ready';
  if (status === 'DELETE_IN_PROGRESS') return 'going';
  return status.endsWith('_IN_PROGRESS') ? 'busy' : 'failed';
}

/** The ARN of the role that a stack has made. */
export const stackRole = ({ outputs }: RoleStack): string | undefined => outputs[roleId];

/**
 * Whether a stack's role was made for this service account, in this cluster. By its tags: names are a join by dashes, so
 * that `a/b-c` and `a-b/c` have the same; the name counts only where no tag says whom the role is for.
 */
export function isOwnStack(snapshot: Snapshot, stack: RoleStack, subject: Subject): boolean {
  if (!isOfCluster(stack, snapshot.cluster.name)) return false;
  const whose = subjectOfStack(stack);
  if (whose !== undefined) return whose === subjectText(subject);
  const { name } = snapshot.cluster;
  return stack.stackName === roleStack(name, subject) || stack.stackName === irsaRoleStack(name, subject);
}

/**
 * The stack that made this role for the service account: looked up by the role, else under its own stacks' names.
 * `undefined` value: none did. Unread or failed: not known.
 */
export function stackOfRole(snapshot: Snapshot, roleArn: string, subject: Subject): Reading<RoleStack | undefined> {
  const { name } = snapshot.cluster;
  const isIts = (stack: RoleStack | undefined): stack is RoleStack =>
    stack !== undefined && isOwnStack(snapshot, stack, subject) && stackRole(stack) === roleArn;
  const held = snapshot.roleStacks.get(roleArn) ?? unread;
  const named = [roleStack(name, subject), irsaRoleStack(name, subject)].map(
    each => snapshot.stacks?.get(each) ?? unread,
  );
  const found = [held, ...named].find(reading => reading.state === 'read' && isIts(reading.value));
  if (found) return found;
  return held.state === 'read' ? { ...held, value: undefined } : held;
}

/**
 * The stacks of a service account's own role, besides that of the role that it has: of its association, and of IRSA if
 * that came to Pod Identity. An IRSA stack that did not is nothing of an association's.
 */
export function ownStacksOf(snapshot: Snapshot, subject: Subject, roleArn: string | undefined): readonly RoleStack[] {
  const { name } = snapshot.cluster;
  const named = [roleStack(name, subject), irsaRoleStack(name, subject)].map(each => snapshot.stacks?.get(each));
  const held = roleArn === undefined ? undefined : snapshot.roleStacks.get(roleArn);
  const found = [held, ...named].flatMap(reading =>
    reading?.state === 'read' && reading.value ? [reading.value] : [],
  );
  return [...new Map(found.map(stack => [stack.stackId, stack])).values()].filter(
    stack =>
      isOwnStack(snapshot, stack, subject) &&
      (isForPodIdentity(stack) || stack.stackName === roleStack(name, subject) || stackRole(stack) === roleArn),
  );
}

/** Why what is known of a service account's stacks is not enough. */
export function ownStacksGap(snapshot: Snapshot, subject: Subject): string | undefined {
  const { name } = snapshot.cluster;
  const [state] = [roleStack(name, subject), irsaRoleStack(name, subject)]
    .map(each => stackState(snapshot, each))
    .filter(each => each.kind === 'unknown');
  return state?.kind === 'unknown' ? state.reason : undefined;
}

/** The command that takes a stack away, for whoever sees to it. */
export const deleteStackText = ({ cluster }: Snapshot, { stackName, stackId }: RoleStack): string =>
  commandText({
    ...place(cluster, `stack ${stackName}`),
    type: 'delete-role-stack',
    service: 'cloudformation',
    operation: 'DeleteStack',
    request: { StackName: stackName, StackId: stackId },
  });
