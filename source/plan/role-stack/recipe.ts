import { entry, type JsonNode, parseJsonText } from '../../identity/json-text.ts';
import { ok, type Result, refused } from '../../identity/result.ts';
import { type RoleRecipe, type WellKnownPolicy, wellKnownPolicies } from '../wanted.ts';
import { customPolicies, inlinePolicyId, roleId } from './template.ts';
import { nodeAt } from './template-edit.ts';
import { wellKnown } from './well-known.ts';

/** The parts of a role's template that a recipe is about, as they are in the text. */
export type TemplateRole = {
  readonly root: JsonNode;
  /** Logical id of the role. */
  readonly id: string;
  readonly properties: JsonNode | undefined;
  /** Managed policies, each as it is written; undefined: they cannot be told apart. */
  readonly managed: readonly JsonNode[] | undefined;
  /** Logical ids of the role's own policies that a well-known name stands for, and of all others. */
  readonly wellKnownIds: readonly string[];
  readonly otherIds: readonly string[];
};

/** Finds the role of a template and what belongs to it. Refused, in one clause, when the template cannot be understood. */
export function templateRole(template: string): Result<TemplateRole> {
  const parsed = parseJsonText(template);
  if (!parsed.ok) return refused(`its template cannot be changed part by part: ${parsed.reason}`);
  const root = parsed.value;
  const resources = entry(root, 'Resources');
  const all = resources?.kind === 'object' ? resources.entries : [];
  const roles = all.filter(({ value }) => typeOf(value) === 'AWS::IAM::Role').map(({ key }) => key);
  const id = roles.includes(roleId) ? roleId : roles[0];
  if (id === undefined) return refused('its template has no role');
  if (roles.length > 1) return refused(`its template has several roles (${roles.join(', ')})`);
  const own = all.filter(({ value }) => typeOf(value) === 'AWS::IAM::Policy').map(({ key }) => key);
  const list = nodeAt(root, ['Resources', id, 'Properties', 'ManagedPolicyArns']);
  return ok({
    root,
    id,
    properties: nodeAt(root, ['Resources', id, 'Properties']),
    managed: list === undefined ? [] : list.kind === 'array' ? list.items : undefined,
    wellKnownIds: own.filter(each => wellKnownIds.has(each)),
    otherIds: own.filter(each => !wellKnownIds.has(each)),
  });
}

const typeOf = (resource: JsonNode): string | undefined => textOf(entry(resource, 'Type'));

const textOf = (node: JsonNode | undefined): string | undefined => (node?.kind === 'string' ? node.value : undefined);

const wellKnownIds: ReadonlySet<string> = new Set(
  wellKnownPolicies.flatMap(name => customPolicies(name).map(([id]) => id)),
);

/** A node as a plain value. */
export const jsonValue = (template: string, node: JsonNode): unknown =>
  JSON.parse(template.slice(node.start, node.end));

/** The managed policy behind one entry, if it is a text or `Fn::Sub` with nothing but the partition to put in. */
export function managedArn(node: JsonNode, partition: string): string | undefined {
  if (node.kind === 'string') return node.value;
  const sub = textOf(entry(node, 'Fn::Sub'))?.replaceAll(`\${AWS::Partition}`, partition);
  return sub?.includes('${') ? undefined : sub;
}

/** The well-known policy that AWS's managed policy is, when eksctl or this tool has put it there by that name. */
export function wellKnownManaged(node: JsonNode): WellKnownPolicy | undefined {
  const sub = textOf(entry(node, 'Fn::Sub'));
  return wellKnownPolicies.find(name => {
    const realised = wellKnown[name];
    return realised.kind === 'managed' && sub === `arn:\${AWS::Partition}:iam::aws:policy/${realised.name}`;
  });
}

/**
 * What a role's stack makes, as a recipe that would make it again. Refused when a part of it is written in a way that a
 * recipe has no words for.
 */
export function recipeOf(template: string, partition: string): Result<RoleRecipe> {
  const role = templateRole(template);
  if (!role.ok) return role;
  const { properties, managed, otherIds } = role.value;
  const fixed = (key: string): Result<string | undefined> => {
    const node = properties && entry(properties, key);
    if (node === undefined) return ok(undefined);
    return node.kind === 'string' ? ok(node.value) : refused(`its ${key} is not a plain text`);
  };
  const [roleName, boundary] = [fixed('RoleName'), fixed('PermissionsBoundary')];
  if (!roleName.ok) return roleName;
  if (!boundary.ok) return boundary;
  if (!managed) return refused('its managed policies are not a plain list');
  const arns = managed.flatMap(node => (wellKnownManaged(node) ? [] : [managedArn(node, partition)]));
  if (arns.includes(undefined)) return refused('one of its managed policies is not a plain ARN');
  if (otherIds.length > 1) return refused(`it has several policies of its own (${otherIds.join(', ')})`);
  const [inline] = otherIds;
  const document = inline === undefined ? undefined : policyDocument(role.value, inline);
  return ok({
    ...(roleName.value !== undefined && { roleName: roleName.value }),
    ...(boundary.value !== undefined && { permissionsBoundaryArn: boundary.value }),
    permissionPolicyArns: arns.filter(arn => arn !== undefined),
    ...(document && { permissionPolicy: template.slice(document.start, document.end) }),
    ...(document && inline !== inlinePolicyId(undefined) && { permissionPolicyName: inline }),
    wellKnownPolicies: wellKnownOf(role.value),
  });
}

export const policyDocument = ({ root }: TemplateRole, id: string): JsonNode | undefined =>
  nodeAt(root, ['Resources', id, 'Properties', 'PolicyDocument']);

/** Those of which every policy is there. */
export function wellKnownOf({ managed = [], wellKnownIds: ids }: TemplateRole): readonly WellKnownPolicy[] {
  const byArn = new Set(managed.map(wellKnownManaged));
  return wellKnownPolicies.filter(name => {
    const custom = customPolicies(name);
    return custom.length > 0 ? custom.every(([id]) => ids.includes(id)) : byArn.has(name);
  });
}
