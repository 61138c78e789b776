import type { RoleStack } from '../../identity/facts.ts';
import type { PriorState } from '../journal.ts';
import { failure, type Outputs, type PerformContext } from './context.ts';

/** Output under which eksctl's stacks give the ARN of the role that they make (eksctl, pkg/cfn/outputs). */
const roleOutput = 'Role1';

/** How often a stack is looked at while it is under way: those with a role alone are through in seconds. */
export const stackRhythm = { every: 1_500, atMost: 30 * 60_000 } as const;

export const isMoving = ({ status }: RoleStack): boolean => status.endsWith('_IN_PROGRESS');

/** What later actions may take of a stack that makes a role. Throws when it does not tell the role. */
export function outputsOf({ stackName, stackId, outputs }: RoleStack): Outputs {
  const roleArn = outputs[roleOutput];
  if (roleArn) return { roleArn, stackId, stackName };
  throw failure('invalid', `stack ${stackName} has no output ${roleOutput}, so the role that it makes is not known`);
}

export const roleArnOf = ({ outputs }: RoleStack): string | undefined => outputs[roleOutput];

/** All that an update or a deletion would take away, read right before it. */
export async function priorOf(stack: RoleStack, { ports, call }: PerformContext): Promise<PriorState> {
  const template = await ports.cloudformation.getTemplate(stack.stackId, call);
  return { kind: 'role-stack', stack, template };
}
