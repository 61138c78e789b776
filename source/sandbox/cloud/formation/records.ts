/** Stack records: made, found, and told what happened. */
import type { Account, StackInput, StackRecord, World } from '../../model.ts';
import { AwsFault, validationError } from '../fault.ts';
import { newUuid } from '../ids.ts';

export function newStackRecord(
  world: World,
  account: Account,
  region: string,
  name: string,
  options: { readonly status: string; readonly now: number; readonly terminationProtection?: boolean },
): StackRecord {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/u.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const stack: StackRecord = {
    name,
    id: `arn:${account.partition}:cloudformation:${region}:${account.id}:stack/${name}/${newUuid(world)}`,
    region,
    status: options.status,
    template: '',
    parameters: new Map(),
    tags: new Map(),
    capabilities: [],
    outputs: new Map(),
    resources: new Map(),
    events: [],
    terminationProtection: options.terminationProtection ?? false,
    createdAt: options.now,
    changeSets: new Map(),
    requestTokens: new Set(),
  };
  account.stacks.set(stack.id, stack);
  return stack;
}

/** The stack of that id, or the one that now has that name; deleted ones are found by id alone. */
export function findStack(account: Account, region: string, nameOrId: string): StackRecord | undefined {
  if (nameOrId.startsWith('arn:')) {
    const stack = account.stacks.get(nameOrId);
    return stack?.region === region ? stack : undefined;
  }
  for (const stack of account.stacks.values()) {
    if (stack.name === nameOrId && stack.region === region && stack.status !== 'DELETE_COMPLETE') {
      return stack;
    }
  }
  return undefined;
}

/** Throws the ValidationError by which CloudFormation says that there is no such stack. */
export function stackNamed(account: Account, region: string, nameOrId: string): StackRecord {
  const stack = findStack(account, region, nameOrId);
  if (stack === undefined) {
    throw validationError(`Stack with id ${nameOrId} does not exist`);
  }
  return stack;
}

/** The input by which the stack is what it is now. */
export function currentInput(stack: StackRecord): StackInput {
  return {
    template: stack.template,
    parameters: new Map(stack.parameters),
    tags: new Map(stack.tags),
    capabilities: [...stack.capabilities],
  };
}

export function takeInput(stack: StackRecord, input: StackInput, description: string | undefined): void {
  stack.template = input.template;
  stack.capabilities = [...input.capabilities];
  replaceAll(stack.parameters, input.parameters);
  replaceAll(stack.tags, input.tags);
  if (description === undefined) {
    delete stack.description;
  } else {
    stack.description = description;
  }
}

export function replaceAll<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  const copy = [...source];
  target.clear();
  for (const [key, value] of copy) {
    target.set(key, value);
  }
}

/** Sets the stack's own status, with its event. */
export function setStatus(world: World, stack: StackRecord, status: string, now: number, reason?: string): void {
  stack.status = status;
  if (reason === undefined) {
    delete stack.statusReason;
  } else {
    stack.statusReason = reason;
  }
  addEvent(
    world,
    stack,
    { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack', status },
    now,
    reason,
  );
}

export function addEvent(
  world: World,
  stack: StackRecord,
  what: { readonly logicalId: string; readonly physicalId: string; readonly type: string; readonly status: string },
  now: number,
  reason?: string,
): void {
  const uuid = newUuid(world);
  stack.events.push({
    id: what.type === 'AWS::CloudFormation::Stack' ? uuid : `${what.logicalId}-${what.status}-${uuid}`,
    at: now,
    ...what,
    ...(reason === undefined ? {} : { reason }),
    ...(stack.token === undefined ? {} : { token: stack.token }),
  });
}

/** All events from here on are of the operation that was asked for under this token. */
export function beginOperation(stack: StackRecord, token: string | undefined): void {
  if (token === undefined) {
    delete stack.token;
  } else {
    stack.token = token;
  }
}

/** Throws unless the stack is at rest in a state from which CloudFormation updates it. */
export function checkUpdatable(stack: StackRecord): void {
  const allowed = [
    'CREATE_COMPLETE',
    'IMPORT_COMPLETE',
    'IMPORT_ROLLBACK_COMPLETE',
    'UPDATE_COMPLETE',
    'UPDATE_FAILED',
    'UPDATE_ROLLBACK_COMPLETE',
  ];
  if (!allowed.includes(stack.status)) {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
}

/**
 * Whether this operation was already accepted under this token (CreateStack, "ClientRequestToken"). The same token for
 * another operation throws.
 */
export function alreadyAccepted(stack: StackRecord, operation: string, token: string | undefined): boolean {
  if (token === undefined) {
    return false;
  }
  if (stack.requestTokens.has(`${operation}:${token}`)) {
    return true;
  }
  if ([...stack.requestTokens].some(each => each.endsWith(`:${token}`))) {
    throw new AwsFault(400, 'TokenAlreadyExistsException', 'A client request token already exists.');
  }
  stack.requestTokens.add(`${operation}:${token}`);
  return false;
}

/** Logical id -> physical id of the resources that exist. */
export function physicalIdsOf(stack: StackRecord): Map<string, string> {
  return new Map(
    [...stack.resources].filter(([, each]) => each.physicalId !== '').map(([name, each]) => [name, each.physicalId]),
  );
}
