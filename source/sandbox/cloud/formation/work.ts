/** The work of one stack operation, resource by resource. */
import type { Account, StackRecord, World } from '../../model.ts';
import { AwsFault } from '../fault.ts';
import { sameJson } from '../values.ts';
import type { StackChange } from './compare.ts';
import type { StackPlan } from './plan.ts';
import { addEvent, physicalIdsOf } from './records.ts';
import { createResource, type Desired, mustReplace, removeResource, updateResource } from './resources.ts';

/** One operation's work on a stack's resources, with what it takes to undo it and to clean up after it. */
export class StackWork {
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
    const originals = this.physicalIds();
    for (const logicalId of change.after.order) {
      const action =
        actions.get(logicalId) ?? (this.#followsReplaced(change, logicalId, originals) ? 'Modify' : undefined);
      const done =
        action === 'Add'
          ? this.#attempt(logicalId, 'CREATE', () => this.#add(change.after, logicalId))
          : action !== 'Modify' || this.#attempt(logicalId, 'UPDATE', () => this.#modify(change, logicalId, originals));
      if (!done) {
        return logicalId;
      }
    }
    for (const [logicalId, action] of actions) {
      if (action === 'Remove') {
        this.#cleanUp.push(() => this.#discard(change.before, logicalId, originals));
      }
    }
    return undefined;
  }

  /** Whether the resource refers to one that this update has replaced. */
  #followsReplaced(change: StackChange, logicalId: string, originals: ReadonlyMap<string, string>): boolean {
    try {
      const before = change.before.desired(logicalId, originals);
      return !sameJson(before?.properties, change.after.desired(logicalId, this.physicalIds())?.properties);
    } catch (error) {
      if (error instanceof AwsFault) {
        // What it refers to is gone; the attempt to change it will tell.
        return true;
      }
      throw error;
    }
  }

  #discard(plan: StackPlan, logicalId: string, originals: ReadonlyMap<string, string>): void {
    const desired = plan.desired(logicalId, originals);
    const record = this.#stack.resources.get(logicalId);
    const kept = plan.template.resources.get(logicalId)?.retained === true;
    if (desired !== undefined && record !== undefined && !kept) {
      removeResource(this.#context(), record.physicalId, desired);
    }
    this.#report(logicalId, kept ? 'DELETE_SKIPPED' : 'DELETE_COMPLETE');
    this.#stack.resources.delete(logicalId);
  }

  cleanUp(now: number): void {
    this.#now = now;
    for (const each of this.#cleanUp.reverse()) {
      try {
        each();
      } catch (error) {
        // CloudFormation leaves behind what it cannot clean up after a finished update.
        if (!(error instanceof AwsFault)) {
          throw error;
        }
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
    const type = plan.template.resources.get(logicalId)?.type ?? '';
    this.#stack.resources.set(logicalId, { physicalId: '', type, status: 'CREATE_IN_PROGRESS' });
    this.#undo.push({
      logicalId,
      run: () => {
        this.#remove(plan, logicalId);
        this.#stack.resources.delete(logicalId);
      },
    });
    this.#create(plan, logicalId);
  }

  #modify(change: StackChange, logicalId: string, originals: ReadonlyMap<string, string>): void {
    const record = this.#stack.resources.get(logicalId);
    const before = change.before.desired(logicalId, originals);
    const after = this.#desired(change.after, logicalId);
    if (record === undefined || before === undefined) {
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
