/**
 * The life of a stack: what it does at once and what the world's schedule does later (CloudFormation user guide, "Stack
 * status codes", "Stack failure options"). Times are far shorter than AWS's, but never nothing.
 */
import type { Account, StackInput, StackRecord, World } from '../../model.ts';
import { schedule } from '../../time.ts';
import { validationError } from '../fault.ts';
import { compare, type StackChange } from './compare.ts';
import { StackPlan } from './plan.ts';
import { addEvent, currentInput, replaceAll, setStatus, takeInput } from './records.ts';
import { StackWork } from './work.ts';

/** Milliseconds from the start of an operation. */
const CREATE = { begin: 300, apply: 1200, end: 1800, rolledBack: 2200 };
const UPDATE = { begin: 200, apply: 800, end: 1200, rolledBack: 1600 };
const DELETE = { apply: 700 };

export type FailureOption = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** Starts making a stack whose record is there, without resources. */
export function beginCreate(
  world: World,
  account: Account,
  stack: StackRecord,
  input: StackInput,
  onFailure: FailureOption,
  now: number,
): void {
  const plan = new StackPlan(account, stack, input);
  takeInput(stack, input, plan.template.description);
  setStatus(world, stack, 'CREATE_IN_PROGRESS', now, 'User Initiated');
  schedule(world, now + CREATE.begin, (_, at) => {
    for (const logicalId of plan.order) {
      const type = plan.template.resources.get(logicalId)?.type ?? '';
      stack.resources.set(logicalId, { physicalId: '', type, status: 'CREATE_IN_PROGRESS' });
      addEvent(world, stack, { logicalId, physicalId: '', type, status: 'CREATE_IN_PROGRESS' }, at);
    }
  });
  schedule(world, now + CREATE.apply, (_, at) => {
    const work = new StackWork(world, account, stack, at);
    const failed = work.createAll(plan);
    if (failed === undefined) {
      schedule(world, now + CREATE.end, (_world, end) => {
        replaceAll(stack.outputs, plan.outputs(work.physicalIds()));
        setStatus(world, stack, 'CREATE_COMPLETE', end);
      });
      return;
    }
    const reason = `The following resource(s) failed to create: [${failed}].`;
    if (onFailure === 'DO_NOTHING') {
      setStatus(world, stack, 'CREATE_FAILED', at, reason);
    } else if (onFailure === 'DELETE') {
      beginDelete(world, account, stack, at, { reason });
    } else {
      setStatus(world, stack, 'ROLLBACK_IN_PROGRESS', at, `${reason} Rollback requested by user.`);
      schedule(world, now + CREATE.rolledBack, (_world, end) => {
        const undone = new StackWork(world, account, stack, end).removeAll(plan, new Set());
        setStatus(world, stack, undone.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', end);
      });
    }
  });
}

/** Starts an update. Throws ValidationError when nothing would change. */
export function beginUpdate(world: World, account: Account, stack: StackRecord, input: StackInput, now: number): void {
  const change = compare(account, stack, input);
  if (!change.changed) {
    throw validationError('No updates are to be performed.');
  }
  setStatus(world, stack, 'UPDATE_IN_PROGRESS', now, 'User Initiated');
  schedule(world, now + UPDATE.begin, (_, at) => {
    for (const each of change.resources) {
      const record = stack.resources.get(each.logicalId);
      if (record !== undefined && each.action === 'Modify') {
        record.status = 'UPDATE_IN_PROGRESS';
        addEvent(world, stack, { logicalId: each.logicalId, ...record }, at);
      }
    }
  });
  schedule(world, now + UPDATE.apply, (_, at) => applyUpdate(world, account, stack, change, at));
}

export type DeleteOptions = { readonly retain?: ReadonlySet<string>; readonly reason?: string };

export function beginDelete(
  world: World,
  account: Account,
  stack: StackRecord,
  now: number,
  options: DeleteOptions = {},
): void {
  setStatus(world, stack, 'DELETE_IN_PROGRESS', now, options.reason ?? 'User Initiated');
  schedule(world, now + DELETE.apply, (_, at) => {
    const plan = stack.template === '' ? undefined : new StackPlan(account, stack, currentInput(stack));
    const work = new StackWork(world, account, stack, at);
    const failed = plan === undefined ? [] : work.removeAll(plan, options.retain ?? new Set());
    if (failed.length > 0) {
      setStatus(
        world,
        stack,
        'DELETE_FAILED',
        at,
        `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
      );
    } else {
      setStatus(world, stack, 'DELETE_COMPLETE', at);
      stack.deletedAt = at;
    }
  });
}

function applyUpdate(world: World, account: Account, stack: StackRecord, change: StackChange, at: number): void {
  const started = at - UPDATE.apply;
  const work = new StackWork(world, account, stack, at);
  const failed = work.change(change);
  if (failed === undefined) {
    takeInput(stack, change.after.input, change.after.template.description);
    replaceAll(stack.outputs, change.after.outputs(work.physicalIds()));
    stack.updatedAt = at;
    setStatus(world, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', at);
    schedule(world, started + UPDATE.end, (_, end) => {
      work.cleanUp(end);
      setStatus(world, stack, 'UPDATE_COMPLETE', end);
    });
    return;
  }
  const reason = `The following resource(s) failed to update: [${failed}]. `;
  setStatus(world, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', at, reason);
  schedule(world, started + UPDATE.end, (_, back) => {
    const stuck = work.undo(back);
    stack.updatedAt = back;
    if (stuck.length > 0) {
      setStatus(
        world,
        stack,
        'UPDATE_ROLLBACK_FAILED',
        back,
        `The following resource(s) failed to update: [${stuck.join(', ')}]. `,
      );
      return;
    }
    setStatus(world, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', back);
    schedule(world, started + UPDATE.rolledBack, (_world, end) =>
      setStatus(world, stack, 'UPDATE_ROLLBACK_COMPLETE', end),
    );
  });
}
