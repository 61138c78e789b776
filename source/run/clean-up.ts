import type { ActionNode } from '../plan/plan.ts';

/**
 * The action of the plan that makes what a clean-up takes away: of a stack's deletion without an id, which may be for any
 * later action's failure, the one that makes the stack. Undefined for what is no such clean-up.
 */
export function makerOf({ action }: ActionNode, nodes: Iterable<ActionNode>): ActionNode | undefined {
  if (action.type !== 'delete-role-stack' || action.request.StackId !== undefined) return undefined;
  for (const node of nodes)
    if (node.action.type === 'create-role-stack' && node.action.request.StackName === action.request.StackName)
      return node;
  return undefined;
}
