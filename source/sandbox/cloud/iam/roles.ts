/**
 * What can be done to IAM roles, with IAM's rules. The IAM API and CloudFormation both act through here. Everything
 * throws AwsFault. (IAM API reference; quotas and name rules from the IAM user guide, "IAM and AWS STS quotas".)
 */
import type { Account, RoleRecord, World } from '../../model.ts';
import { AwsFault, validationError } from '../fault.ts';
import { newRoleId } from '../ids.ts';
import { isObject, parseJson } from '../values.ts';
import { checkTrustPolicy } from './trust-grammar.ts';

export type NewRole = {
  readonly name: string;
  readonly trustPolicy: string;
  readonly path?: string;
  readonly description?: string;
  readonly maxSessionSeconds?: number;
  readonly permissionsBoundary?: string;
  readonly tags?: ReadonlyMap<string, string>;
};

const ROLES_PER_ACCOUNT = 1000;
const POLICIES_PER_ROLE = 20;
const TAGS_PER_ROLE = 50;
const INLINE_CHARACTERS_PER_ROLE = 10_240;

/** Throws NoSuchEntity. Writes act on what is true, whatever reads still show. */
export function roleToChange(account: Account, name: string): RoleRecord {
  const role = account.roles.get(name.toLowerCase());
  if (role === undefined) {
    throw noSuchRole(name);
  }
  return role;
}

export function noSuchRole(name: string): AwsFault {
  return new AwsFault(404, 'NoSuchEntity', `The role with name ${name} cannot be found.`);
}

/**
 * The trust policy as reads and other services see it now; undefined while a new role is not yet seen. (IAM user
 * guide, "Troubleshoot IAM": changes are not always immediately visible.)
 */
export function visibleTrust(role: RoleRecord, now: number): string | undefined {
  return now >= role.visibleAt ? role.trustPolicy : role.previousTrustPolicy;
}

export function createRole(world: World, account: Account, input: NewRole, now: number): RoleRecord {
  checkName(input.name);
  const path = input.path ?? '/';
  if (!/^\/([\u0021-\u007e]{0,510}\/)?$/u.test(path)) {
    throw validationError(
      'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
    );
  }
  const seconds = input.maxSessionSeconds ?? 3600;
  if (!(seconds >= 3600 && seconds <= 43_200)) {
    throw validationError(
      `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between 3600 and 43200`,
    );
  }
  if (account.roles.has(input.name.toLowerCase())) {
    throw new AwsFault(409, 'EntityAlreadyExists', `Role with name ${input.name} already exists.`);
  }
  if (account.roles.size >= ROLES_PER_ACCOUNT) {
    throw new AwsFault(409, 'LimitExceeded', `Cannot exceed quota for RolesPerAccount: ${ROLES_PER_ACCOUNT}`);
  }
  checkTrustPolicy(world, input.trustPolicy);
  checkTags(input.tags ?? new Map());
  const role: RoleRecord = {
    name: input.name,
    path,
    arn: `arn:${account.partition}:iam::${account.id}:role${path}${input.name}`,
    id: newRoleId(world),
    trustPolicy: input.trustPolicy,
    tags: new Map(input.tags),
    attachedPolicies: new Set(),
    inlinePolicies: new Map(),
    ...(input.permissionsBoundary === undefined ? {} : { permissionsBoundary: input.permissionsBoundary }),
    ...(input.description === undefined ? {} : { description: input.description }),
    maxSessionSeconds: seconds,
    createdAt: now,
    serviceLinked: false,
    visibleAt: now + world.faults.consistency,
  };
  account.roles.set(role.name.toLowerCase(), role);
  return role;
}

export function updateTrustPolicy(world: World, role: RoleRecord, document: string, now: number): void {
  refuseServiceLinked(role);
  checkTrustPolicy(world, document);
  const seen = visibleTrust(role, now);
  if (seen === undefined) {
    delete role.previousTrustPolicy;
  } else {
    role.previousTrustPolicy = seen;
  }
  role.trustPolicy = document;
  role.visibleAt = now + world.faults.consistency;
}

/** Throws DeleteConflict while policies are attached. Trust policies that name the role keep its unique id instead. */
export function deleteRole(world: World, account: Account, role: RoleRecord): void {
  refuseServiceLinked(role);
  if (role.inlinePolicies.size > 0) {
    throw new AwsFault(409, 'DeleteConflict', 'Cannot delete entity, must delete policies first.');
  }
  if (role.attachedPolicies.size > 0) {
    throw new AwsFault(409, 'DeleteConflict', 'Cannot delete entity, must detach all policies first.');
  }
  account.roles.delete(role.name.toLowerCase());
  for (const other of world.accounts.values()) {
    for (const each of other.roles.values()) {
      each.trustPolicy = each.trustPolicy.replaceAll(`"${role.arn}"`, `"${role.id}"`);
    }
  }
}

export function attachPolicy(account: Account, role: RoleRecord, policyArn: string): void {
  refuseServiceLinked(role);
  checkPolicyArn(account, policyArn);
  if (!role.attachedPolicies.has(policyArn) && role.attachedPolicies.size >= POLICIES_PER_ROLE) {
    throw new AwsFault(409, 'LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${POLICIES_PER_ROLE}`);
  }
  role.attachedPolicies.add(policyArn);
}

export function detachPolicy(role: RoleRecord, policyArn: string): void {
  refuseServiceLinked(role);
  if (!role.attachedPolicies.delete(policyArn)) {
    throw new AwsFault(404, 'NoSuchEntity', `Policy ${policyArn} was not found.`);
  }
}

export function putInlinePolicy(role: RoleRecord, name: string, document: string): void {
  refuseServiceLinked(role);
  if (!/^[\w+=,.@-]{1,128}$/u.test(name)) {
    throw validationError(
      'The specified value for policyName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    );
  }
  const parsed = parseJson(document);
  if (!isObject(parsed) || parsed.Statement === undefined) {
    throw new AwsFault(400, 'MalformedPolicyDocument', 'Syntax errors in policy.');
  }
  const others = [...role.inlinePolicies].filter(([other]) => other !== name).map(([, text]) => text);
  const total = [...others, document].reduce((sum, text) => sum + text.replaceAll(/\s/gu, '').length, 0);
  if (total > INLINE_CHARACTERS_PER_ROLE) {
    throw new AwsFault(
      409,
      'LimitExceeded',
      `Maximum policy size of ${INLINE_CHARACTERS_PER_ROLE} bytes exceeded for role ${role.name}`,
    );
  }
  role.inlinePolicies.set(name, document);
}

export function inlinePolicy(role: RoleRecord, name: string): string {
  const document = role.inlinePolicies.get(name);
  if (document === undefined) {
    throw new AwsFault(404, 'NoSuchEntity', `The role policy with name ${name} cannot be found.`);
  }
  return document;
}

export function deleteInlinePolicy(role: RoleRecord, name: string): void {
  refuseServiceLinked(role);
  inlinePolicy(role, name);
  role.inlinePolicies.delete(name);
}

export function tagRole(role: RoleRecord, tags: ReadonlyMap<string, string>): void {
  refuseServiceLinked(role);
  checkTags(new Map([...role.tags, ...tags]));
  for (const [key, value] of tags) {
    role.tags.set(key, value);
  }
}

export function untagRole(role: RoleRecord, keys: readonly string[]): void {
  refuseServiceLinked(role);
  for (const key of keys) {
    role.tags.delete(key);
  }
}

function checkName(name: string): void {
  if (name.length > 64) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    );
  }
  if (!/^[\w+=,.@-]+$/u.test(name)) {
    throw validationError(
      'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    );
  }
}

function checkPolicyArn(account: Account, arn: string): void {
  const match = /^arn:([\w-]+):iam::(aws|\d{12}):policy\/(?:[\w+=,.@/-]*\/)?[\w+=,.@-]+$/u.exec(arn);
  if (match === null) {
    throw new AwsFault(400, 'InvalidInput', `ARN ${arn} is not valid.`);
  }
  if (match[1] !== account.partition || (match[2] !== 'aws' && match[2] !== account.id)) {
    throw new AwsFault(404, 'NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`);
  }
}

function checkTags(tags: ReadonlyMap<string, string>): void {
  if (tags.size > TAGS_PER_ROLE) {
    throw new AwsFault(409, 'LimitExceeded', `The number of tags has reached the maximum limit.`);
  }
  for (const [key, value] of tags) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) {
      throw validationError(
        `1 validation error detected: Value at 'tags' failed to satisfy constraint: tag ${JSON.stringify(key)}`,
      );
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw new AwsFault(400, 'InvalidInput', 'aws: prefixed tag key names are not allowed for external use.');
    }
  }
}

function refuseServiceLinked(role: RoleRecord): void {
  if (role.serviceLinked) {
    throw new AwsFault(
      400,
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    );
  }
}
