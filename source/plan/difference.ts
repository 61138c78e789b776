import type { Association } from '../identity/facts.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { samePolicy } from '../identity/trust-policy.ts';
import { addonNameOf } from './addon-owner.ts';
import { mergeRecipe } from './role-stack/merge.ts';
import { stackOfRole } from './role-stack/stacks.ts';
import type { RoleRecipe, WantedAssociation } from './wanted.ts';

/** Why an existing association is not what was asked for; undefined when it is. */
export function differenceFrom(
  snapshot: Snapshot,
  existing: Association,
  wanted: WantedAssociation,
): string | undefined {
  const { id, ownerArn } = existing;
  if (ownerArn) return `association ${id} is managed by the add-on ${addonNameOf(ownerArn)}: change it with the add-on`;
  const role = roleDifference(snapshot, existing, wanted);
  if (role) return role;
  const other = [
    ...(existing.targetRoleArn === (wanted.targetRoleArn || undefined) ? [] : ['target role']),
    ...(existing.disableSessionTags === (wanted.disableSessionTags ?? false) ? [] : ['session tags']),
    ...(samePolicy(existing.policy, wanted.policy) ? [] : ['session policy']),
    ...(hasTags(existing.tags, wanted.tags) ? [] : ['tags']),
  ];
  if (other.length === 0) return undefined;
  return `association ${id} gives it this role, but differs in ${other.join(', ')}: update that association`;
}

function roleDifference(snapshot: Snapshot, existing: Association, wanted: WantedAssociation): string | undefined {
  const { id, roleArn } = existing;
  if (wanted.role.kind === 'existing') {
    if (roleArn === wanted.role.roleArn) return undefined;
    return `association ${id} gives it role ${roleArn}: update that association, or delete it first`;
  }
  const stack = stackOfRole(snapshot, roleArn, wanted);
  if (stack.state !== 'read') return `association ${id} gives it role ${roleArn}, whose stack was not read`;
  if (!stack.value)
    return `association ${id} gives it role ${roleArn}, which was not made for it: update that association`;
  const template = snapshot.templates?.get(stack.value.stackName);
  if (template?.state !== 'read') return `the template of stack ${stack.value.stackName} was not read`;
  const merged = mergeRecipe(template.value, mentioned(wanted.role.recipe));
  if (!merged.ok) return `stack ${stack.value.stackName}: ${merged.reason}`;
  if (merged.value.parts.length === 0) return undefined;
  return `association ${id} gives it the role of stack ${stack.value.stackName}, which differs in ${merged.value.parts.join(', ')}: update that association`;
}

/** The parts of a recipe that say something: those that are left out stay as they are. */
export function mentioned(recipe: RoleRecipe): Partial<RoleRecipe> {
  const { permissionPolicyArns, wellKnownPolicies, ...rest } = recipe;
  return {
    ...rest,
    ...(permissionPolicyArns.length > 0 && { permissionPolicyArns }),
    ...(wellKnownPolicies.length > 0 && { wellKnownPolicies }),
  };
}

export const hasTags = (has: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => has[key] === value);
