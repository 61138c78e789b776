/**
 * The resources that a stack makes, changes and removes. IAM roles and their inline policies really happen; resources
 * of other types only get an id, so that whole cluster stacks can be in a world. (CloudFormation resource reference:
 * AWS::IAM::Role, AWS::IAM::Policy; what a change replaces is what that reference says.)
 */
import type { Account, StackRecord, World } from '../../model.ts';
import { AwsFault } from '../fault.ts';
import {
  attachPolicy,
  createRole,
  deleteInlinePolicy,
  deleteRole,
  detachPolicy,
  putInlinePolicy,
  roleToChange,
  tagRole,
  untagRole,
  updateTrustPolicy,
} from '../iam/roles.ts';
import { newNameSuffix } from '../ids.ts';
import { asList, asStrings, isObject, type JsonObject, parseJson, sameJson } from '../values.ts';

export type ResourceContext = {
  readonly world: World;
  readonly account: Account;
  readonly stack: StackRecord;
  readonly now: number;
};

/** A resource's properties with all functions worked out, and the stack's tags. */
export type Desired = {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly stackTags: ReadonlyMap<string, string>;
};

/** Makes the resource and returns its physical id. Throws AwsFault with nothing made. */
export function createResource(context: ResourceContext, desired: Desired): string {
  switch (desired.type) {
    case 'AWS::IAM::Role':
      return createStackRole(context, desired);
    case 'AWS::IAM::Policy': {
      applyPolicy(context, undefined, desired);
      return generatedName(context, desired, 'Policy');
    }
    default:
      return generatedName(context, desired);
  }
}

/** True when the change cannot be made in place. */
export function mustReplace(before: Desired, after: Desired): boolean {
  if (before.type !== after.type) {
    return true;
  }
  return (
    after.type === 'AWS::IAM::Role' &&
    ['RoleName', 'Path'].some(key => !sameJson(before.properties[key], after.properties[key]))
  );
}

/** Changes the resource in place to what is desired, undoing drift. */
export function updateResource(context: ResourceContext, physicalId: string, before: Desired, after: Desired): void {
  if (after.type === 'AWS::IAM::Role') {
    updateStackRole(context, physicalId, before, after);
  } else if (after.type === 'AWS::IAM::Policy') {
    applyPolicy(context, before, after);
  }
}

/** What is gone already counts as removed. */
export function removeResource(context: ResourceContext, physicalId: string, desired: Desired): void {
  if (desired.type === 'AWS::IAM::Role') {
    removeStackRole(context, physicalId, desired);
  } else if (desired.type === 'AWS::IAM::Policy') {
    applyPolicy(context, desired, { ...desired, properties: { ...desired.properties, Roles: [] } });
  }
}

/** What `Fn::GetAtt` gives for a resource that exists. */
export function attributeOf(account: Account, type: string, physicalId: string, attribute: string): string | undefined {
  if (type !== 'AWS::IAM::Role') {
    return attribute === '' ? undefined : `${physicalId}.${attribute}`;
  }
  const role = account.roles.get(physicalId.toLowerCase());
  return attribute === 'Arn' ? role?.arn : attribute === 'RoleId' ? role?.id : undefined;
}

/** Whether a change of the stack's tags changes the resource. */
export function isTagged(type: string): boolean {
  return type === 'AWS::IAM::Role';
}

const ROLE_PROPERTIES = new Set([
  'AssumeRolePolicyDocument',
  'Description',
  'ManagedPolicyArns',
  'MaxSessionDuration',
  'Path',
  'PermissionsBoundary',
  'Policies',
  'RoleName',
  'Tags',
]);

function createStackRole(context: ResourceContext, desired: Desired): string {
  const { world, account, now } = context;
  const { properties } = desired;
  const unknown = Object.keys(properties).find(key => !ROLE_PROPERTIES.has(key));
  if (unknown !== undefined) {
    throw new AwsFault(400, 'InvalidRequest', `Encountered unsupported property ${unknown}`);
  }
  if (properties.AssumeRolePolicyDocument === undefined) {
    throw new AwsFault(400, 'InvalidRequest', 'Property AssumeRolePolicyDocument cannot be empty.');
  }
  const role = createRole(
    world,
    account,
    {
      name: typeof properties.RoleName === 'string' ? properties.RoleName : generatedName(context, desired),
      trustPolicy: documentText(properties.AssumeRolePolicyDocument),
      tags: tagsOf(desired),
      ...(typeof properties.Path === 'string' ? { path: properties.Path } : {}),
      ...(typeof properties.Description === 'string' ? { description: properties.Description } : {}),
      ...(typeof properties.PermissionsBoundary === 'string'
        ? { permissionsBoundary: properties.PermissionsBoundary }
        : {}),
      ...(properties.MaxSessionDuration === undefined
        ? {}
        : { maxSessionSeconds: Number(properties.MaxSessionDuration) }),
    },
    now,
  );
  try {
    for (const arn of asStrings(properties.ManagedPolicyArns)) {
      attachPolicy(account, role, arn);
    }
    for (const [name, document] of inlinePolicies(properties)) {
      putInlinePolicy(role, name, document);
    }
  } catch (error) {
    role.attachedPolicies.clear();
    role.inlinePolicies.clear();
    deleteRole(world, account, role);
    throw error;
  }
  return role.name;
}

function updateStackRole(context: ResourceContext, physicalId: string, before: Desired, after: Desired): void {
  const { world, account, now } = context;
  const role = roleToChange(account, physicalId);
  const trust = documentText(after.properties.AssumeRolePolicyDocument);
  if (!sameJson(parseJson(role.trustPolicy), parseJson(trust))) {
    updateTrustPolicy(world, role, trust, now);
  }
  const policies = new Set(asStrings(after.properties.ManagedPolicyArns));
  for (const arn of policies) {
    attachPolicy(account, role, arn);
  }
  for (const arn of asStrings(before.properties.ManagedPolicyArns)) {
    if (!policies.has(arn) && role.attachedPolicies.has(arn)) {
      detachPolicy(role, arn);
    }
  }
  const inline = inlinePolicies(after.properties);
  for (const [name, document] of inline) {
    putInlinePolicy(role, name, document);
  }
  for (const name of inlinePolicies(before.properties).keys()) {
    if (!inline.has(name) && role.inlinePolicies.has(name)) {
      deleteInlinePolicy(role, name);
    }
  }
  const tags = tagsOf(after);
  untagRole(
    role,
    [...tagsOf(before).keys()].filter(key => !tags.has(key)),
  );
  tagRole(role, tags);
  const { Description, PermissionsBoundary, MaxSessionDuration } = after.properties;
  role.maxSessionSeconds = Number(MaxSessionDuration ?? 3600);
  role.description = typeof Description === 'string' ? Description : '';
  if (typeof PermissionsBoundary === 'string') {
    role.permissionsBoundary = PermissionsBoundary;
  } else {
    delete role.permissionsBoundary;
  }
}

function removeStackRole({ world, account }: ResourceContext, physicalId: string, desired: Desired): void {
  const role = account.roles.get(physicalId.toLowerCase());
  if (role === undefined) {
    return;
  }
  for (const arn of asStrings(desired.properties.ManagedPolicyArns)) {
    role.attachedPolicies.delete(arn);
  }
  for (const name of inlinePolicies(desired.properties).keys()) {
    role.inlinePolicies.delete(name);
  }
  deleteRole(world, account, role);
}

function applyPolicy({ account }: ResourceContext, before: Desired | undefined, after: Desired): void {
  const name = String(after.properties.PolicyName ?? '');
  const roles = new Set(asStrings(after.properties.Roles));
  for (const each of roles) {
    putInlinePolicy(roleToChange(account, each), name, documentText(after.properties.PolicyDocument));
  }
  if (before === undefined) {
    return;
  }
  const oldName = String(before.properties.PolicyName ?? '');
  for (const each of asStrings(before.properties.Roles)) {
    if (oldName !== name || !roles.has(each)) {
      account.roles.get(each.toLowerCase())?.inlinePolicies.delete(oldName);
    }
  }
}

function inlinePolicies(properties: JsonObject): Map<string, string> {
  return new Map(
    asList(properties.Policies)
      .filter(isObject)
      .map(each => [String(each.PolicyName), documentText(each.PolicyDocument)]),
  );
}

/** Own tags and the stack's; the resource's own win. */
function tagsOf(desired: Desired): Map<string, string> {
  const own = asList(desired.properties.Tags)
    .filter(isObject)
    .map((each): [string, string] => [String(each.Key), String(each.Value ?? '')]);
  return new Map([...desired.stackTags, ...own]);
}

function documentText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document ?? null);
}

/** `{stack}-{LogicalId}-{12 random}`, the first two cut so that the whole has at most 64 characters. */
function generatedName({ world, stack }: ResourceContext, { logicalId }: Desired, prefix?: string): string {
  if (prefix !== undefined) {
    return `${stack.name.slice(0, 4)}-${prefix}-${newNameSuffix(world)}`;
  }
  return `${`${stack.name}-${logicalId}`.slice(0, 64 - 13)}-${newNameSuffix(world)}`;
}
