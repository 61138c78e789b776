/** Puts a finished stack, with its roles, into a world. */
import type { Account, StackInput, StackRecord, World } from '../model.ts';
import { readParameters, StackPlan } from './formation/plan.ts';
import { addEvent, newStackRecord, replaceAll, setStatus, takeInput } from './formation/records.ts';
import { createResource } from './formation/resources.ts';
import { readTemplate } from './formation/template.ts';

export type StackSeed = {
  readonly name: string;
  readonly region: string;
  /** JSON or YAML, or an object that becomes JSON. */
  readonly template: string | object;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Reach the stack's roles too. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly string[];
  /** Default CREATE_COMPLETE. A stack that failed or was rolled back at its creation has no resources. */
  readonly status?: string;
  readonly statusReason?: string;
  readonly terminationProtection?: boolean;
  readonly createdAt?: number;
  /** Logical id -> name of what is there already, e.g. a role put in place with `addRole`. */
  readonly physicalIds?: Readonly<Record<string, string>>;
};

const WITHOUT_RESOURCES = new Set([
  'CREATE_FAILED',
  'DELETE_COMPLETE',
  'REVIEW_IN_PROGRESS',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
]);

/** The stack as its creation left it: roles made, outputs known, events written. Roles' ARNs are in `outputs`. */
export function addStack(world: World, account: Account, seed: StackSeed): StackRecord {
  const createdAt = seed.createdAt ?? world.now - 60 * 86_400_000;
  const status = seed.status ?? 'CREATE_COMPLETE';
  const stack = newStackRecord(world, account, seed.region, seed.name, {
    status,
    now: createdAt,
    terminationProtection: seed.terminationProtection ?? false,
  });
  const template = typeof seed.template === 'string' ? seed.template : JSON.stringify(seed.template);
  const given = Object.entries(seed.parameters ?? {}).map(([key, value]) => ({ key, value, usePrevious: false }));
  const input: StackInput = {
    template,
    parameters: readParameters(readTemplate(template), given, new Map()),
    tags: new Map(Object.entries(seed.tags ?? {})),
    capabilities: seed.capabilities ?? ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  };
  const plan = new StackPlan(account, stack, input);
  takeInput(stack, input, plan.template.description);
  setStatus(world, stack, 'CREATE_IN_PROGRESS', createdAt, 'User Initiated');
  if (!WITHOUT_RESOURCES.has(status)) {
    makeResources(world, account, stack, plan, seed.physicalIds ?? {}, createdAt);
  }
  setStatus(world, stack, status, createdAt, seed.statusReason);
  if (status === 'DELETE_COMPLETE') {
    stack.deletedAt = createdAt;
  }
  return stack;
}

function makeResources(
  world: World,
  account: Account,
  stack: StackRecord,
  plan: StackPlan,
  existing: Readonly<Record<string, string>>,
  now: number,
): void {
  const physicalIds = new Map<string, string>();
  for (const logicalId of plan.order) {
    const desired = plan.desired(logicalId, physicalIds);
    if (desired === undefined) {
      continue;
    }
    const physicalId = existing[logicalId] ?? createResource({ world, account, stack, now }, desired);
    physicalIds.set(logicalId, physicalId);
    const record = { physicalId, type: desired.type, status: 'CREATE_COMPLETE' };
    stack.resources.set(logicalId, record);
    addEvent(world, stack, { logicalId, ...record }, now);
  }
  replaceAll(stack.outputs, plan.outputs(physicalIds));
}
