import type { Association, RoleStack } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { leavingOf, type RoleUsers, usersOfRole } from '../delete/role-users.ts';
import { keptRole, type Made, type MadeRole, newRole, roleFor } from '../made-role.ts';
import { roleStack } from '../role-stack/names.ts';
import { subjectUser } from '../role-stack/nodes.ts';
import { recipeOf } from '../role-stack/recipe.ts';
import { deleteStackText, isOwnStack, stackOfRole, stackRole, stackState } from '../role-stack/stacks.ts';
import { stackTags } from '../role-stack/tags.ts';
import { ownTags, takesUpdates } from '../trust-write.ts';
import type { AssociationChange, RoleRecipe } from '../wanted.ts';

/** The role that an association shall have, what has to be done for it, and what becomes of the one that it had. */
export type NextRole = MadeRole & { readonly notes: readonly string[]; readonly renamed?: true };

export type Next = { readonly ok: true; readonly value: NextRole } | Extract<Made, { ok: false }>;

export type RoleOptions = {
  /** For a new stack alone, besides the association's. */
  readonly stackTags?: Readonly<Record<string, string>> | undefined;
};

const refusal = (reason: string, command?: string): Next => ({ ok: false, reason, ...(command && { command }) });

/** The role after a change: the same, another one that is there, the changed one of its own stack, or a new one. */
export function nextRole(
  snapshot: Snapshot,
  existing: Association,
  change: AssociationChange,
  options: RoleOptions,
): Next {
  const { roleArn, role } = change;
  if (roleArn !== undefined && role !== undefined)
    return refusal('it cannot have both another role and a change of the one that was made for it');
  if (role !== undefined) return madeRole(snapshot, existing, change, role, options);
  const next = roleArn ?? existing.roleArn;
  const notes = next === existing.roleArn ? [] : whatBecomes(snapshot, existing);
  return { ok: true, value: { roleArn: next, nodes: [], needs: [], ifFails: () => [], notes } };
}

function madeRole(
  snapshot: Snapshot,
  existing: Association,
  change: AssociationChange,
  role: Partial<RoleRecipe>,
  options: RoleOptions,
): Next {
  const { namespace, serviceAccount, recreate = false } = change;
  const subject = { namespace, serviceAccount };
  const owner = stackOfRole(snapshot, existing.roleArn, subject);
  if (owner.state !== 'read')
    return refusal(
      `whether a stack made role ${existing.roleArn} is not known${owner.state === 'failed' ? `: ${owner.failure.message}` : ''}`,
    );
  const user = subjectUser(subjectText(subject));
  if (owner.value) return ownRole(snapshot, owner.value, role, recreate, subject);
  const name = roleStack(snapshot.cluster.name, subject);
  const state = stackState(snapshot, name);
  const notes = whatBecomes(snapshot, existing);
  if (state.kind === 'ready' && isOwnStack(snapshot, state.stack, subject)) {
    const kept = keptRole(snapshot, user, state, role);
    if (!kept.ok) return kept;
    const { nodes } = kept.value;
    const shared =
      nodes.length > 0 ? sharedNotes(stackRole(state.stack), othersWith(snapshot, state.stack, subject)) : [];
    return { ok: true, value: { ...kept.value, notes: [...(kept.value.notes ?? []), ...shared, ...notes] } };
  }
  const recipe = { permissionPolicyArns: [], wellKnownPolicies: [], ...role };
  const tags = stackTags(snapshot.cluster.name, subject, options.stackTags, change.tags && ownTags(change.tags));
  const made =
    state.kind === 'none' ? newRole(snapshot, user, recipe, { name, tags }) : roleFor(snapshot, subject, recipe, tags);
  return made.ok ? { ok: true, value: { ...made.value, notes: [...(made.value.notes ?? []), ...notes] } } : made;
}

/** A change of the role that the association has. A name makes CloudFormation replace the role. */
function ownRole(
  snapshot: Snapshot,
  stack: RoleStack,
  role: Partial<RoleRecipe>,
  recreate: boolean,
  subject: Subject,
): Next {
  const kind = takesUpdates(stack.status) ? 'ready' : 'busy';
  const kept = keptRole(snapshot, subjectUser(subjectText(subject)), { kind, stack }, role);
  if (!kept.ok) return kept;
  const renamed = role.roleName !== undefined && nameOf(snapshot, stack) !== role.roleName;
  if (renamed && !recreate)
    return refusal(
      `another name makes stack ${stack.stackName} replace its role, and pods lose the old one before the association has ` +
        'the new one: have it replaced knowingly with --recreate, or name a role that is there with --role-arn',
    );
  const others = kept.value.nodes.length > 0 ? othersWith(snapshot, stack, subject) : { users: [] };
  if (renamed && ('gap' in others || others.users.length > 0))
    return refusal(
      `another name makes stack ${stack.stackName} replace its role, ${
        'gap' in others
          ? `and whether others have it is not known: ${others.gap}`
          : `which would take it from ${others.users.join(', ')}`
      }: name a role that is there with --role-arn`,
    );
  const notes = [...(kept.value.notes ?? []), ...(renamed ? [] : sharedNotes(stackRole(stack), others))];
  return { ok: true, value: { ...kept.value, notes, ...(renamed && { renamed }) } };
}

/** Who has the role of a stack besides the service account that it was made for. */
function othersWith(snapshot: Snapshot, stack: RoleStack, subject: Subject): RoleUsers {
  const roleArn = stackRole(stack);
  return roleArn === undefined ? { users: [] } : usersOfRole(snapshot, roleArn, leavingOf([subject], [subject]));
}

/** What somebody should know who changes what a role permits. */
function sharedNotes(roleArn: string | undefined, others: RoleUsers): readonly string[] {
  if ('gap' in others) return [`Not checked: who else has role ${roleArn}: ${others.gap}.`];
  return others.users.length === 0 ? [] : [`Role ${roleArn} changes for others too: ${others.users.join(', ')}.`];
}

function nameOf({ templates, cluster }: Snapshot, { stackName }: RoleStack): string | undefined {
  const template = templates?.get(stackName);
  const recipe = template?.state === 'read' ? recipeOf(template.value, cluster.partition) : undefined;
  return recipe?.ok ? recipe.value.roleName : undefined;
}

/** The role that an association had is never deleted by a change: running pods hold its credentials. */
function whatBecomes(snapshot: Snapshot, existing: Association): readonly string[] {
  const subject = subjectText(existing);
  const running = `Running pods of ${subject} keep credentials of ${existing.roleArn} until these expire (6 hours at most).`;
  const owner = stackOfRole(snapshot, existing.roleArn, existing);
  const stack = owner.state === 'read' ? owner.value : undefined;
  if (!stack) return [running];
  return [
    running,
    `Stack ${stack.stackName}, which made that role, stays until then; delete it afterwards: ${deleteStackText(snapshot, stack)}`,
  ];
}
