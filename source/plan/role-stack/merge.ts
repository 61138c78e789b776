import type { JsonNode } from '../../identity/json-text.ts';
import { ok, type Result, refused } from '../../identity/result.ts';
import type { RoleRecipe } from '../wanted.ts';
import { jsonValue, type TemplateRole, templateRole, wellKnownManaged } from './recipe.ts';
import { customPolicies, inlinePolicyId, managedPolicies, type PolicyResource, policyResources } from './template.ts';
import { nodeAt, removeAt, setAt } from './template-edit.ts';

/** A template after a change, and which parts of the recipe it changes. */
export type Merged = { readonly template: string; readonly parts: readonly (keyof RoleRecipe)[] };

/**
 * A role's template with the mentioned parts of a recipe replaced. Everything else stays byte for byte: the trust policy,
 * parts that are not mentioned, and whatever else others have put there. An empty text or list takes a part away.
 */
export function mergeRecipe(template: string, change: Partial<RoleRecipe>): Result<Merged> {
  let now = template;
  const parts: (keyof RoleRecipe)[] = [];
  for (const [part, edit] of edits) {
    if (change[part] === undefined) continue;
    const role = templateRole(now);
    if (!role.ok) return role;
    const edited = edit(now, role.value, change);
    if (!edited.ok) return edited;
    if (edited.value !== now) parts.push(part);
    now = edited.value;
  }
  return ok({ template: now, parts });
}

type Edit = (template: string, role: TemplateRole, change: Partial<RoleRecipe>) => Result<string>;

const property =
  (key: string, part: 'roleName' | 'permissionsBoundaryArn'): Edit =>
  (template, { id }, change) => {
    const path = ['Resources', id, 'Properties', key] as const;
    return change[part] ? changed(template, path, change[part]) : removeAt(template, path);
  };

/** Two parts share the list of managed policies: entries of the other one stay as they are written. */
const managedList =
  (part: 'permissionPolicyArns' | 'wellKnownPolicies'): Edit =>
  (template, { id, managed }, change) => {
    if (!managed) return refused('its managed policies are not a plain list, so they cannot be replaced one by one');
    const isOfPart = (node: JsonNode) => (wellKnownManaged(node) !== undefined) === (part === 'wellKnownPolicies');
    const kept = managed.filter(node => !isOfPart(node)).map(node => jsonValue(template, node));
    const none = { permissionPolicyArns: [], wellKnownPolicies: [] };
    const wanted = managedPolicies({ ...none, [part]: change[part] ?? [] });
    const there = managed.filter(isOfPart).map(node => jsonValue(template, node));
    if (sameSet(there, wanted)) return ok(template);
    const list = part === 'permissionPolicyArns' ? [...wanted, ...kept] : [...kept, ...wanted];
    const path = ['Resources', id, 'Properties', 'ManagedPolicyArns'] as const;
    return list.length > 0 ? setAt(template, path, list) : removeAt(template, path);
  };

const wellKnownList: Edit = (template, role, change) => {
  const listed = managedList('wellKnownPolicies')(template, role, change);
  if (!listed.ok) return listed;
  const wanted = change.wellKnownPolicies ?? [];
  const ids = new Set(wanted.flatMap(name => customPolicies(name).map(([id]) => id)));
  const without = all(
    listed.value,
    role.wellKnownIds.filter(id => !ids.has(id)),
    (text, id) => removeAt(text, ['Resources', id]),
  );
  return without.ok ? withPolicies(without.value, policyResources({ wellKnownPolicies: wanted }, role.id)) : without;
};

/** The one policy that has no well-known name; its own name stays unless another is given. */
const inline: Edit = (template, { otherIds, id: roleId }, { permissionPolicy, permissionPolicyName }) => {
  const named = permissionPolicyName === undefined ? undefined : inlinePolicyId(permissionPolicyName);
  const [only, second] = otherIds;
  const old = named !== undefined && otherIds.includes(named) ? named : only;
  if (second !== undefined && old !== named)
    return refused(`it has several policies of its own (${otherIds.join(', ')}): say which by its name`);
  if (!permissionPolicy) return old === undefined ? ok(template) : removeAt(template, ['Resources', old]);
  const id = named ?? old ?? inlinePolicyId(undefined);
  const without = old === undefined || old === id ? ok(template) : removeAt(template, ['Resources', old]);
  return without.ok
    ? withPolicies(without.value, policyResources({ permissionPolicy, permissionPolicyName: id }, roleId))
    : without;
};

/** In the order in which they are made: what shares a list goes one after the other. */
const edits: readonly (readonly [keyof RoleRecipe, Edit])[] = [
  ['roleName', property('RoleName', 'roleName')],
  ['permissionsBoundaryArn', property('PermissionsBoundary', 'permissionsBoundaryArn')],
  ['permissionPolicyArns', managedList('permissionPolicyArns')],
  ['wellKnownPolicies', wellKnownList],
  ['permissionPolicy', inline],
];

/** Of a policy that is there only the document is replaced. */
function withPolicies(template: string, resources: Readonly<Record<string, PolicyResource>>): Result<string> {
  return all(template, Object.entries(resources), (text, [id, resource]) => {
    const role = templateRole(text);
    if (!role.ok) return role;
    const document = ['Resources', id, 'Properties', 'PolicyDocument'] as const;
    if (nodeAt(role.value.root, document)) return changed(text, document, resource.Properties.PolicyDocument);
    return setAt(text, ['Resources', id], resource);
  });
}

function all<T>(
  template: string,
  items: readonly T[],
  edit: (text: string, item: T) => Result<string>,
): Result<string> {
  return items.reduce<Result<string>>((text, item) => (text.ok ? edit(text.value, item) : text), ok(template));
}

/** Sets a value unless it says the same already. */
function changed(template: string, path: readonly [string, ...(readonly string[])], value: unknown): Result<string> {
  const role = templateRole(template);
  const there = role.ok ? nodeAt(role.value.root, path) : undefined;
  if (there && canonical(jsonValue(template, there)) === canonical(value)) return ok(template);
  return setAt(template, path, value);
}

const sameSet = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a.map(canonical).toSorted()) === JSON.stringify(b.map(canonical).toSorted());

/** JSON in which the order of keys says nothing. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join()}}`;
}
