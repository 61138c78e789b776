/**
 * The life of a stack: what it does at once and what the world's schedule does later (CloudFormation user guide, "Stack
 * status codes", "Stack failure options"). Times are far shorter than AWS's, but never nothing.
 */
import type { Account, StackInput, StackRecord, World } from '../../model.ts';
import { schedule } from '../../time.ts';
import { AwsFault, validationError } from '../fault.ts';
import { sameJson } from '../values.ts';
import { StackPlan } from './plan.ts';
import { addEvent, currentInput, replaceAll, setStatus, takeInput } from './records.ts';
import { createResource, type Desired, isTagged, mustReplace, removeResource, updateResource } from './resources.ts';

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

/** Starts an update. Throws ValidationError when nothing would change, and when a named role would be replaced. */
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

function physicalIdsOf(stack: StackRecord): Map<string, string> {
  return new Map(
    [...stack.resources].filter(([, each]) => each.physicalId !== '').map(([name, each]) => [name, each.physicalId]),
  );
}

/** One operation's work on a stack's resources, with what it takes to undo it and to clean up after it. */
class StackWork {
  readonly #world: World;
  readonly #account: Account;
  readonly #stack: StackRecord;
  #now: number;
  readonly #undo: { readonly logicalId: string; readonly run: () => void }[] = [];
  readonly #cleanUp: (() => void)[] = [];

  constructor(world: World, account: Account, stack: StackRecord, now: number) {
    this.#world = world;
    this.#account = account;
    this.#stack = stack;
    this.#now = now;
  }

  physicalIds(): Map<string, string> {
    return physicalIdsOf(this.#stack);
  }

  /** The logical id of the resource that could not be made; those before it stay. */
  createAll(plan: StackPlan): string | undefined {
    for (const logicalId of plan.order) {
      if (!this.#attempt(logicalId, 'CREATE', () => this.#create(plan, logicalId))) {
        return logicalId;
      }
    }
    return undefined;
  }

  /** Logical ids of what could not be removed, the last made first. */
  removeAll(plan: StackPlan, retain: ReadonlySet<string>): string[] {
    const failed: string[] = [];
    for (const logicalId of [...plan.order].reverse()) {
      const record = this.#stack.resources.get(logicalId);
      if (record === undefined || record.status === 'DELETE_COMPLETE') {
        continue;
      }
      const keep = retain.has(logicalId) || plan.template.resources.get(logicalId)?.retained === true;
      if (keep) {
        this.#report(logicalId, 'DELETE_SKIPPED');
      } else if (!this.#attempt(logicalId, 'DELETE', () => this.#remove(plan, logicalId))) {
        failed.push(logicalId);
      }
    }
    return failed;
  }

  /** The logical id of the resource that could not be changed. What is no longer wanted is left for `cleanUp`. */
  change(change: StackChange): string | undefined {
    const actions = new Map(change.resources.map(each => [each.logicalId, each.action]));
    for (const logicalId of change.after.order) {
      const action = actions.get(logicalId);
      const done =
        action === 'Add'
          ? this.#attempt(logicalId, 'CREATE', () => this.#add(change.after, logicalId))
          : action !== 'Modify' || this.#attempt(logicalId, 'UPDATE', () => this.#modify(change, logicalId));
      if (!done) {
        return logicalId;
      }
    }
    for (const [logicalId, action] of actions) {
      if (action === 'Remove') {
        const desired = change.before.desired(logicalId, this.physicalIds());
        const record = this.#stack.resources.get(logicalId);
        const kept = change.before.template.resources.get(logicalId)?.retained === true;
        this.#cleanUp.push(() => {
          if (desired !== undefined && record !== undefined && !kept) {
            removeResource(this.#context(), record.physicalId, desired);
          }
          this.#report(logicalId, kept ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE');
          this.#stack.resources.delete(logicalId);
        });
      }
    }
    return undefined;
  }

  cleanUp(now: number): void {
    this.#now = now;
    for (const each of this.#cleanUp.reverse()) {
      try {
        each();
      } catch (error) {
        // CloudFormation leaves behind what it cannot clean up after a finished update.
        reasonOf(error);
      }
    }
  }

  /** Takes back what `change` did, the last first; returns the logical ids for which that failed. */
  undo(now: number): string[] {
    this.#now = now;
    const stuck: string[] = [];
    for (const { logicalId, run } of this.#undo.reverse()) {
      if (!this.#attempt(logicalId, 'UPDATE', run)) {
        stuck.push(logicalId);
      }
    }
    return stuck;
  }

  #context(): { world: World; account: Account; stack: StackRecord; now: number } {
    return { world: this.#world, account: this.#account, stack: this.#stack, now: this.#now };
  }

  #desired(plan: StackPlan, logicalId: string): Desired {
    const desired = plan.desired(logicalId, this.physicalIds());
    if (desired === undefined) {
      throw new AwsFault(400, 'InternalFailure', `${logicalId} is not in the template`);
    }
    return desired;
  }

  #create(plan: StackPlan, logicalId: string): void {
    const desired = this.#desired(plan, logicalId);
    const physicalId = createResource(this.#context(), desired);
    this.#stack.resources.set(logicalId, { physicalId, type: desired.type, status: 'CREATE_IN_PROGRESS' });
  }

  #add(plan: StackPlan, logicalId: string): void {
    this.#create(plan, logicalId);
    const desired = this.#desired(plan, logicalId);
    const physicalId = this.#stack.resources.get(logicalId)?.physicalId ?? '';
    this.#undo.push({
      logicalId,
      run: () => {
        removeResource(this.#context(), physicalId, desired);
        this.#stack.resources.delete(logicalId);
      },
    });
  }

  #modify(change: StackChange, logicalId: string): void {
    const record = this.#stack.resources.get(logicalId);
    const before = this.#desired(change.before, logicalId);
    const after = this.#desired(change.after, logicalId);
    if (record === undefined) {
      return;
    }
    const physicalId = record.physicalId;
    if (!mustReplace(before, after)) {
      this.#undo.push({ logicalId, run: () => updateResource(this.#context(), physicalId, after, before) });
      updateResource(this.#context(), physicalId, before, after);
      return;
    }
    const named = after.properties.RoleName;
    if (named !== undefined && named === before.properties.RoleName) {
      throw new AwsFault(
        400,
        'ValidationError',
        `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(named)} and update the stack again.`,
      );
    }
    record.physicalId = createResource(this.#context(), after);
    record.type = after.type;
    const replacement = record.physicalId;
    this.#undo.push({
      logicalId,
      run: () => {
        removeResource(this.#context(), replacement, after);
        record.physicalId = physicalId;
        record.type = before.type;
      },
    });
    this.#cleanUp.push(() => removeResource(this.#context(), physicalId, before));
  }

  #remove(plan: StackPlan, logicalId: string): void {
    const record = this.#stack.resources.get(logicalId);
    if (record !== undefined && record.physicalId !== '') {
      removeResource(this.#context(), record.physicalId, this.#desired(plan, logicalId));
    }
  }

  /** Runs one resource's work and writes its event; false when it failed. */
  #attempt(logicalId: string, verb: 'CREATE' | 'UPDATE' | 'DELETE', work: () => void): boolean {
    try {
      work();
    } catch (error) {
      this.#report(logicalId, `${verb}_FAILED`, reasonOf(error));
      return false;
    }
    this.#report(logicalId, `${verb}_COMPLETE`);
    return true;
  }

  #report(logicalId: string, status: string, reason?: string): void {
    const record = this.#stack.resources.get(logicalId);
    if (record !== undefined) {
      record.status = status;
      addEvent(
        this.#world,
        this.#stack,
        { logicalId, physicalId: record.physicalId, type: record.type, status },
        this.#now,
        reason,
      );
    }
  }
}

/** A fault as CloudFormation tells it in an event. Anything else is a fault of the sandbox and goes on up. */
function reasonOf(error: unknown): string {
  if (error instanceof AwsFault) {
    return `Resource handler returned message: "${error.message} (Service: Iam, Status Code: ${error.status})" (HandlerErrorCode: ${handlerCode(error.code)})`;
  }
  throw error;
}

function handlerCode(code: string): string {
  const codes: Readonly<Record<string, string>> = {
    EntityAlreadyExists: 'AlreadyExists',
    LimitExceeded: 'ServiceLimitExceeded',
    NoSuchEntity: 'NotFound',
  };
  return codes[code] ?? 'InvalidRequest';
}
