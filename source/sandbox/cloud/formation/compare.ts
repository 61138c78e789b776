/** What an update would change (CloudFormation user guide, "Update behaviors of stack resources"). */
import type { Account, StackInput, StackRecord } from '../../model.ts';
import { sameJson } from '../values.ts';
import { StackPlan } from './plan.ts';
import { currentInput, physicalIdsOf } from './records.ts';
import { type Desired, isTagged } from './resources.ts';

export type ResourceChange = {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
};

export type StackChange = {
  readonly before: StackPlan;
  readonly after: StackPlan;
  readonly resources: readonly ResourceChange[];
  /** Also true when only outputs or tags differ. */
  readonly changed: boolean;
};

/** What an update would do. A stack without a template (for a change set) has nothing before. */
export function compare(account: Account, stack: StackRecord, input: StackInput): StackChange {
  const after = new StackPlan(account, stack, input);
  const empty = stack.template === '';
  const before = empty ? after : new StackPlan(account, stack, currentInput(stack));
  const physicalIds = physicalIdsOf(stack);
  const resources: ResourceChange[] = [];
  for (const logicalId of after.order) {
    const record = stack.resources.get(logicalId);
    const type = after.template.resources.get(logicalId)?.type ?? '';
    if (record === undefined) {
      resources.push({ action: 'Add', logicalId, type });
    } else if (isModified(before, after, logicalId, physicalIds)) {
      resources.push({ action: 'Modify', logicalId, physicalId: record.physicalId, type });
    }
  }
  for (const [logicalId, { physicalId, type }] of stack.resources) {
    if (!after.template.resources.has(logicalId)) {
      resources.push({ action: 'Remove', logicalId, physicalId, type });
    }
  }
  const same = (left: unknown, right: unknown): boolean => sameJson(left, right);
  const changed =
    empty ||
    resources.length > 0 ||
    !same([...before.template.outputs], [...after.template.outputs]) ||
    !same(Object.fromEntries(before.input.tags), Object.fromEntries(after.input.tags));
  return { before, after, resources, changed };
}

function isModified(
  before: StackPlan,
  after: StackPlan,
  logicalId: string,
  physicalIds: ReadonlyMap<string, string>,
): boolean {
  let was: Desired | undefined;
  let wanted: Desired | undefined;
  try {
    was = before.desired(logicalId, physicalIds);
    wanted = after.desired(logicalId, physicalIds);
  } catch {
    // It refers to a resource that this update adds, or to one that somebody deleted.
    return true;
  }
  if (was === undefined || wanted === undefined || was.type !== wanted.type) {
    return true;
  }
  const tagsDiffer = !sameJson(Object.fromEntries(was.stackTags), Object.fromEntries(wanted.stackTags));
  return !sameJson(was.properties, wanted.properties) || (isTagged(wanted.type) && tagsDiffer);
}
