import type { RoleStack } from '../../identity/facts.ts';
import type { CreateRoleStack } from '../../plan/action.ts';
import { failure, isFailure, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, busy, converge, type Look, toDo } from './converge.ts';
import { isMoving, outputsOf, stackRhythm } from './role-stack.ts';
import { firstCauses, wasMadeBy } from './stack-events.ts';

/**
 * Makes a stack and waits for its role. A stack of the name that this action's own token made, in an earlier sitting or by
 * a request whose answer was lost, is taken for its own; anybody else's is left alone and stops the branch.
 */
export async function createRoleStack(action: CreateRoleStack, context: PerformContext): Promise<Outputs> {
  const { StackName: name, ...request } = action.request;
  const { cloudformation } = context.ports;
  let id: string | undefined;
  const stack = await converge(context, {
    look: async () => {
      const found = await orAbsent(cloudformation.describeStack(id ?? name, context.call));
      return found ? stateOf(found, id !== undefined, context) : toDo;
    },
    prior: () => ({ kind: 'nothing' }),
    write: async () => {
      const input = {
        stackName: name,
        templateBody: request.TemplateBody,
        tags: request.Tags,
        capabilities: request.Capabilities,
        enableTerminationProtection: request.EnableTerminationProtection,
        clientRequestToken: context.token,
      };
      id = (await cloudformation.createStack(input, context.call)).stackId || undefined;
    },
    settling: `CloudFormation does not show stack ${name} yet`,
    ...stackRhythm,
    // The next look tells whose it is.
    retry: (error, { attempt }) => (isFailure(error, 'exists') && attempt <= 3 ? 1_000 : undefined),
  });
  return outputsOf(stack);
}

async function stateOf(stack: RoleStack, ours: boolean, context: PerformContext): Promise<Look<RoleStack>> {
  const { stackName: name, stackId, status } = stack;
  const progress = busy(`stack ${name} is ${status}`);
  // The name is free again when it is gone.
  if (status === 'DELETE_IN_PROGRESS') return progress;
  const made = ours ? 'yes' : await wasMadeBy(context.token, stackId, context);
  if (made === 'unknown') return progress;
  if (made === 'no')
    throw failure('exists', `conflict: there is a stack ${name} (${status}) that this run did not make`);
  if (isMoving(stack)) return progress;
  if (/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(status)) return asWanted(stack);
  // A role that is gone by another hand is looked for by name again.
  if (status === 'DELETE_COMPLETE') throw failure('conflict', `stack ${name} was deleted by somebody else`);
  throw failure('invalid', `${outcomeText(stack)}${await firstCauses(stackId, 'CREATE', context)}`);
}

const outcomeText = ({ stackName, status }: RoleStack): string =>
  status === 'ROLLBACK_COMPLETE' ? `stack ${stackName} could not be made` : `stack ${stackName} is ${status}`;
