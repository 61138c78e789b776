/** From a stack's input to what its resources should be, in the order in which they depend on each other. */
import type { Account, StackInput, StackRecord } from '../../model.ts';
import { AwsFault, validationError } from '../fault.ts';
import { isObject } from '../values.ts';
import { references, resolve, type Scope, unresolved } from './resolve.ts';
import { attributeOf, type Desired } from './resources.ts';
import { readTemplate, type Template } from './template.ts';

const PSEUDO = new Set([
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);

export type Parameter = { readonly key: string; readonly value?: string; readonly usePrevious: boolean };

/** The given parameters with defaults and previous values filled in. Throws ValidationError. */
export function readParameters(
  template: Template,
  given: readonly Parameter[],
  previous: ReadonlyMap<string, string>,
): Map<string, string> {
  const unknown = given.filter(each => !template.parameters.has(each.key)).map(each => each.key);
  if (unknown.length > 0) {
    throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, declaration] of template.parameters) {
    const entry = given.find(each => each.key === name);
    const value = entry?.usePrevious === true ? previous.get(name) : (entry?.value ?? declaration.default);
    if (value === undefined) {
      missing.push(name);
    } else {
      values.set(name, value);
    }
  }
  if (missing.length > 0) {
    throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  }
  return values;
}

const IAM_RESOURCE =
  /^AWS::IAM::(AccessKey|Group|InstanceProfile|ManagedPolicy|Policy|Role|User|UserToGroupAddition)$/u;
const NAMES = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName'];

/** IAM resources have to be acknowledged, named ones more so (CreateStack, "Capabilities"). */
export function neededCapability(template: Template): 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined {
  const resources = [...template.resources.values()].filter(each => IAM_RESOURCE.test(each.type));
  if (resources.some(each => NAMES.some(name => name in each.properties))) {
    return 'CAPABILITY_NAMED_IAM';
  }
  return resources.length > 0 ? 'CAPABILITY_IAM' : undefined;
}

/** Throws InsufficientCapabilitiesException. */
export function checkCapabilities(template: Template, capabilities: readonly string[]): void {
  const needed = neededCapability(template);
  const enough = needed === 'CAPABILITY_IAM' ? ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] : ['CAPABILITY_NAMED_IAM'];
  if (needed !== undefined && !enough.some(each => capabilities.includes(each))) {
    throw new AwsFault(400, 'InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
  }
}

/** Logical ids, each after what it depends on. Throws ValidationError on unknown names and circles. */
export function creationOrder(template: Template): string[] {
  const order: string[] = [];
  const open = new Set<string>();
  const visit = (logicalId: string): void => {
    const resource = template.resources.get(logicalId);
    if (resource === undefined || order.includes(logicalId)) {
      return;
    }
    if (open.has(logicalId)) {
      throw validationError(`Circular dependency between resources: [${[...open].join(', ')}]`);
    }
    open.add(logicalId);
    for (const name of [...references(resource.properties), ...resource.dependsOn]) {
      if (!template.resources.has(name) && !template.parameters.has(name) && !PSEUDO.has(name)) {
        throw unresolved(name);
      }
      visit(name);
    }
    open.delete(logicalId);
    order.push(logicalId);
  };
  for (const logicalId of template.resources.keys()) {
    visit(logicalId);
  }
  for (const [, output] of template.outputs) {
    for (const name of references(output.value)) {
      if (!template.resources.has(name) && !template.parameters.has(name) && !PSEUDO.has(name)) {
        throw unresolved(name);
      }
    }
  }
  return order;
}

/** A stack's template with its parameters, ready to say what each resource should be. */
export class StackPlan {
  readonly input: StackInput;
  readonly template: Template;
  readonly order: readonly string[];
  readonly #account: Account;
  readonly #stack: StackRecord;

  constructor(account: Account, stack: StackRecord, input: StackInput) {
    this.#account = account;
    this.#stack = stack;
    this.input = input;
    this.template = readTemplate(input.template);
    this.order = creationOrder(this.template);
  }

  /** Undefined when the template has no such resource. Throws when it refers to one that does not exist yet. */
  desired(logicalId: string, physicalIds: ReadonlyMap<string, string>): Desired | undefined {
    const resource = this.template.resources.get(logicalId);
    if (resource === undefined) {
      return undefined;
    }
    const properties = resolve(resource.properties, this.#scope(physicalIds));
    return {
      logicalId,
      type: resource.type,
      properties: isObject(properties) ? properties : {},
      stackTags: this.input.tags,
    };
  }

  /** An output that refers to something that somebody deleted is left out. */
  outputs(physicalIds: ReadonlyMap<string, string>): Map<string, string> {
    const scope = this.#scope(physicalIds);
    const values = new Map<string, string>();
    for (const [name, output] of this.template.outputs) {
      try {
        values.set(name, String(resolve(output.value, scope) ?? ''));
      } catch (error) {
        if (!(error instanceof AwsFault)) {
          throw error;
        }
      }
    }
    return values;
  }

  #scope(physicalIds: ReadonlyMap<string, string>): Scope {
    const stack = this.#stack;
    const pseudo: Record<string, string> = {
      'AWS::AccountId': this.#account.id,
      'AWS::Partition': this.#account.partition,
      'AWS::Region': stack.region,
      'AWS::StackId': stack.id,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return {
      mappings: this.template.mappings,
      ref: name => pseudo[name] ?? this.input.parameters.get(name) ?? physicalIds.get(name),
      attribute: (logicalId, attribute) => {
        const physicalId = physicalIds.get(logicalId);
        const type = this.template.resources.get(logicalId)?.type;
        return physicalId === undefined || type === undefined
          ? undefined
          : attributeOf(this.#account, type, physicalId, attribute);
      },
    };
  }
}
