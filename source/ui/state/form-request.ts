/** What a draft asks for, as the planners take it. Ask only when the draft has no error. */
import type { Association } from '../../identity/facts.ts';
import { sameDocument } from '../../identity/trust-policy.ts';
import type { CreateRequest, UpdateRequest } from '../../plan/request.ts';
import type { AssociationChange, RoleRecipe, RoleSource, WantedAssociation } from '../../plan/wanted.ts';
import { baseRecipe, type Form } from './form.ts';
import type { TextFieldId } from './form-fields.ts';
import { parseTags } from './form-tags.ts';

const trimmed = (form: Form, field: TextFieldId): string => form.text[field].value.trim();

/** The role that a stack shall make, of what the fields say. */
export function recipeOfForm(form: Form): RoleRecipe {
  const [roleName, inline, name, boundary] = [
    trimmed(form, 'roleName'),
    trimmed(form, 'inlinePolicy'),
    trimmed(form, 'inlineName'),
    trimmed(form, 'boundary'),
  ];
  return {
    ...(roleName ? { roleName } : {}),
    ...(boundary ? { permissionsBoundaryArn: boundary } : {}),
    permissionPolicyArns: form.policyArns,
    ...(inline ? { permissionPolicy: inline } : {}),
    ...(inline && name ? { permissionPolicyName: name } : {}),
    wellKnownPolicies: form.wellKnown,
  };
}

/** @param roleArn the role field, made an ARN */
export function createRequest(form: Form, roleArn: string): CreateRequest {
  const target = trimmed(form, 'targetRole');
  const policy = trimmed(form, 'policy');
  const tags = parseTags(trimmed(form, 'tags'));
  const role: RoleSource = form.made ? { kind: 'made', recipe: recipeOfForm(form) } : { kind: 'existing', roleArn };
  const wanted: WantedAssociation = {
    namespace: trimmed(form, 'namespace'),
    serviceAccount: trimmed(form, 'serviceAccount'),
    role,
    ...(target ? { targetRoleArn: target } : {}),
    ...(form.on.sessionTags ? {} : { disableSessionTags: true }),
    ...(policy ? { policy } : {}),
    tags: tags.ok ? tags.tags : {},
    ...(form.on.createAccount ? { createServiceAccount: true } : {}),
  };
  return { command: 'create', associations: [wanted] };
}

/** Only what differs from the association and from the stack of its role; `null` clears. */
export function updateRequest(form: Form, original: Association, roleArn: string): UpdateRequest {
  const target = trimmed(form, 'targetRole');
  const policy = trimmed(form, 'policy');
  const tags = parseTags(trimmed(form, 'tags'));
  const wanted = tags.ok ? tags.tags : original.tags;
  const role = form.made ? recipeChange(recipeOfForm(form), baseRecipe(form)) : undefined;
  const change: AssociationChange = {
    namespace: original.namespace,
    serviceAccount: original.serviceAccount,
    ...(form.made || roleArn === original.roleArn ? {} : { roleArn }),
    ...(role ? { role } : {}),
    ...(target === (original.targetRoleArn ?? '') ? {} : { targetRoleArn: target || null }),
    ...(form.on.sessionTags === !original.disableSessionTags ? {} : { disableSessionTags: !form.on.sessionTags }),
    ...(samePolicies(policy, original.policy) ? {} : { policy: policy || null }),
    ...(sameTags(wanted, original.tags) ? {} : { tags: wanted }),
  };
  // By itself it would change nothing, and make a gap for it.
  const changes = Object.keys(change).length > 2;
  return { command: 'update', changes: [form.on.recreate && changes ? { ...change, recreate: true } : change] };
}

/** Whether a change names a service account and nothing else. */
export const changesNothing = (change: AssociationChange): boolean => Object.keys(change).length === 2;

/**
 * The parts of a recipe that differ from what the stack makes today. Without a stack: all parts that say something, for a
 * new role, or for the one that an earlier stack of the account still has.
 *
 * @returns undefined: nothing differs
 */
export function recipeChange(wanted: RoleRecipe, base: RoleRecipe | undefined): Partial<RoleRecipe> | undefined {
  const { permissionPolicyArns, wellKnownPolicies, ...texts } = wanted;
  if (!base) {
    return {
      ...texts,
      ...(permissionPolicyArns.length > 0 ? { permissionPolicyArns } : {}),
      ...(wellKnownPolicies.length > 0 ? { wellKnownPolicies } : {}),
    };
  }
  const { roleName, permissionPolicy = '', permissionPolicyName: name, permissionsBoundaryArn: boundary = '' } = texts;
  const inline = samePolicies(permissionPolicy, base.permissionPolicy);
  const change: Partial<RoleRecipe> = {
    ...(sameSet(permissionPolicyArns, base.permissionPolicyArns) ? {} : { permissionPolicyArns }),
    ...(sameSet(wellKnownPolicies, base.wellKnownPolicies) ? {} : { wellKnownPolicies }),
    ...(roleName === undefined || roleName === base.roleName ? {} : { roleName }),
    ...(boundary === (base.permissionsBoundaryArn ?? '') ? {} : { permissionsBoundaryArn: boundary }),
    // A name is said with its policy, so the policy goes along when only the name is another.
    ...(inline && (name === base.permissionPolicyName || permissionPolicy === '')
      ? {}
      : { permissionPolicy, ...(name === undefined ? {} : { permissionPolicyName: name }) }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

/** By what the documents say; text that is no document, by its characters. */
export function samePolicies(a: string, b: string | undefined): boolean {
  if (a === '' || b === undefined || b.trim() === '') return a === (b ?? '').trim();
  return a === b.trim() || sameDocument(a, b);
}

export const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(item => b.includes(item));

export const sameTags = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
