import { roleArnOf } from '../identity/arn.ts';
import { known, unread } from '../identity/reading.ts';
import { ok, type Result, refused } from '../identity/result.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import type { Ref, Value } from './action.ts';
import type { ActionNode, Remark } from './plan.ts';
import { inlineProblem, managedNote, permitsNothing, recipeProblem, stackProblem } from './role-stack/limits.ts';
import { mergeRecipe } from './role-stack/merge.ts';
import { roleStack } from './role-stack/names.ts';
import { cleanUp, createStack, type RoleUser, roleOf, subjectUser, updateStack } from './role-stack/nodes.ts';
import { deleteStackText, isOwnStack, type StackState, stackRole, stackState } from './role-stack/stacks.ts';
import { subjectOfStack } from './role-stack/tags.ts';
import { capabilitiesOf, roleTemplate } from './role-stack/template.ts';
import { associationOf, deleteCommand } from './subjects.ts';
import type { RoleRecipe } from './wanted.ts';

/** A role that a stack makes or keeps, for whatever is to have it. */
export type MadeRole = {
  readonly roleArn: Value<string>;
  /** What makes or changes its stack, and what takes it away if that fails. */
  readonly nodes: readonly ActionNode[];
  /** Ids of what must be done before the role is there as wanted. */
  readonly needs: readonly string[];
  /** What a reader should know of it. */
  readonly notes?: readonly string[];
  /** What takes the stack away if `id` fails: nothing when it was there before. */
  readonly ifFails: (id: string) => readonly ActionNode[];
};

type Stack = { readonly name: string; readonly tags: Readonly<Record<string, string>> };

/** Why no stack can be made or used, with the command that clears the way. */
type Refusal = Pick<Remark, 'reason' | 'command'>;

export type Made = { readonly ok: true; readonly value: MadeRole } | ({ readonly ok: false } & Refusal);

/** A new stack with a new role. Refused when there is one of its name, or it could not be made. */
export function newRole(snapshot: Snapshot, user: RoleUser, recipe: RoleRecipe, stack: Stack): Made {
  if (permitsNothing(recipe))
    return {
      ok: false,
      reason: 'its role would permit nothing: give policies by ARN, by a well-known name, or as a document',
    };
  const invalid = recipeProblem(recipe, stack.name);
  if (invalid) return { ok: false, reason: invalid };
  const template = roleTemplate(recipe);
  const problem = takenName(snapshot, recipe) ?? stackProblem(template, stack.tags);
  if (problem) return { ok: false, reason: problem };
  const [made, ifItFails] = createStack(snapshot, user, { name: stack.name, recipe, tags: stack.tags });
  return {
    ok: true,
    value: {
      roleArn: roleOf(made),
      nodes: [made, ifItFails],
      needs: [made.id],
      notes: notesOf(template),
      ifFails: id => [cleanUp(snapshot.cluster, user, stack.name, id)],
    },
  };
}

const notesOf = (template: string): readonly string[] => {
  const note = managedNote(template);
  return note === undefined ? [] : [note];
};

/** Names of roles are unique in an account, whatever their paths and letter case (IAM API reference, CreateRole). */
function takenName({ roles, cluster }: Snapshot, { roleName }: Partial<RoleRecipe>): string | undefined {
  if (!roleName) return undefined;
  const fact = known(roles.get(roleArnOf(cluster, roleName)) ?? unread);
  return fact?.exists
    ? `there is a role ${fact.role.arn} already: choose another name, or give that role with --role-arn`
    : undefined;
}

/** The role of a stack that is there, with the mentioned parts replaced. */
export function keptRole(
  snapshot: Snapshot,
  user: RoleUser,
  state: Extract<StackState, { kind: 'ready' | 'busy' | 'failed' | 'going' }>,
  change: Partial<RoleRecipe>,
): Result<MadeRole> {
  const { stack } = state;
  const roleArn = stackRole(stack);
  if (state.kind !== 'ready')
    return refused(`its role belongs to stack ${stack.stackName}, which takes no update while it is ${stack.status}`);
  if (roleArn === undefined) return refused(`stack ${stack.stackName} does not tell the ARN of its role`);
  const problem = recipeProblem(change, stack.stackName);
  if (problem) return refused(problem);
  const template = snapshot.templates?.get(stack.stackName);
  if (template?.state !== 'read') {
    const why = template?.state === 'failed' ? ` (${template.failure.message})` : '';
    return refused(`the template of stack ${stack.stackName} was not read${why}`);
  }
  const merged = mergeRecipe(template.value, change);
  if (!merged.ok) return refused(`stack ${stack.stackName}: ${merged.reason}`);
  if (merged.value.parts.length === 0) return ok({ roleArn, nodes: [], needs: [], ifFails: () => [] });
  const renamed = merged.value.parts.includes('roleName');
  const impossible =
    stackProblem(merged.value.template, {}) ??
    inlineProblem(merged.value.template) ??
    (renamed ? takenName(snapshot, change) : undefined);
  if (impossible) return refused(impossible);
  const node = updateStack(snapshot, user, stack, {
    before: template.value,
    after: merged.value.template,
    ...(renamed && { capabilities: [...new Set([...stack.capabilities, ...capabilitiesOf(change)])] }),
  });
  const ref: Ref = roleOf(node);
  return ok({
    roleArn: renamed ? ref : roleArn,
    nodes: [node],
    needs: [node.id],
    notes: notesOf(merged.value.template),
    ifFails: () => [],
  });
}

/** A new role for a service account's association. A stack of its name that is there is named, never taken over. */
export function roleFor(
  snapshot: Snapshot,
  subject: Subject,
  recipe: RoleRecipe,
  tags: Readonly<Record<string, string>>,
): Made {
  const name = roleStack(snapshot.cluster.name, subject);
  const user = subjectUser(subjectText(subject));
  const problem = recipeProblem(recipe, name);
  if (problem) return { ok: false, reason: problem };
  const state = stackState(snapshot, name);
  if (state.kind === 'unknown') return { ok: false, reason: state.reason };
  if (state.kind !== 'none') return { ok: false, ...inTheWay(snapshot, state, subject) };
  return newRole(snapshot, user, recipe, { name, tags });
}

function inTheWay(
  snapshot: Snapshot,
  { kind, stack }: Exclude<StackState, { kind: 'none' | 'unknown' }>,
  subject: Subject,
): Refusal {
  const { stackName, status } = stack;
  if (!isOwnStack(snapshot, stack, subject)) {
    const whose = subjectOfStack(stack) ?? 'something else';
    return {
      reason: `there is a stack ${stackName} already, for ${whose}: make the role yourself and name it with --role-arn`,
    };
  }
  if (kind === 'going' || kind === 'busy')
    return { reason: `stack ${stackName} is ${status}: plan again when that is over` };
  // The delete command takes an association too, so it is offered only where there is none.
  const command = associationOf(snapshot.associations, subject)
    ? deleteStackText(snapshot, stack)
    : deleteCommand(snapshot.cluster.name, subject);
  if (kind === 'failed')
    return { reason: `stack ${stackName} is left of an attempt that failed (${status}): delete it first`, command };
  return { reason: `stack ${stackName} is left without an association: delete it first`, command };
}
