import type { RoleStack } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { DeleteRoleStack } from '../../plan/action.ts';
import { associationOf, ownAssociations } from './associations.ts';
import { type CleanUp, failure, isFailure, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, busy, converge, type Look, toDo } from './converge.ts';
import { isMoving, priorOf, roleArnOf, stackRhythm } from './role-stack.ts';
import { firstCauses, wasMadeBy } from './stack-events.ts';

/**
 * Deletes a stack and waits until it is gone; one that is gone already is fine. Without a stack id it is a clean-up: it
 * takes only the stack that this run's request made, and leaves its role to an association that came about all the same.
 */
export async function deleteRoleStack(action: DeleteRoleStack, context: PerformContext): Promise<Outputs> {
  const deletion = new Deletion(action, context);
  await converge(context, {
    look: wrote => deletion.look(wrote),
    prior: () => deletion.prior(),
    write: () => deletion.delete(),
    settling: `stack ${action.request.StackName} is still there`,
    ...stackRhythm,
  });
  return {};
}

/**
 * Milliseconds until an association shows whose request seemed to fail: EKS says that associations are eventually
 * consistent, by several seconds (EKS User Guide, "Assign an IAM role to a Kubernetes service account").
 */
const untilItShows = 10_000;

/** Looks at which an unchanged status after our request is taken for its result rather than for a stale answer. */
const patience = 3;

class Deletion {
  readonly #action: DeleteRoleStack;
  readonly #context: PerformContext;
  #id: string | undefined;
  #stack: RoleStack | undefined;
  readonly #began: number;
  #looks = 0;
  #moved = false;

  constructor(action: DeleteRoleStack, context: PerformContext) {
    this.#action = action;
    this.#context = context;
    this.#began = context.clock.now();
    this.#id = action.request.StackId;
  }

  async look(wrote: boolean): Promise<Look<undefined>> {
    const { StackName: name } = this.#action.request;
    const { cloudformation } = this.#context.ports;
    const stack = await orAbsent(cloudformation.describeStack(this.#id ?? name, this.#context.call));
    if (!stack || stack.status === 'DELETE_COMPLETE') return asWanted(undefined);
    if (wrote) this.#looks += 1;
    this.#moved ||= wrote && stack.status === 'DELETE_IN_PROGRESS';
    if (this.#id === undefined) {
      const made = await this.#isOurs(stack);
      if (made === 'unknown') return busy(`stack ${name} is ${stack.status}`);
      if (made === 'no') return asWanted(undefined);
      this.#id = stack.stackId;
    }
    if (isMoving(stack)) return busy(`stack ${name} is ${stack.status}`);
    if (wrote && stack.status === 'DELETE_FAILED' && (this.#moved || this.#looks >= patience))
      throw failure(
        'invalid',
        `stack ${name} could not be deleted${await firstCauses(stack.stackId, 'DELETE', this.#context)}`,
      );
    const { cleanUp, clock } = this.#context;
    if (cleanUp && roleArnOf(stack)) {
      await refuseInUse(stack, cleanUp, this.#context);
      if (cleanUp.users.length > 0 && clock.now() - this.#began < untilItShows)
        return busy(`waiting whether something has the role of stack ${name} after all`);
    }
    this.#stack = stack;
    return toDo;
  }

  prior() {
    return this.#stack ? priorOf(this.#stack, this.#context) : ({ kind: 'nothing' } as const);
  }

  async delete(): Promise<void> {
    const { cloudformation } = this.#context.ports;
    const { call, token } = this.#context;
    if (!this.#stack) throw failure('unknown', `stack ${this.#action.request.StackName} was not read`);
    const { stackId, terminationProtection } = this.#stack;
    if (terminationProtection) await cloudformation.setTerminationProtection(stackId, false, call);
    try {
      await cloudformation.deleteStack(stackId, token, call);
    } catch (error) {
      // What stays is not left without its protection.
      if (terminationProtection && isFailure(error, 'denied', 'invalid'))
        await cloudformation.setTerminationProtection(stackId, true, call).catch(() => undefined);
      throw error;
    }
  }

  async #isOurs({ stackId }: RoleStack): Promise<'yes' | 'no' | 'unknown'> {
    const { cleanUp } = this.#context;
    return cleanUp ? wasMadeBy(cleanUp.createToken, stackId, this.#context) : 'no';
  }
}

/**
 * Throws when something that this run was to give the role has it: a request that seemed to fail took effect, and what
 * has no role any more is worse off than before the run.
 */
async function refuseInUse(stack: RoleStack, { users }: CleanUp, context: PerformContext): Promise<void> {
  const roleArn = roleArnOf(stack);
  if (!roleArn) return;
  for (const { action } of users) {
    const there =
      action.type === 'create-association' || action.type === 'update-association'
        ? [await associationOf(action.target, context)]
        : action.type === 'install-addon' || action.type === 'update-addon'
          ? await ownAssociations(action.request.addonName, context)
          : [];
    const using = there.find(each => each?.roleArn === roleArn);
    if (using)
      throw failure(
        'conflict',
        `stack ${stack.stackName} is left: association ${using.id} of ${subjectText(using)} has its role; resume the run`,
      );
  }
}
