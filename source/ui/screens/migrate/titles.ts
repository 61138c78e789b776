import type { Action } from '../../../plan/action.ts';
import { isRef } from '../../../plan/action.ts';
import type { PlanNode } from '../../../plan/plan.ts';
import { arnName } from '../../text/arn.ts';
import { clean } from '../../text/sanitise.ts';

/** A title in two parts, so that a narrow line drops the aside and keeps whom the action is about. */
export type ShortTitle = { readonly main: string; readonly aside: string };

const agentAddon = 'eks-pod-identity-agent';

/**
 * What a line of the tree calls a node: the subject first, in few words. The sentences of the plan itself are eksctl's
 * and stay so in its text form; a column of them differs only at its end, which is what a terminal cuts.
 */
export function shortTitle(node: PlanNode): ShortTitle {
  return node.kind === 'action'
    ? (actionTitle(node.action) ?? { main: clean(node.title), aside: '' })
    : { main: clean(node.title), aside: '' };
}

function actionTitle(action: Action): ShortTitle | undefined {
  switch (action.type) {
    case 'install-addon':
      return {
        main: action.request.addonName === agentAddon ? 'install agent add-on' : `install add-on ${addon(action)}`,
        aside: '',
      };
    case 'update-addon':
      return { main: `add-on ${addon(action)}`, aside: '' };
    case 'edit-trust':
      return { main: `trust  role ${clean(arnName(action.roleArn))}`, aside: '' };
    case 'edit-stack-trust':
      return {
        main: `trust  role ${clean(arnName(action.roleArn))}`,
        aside: ` (owned by stack ${clean(action.request.StackName)})`,
      };
    case 'create-association': {
      const { namespace, serviceAccount } = action.target;
      const { roleArn } = action.request;
      const role = isRef(roleArn) ? 'a role that this plan makes' : clean(arnName(roleArn));
      return { main: `associate  ${clean(namespace)}/${clean(serviceAccount)}`, aside: ` -> ${role}` };
    }
    default:
      return undefined;
  }
}

const addon = (action: Extract<Action, { type: 'install-addon' | 'update-addon' }>): string =>
  clean(action.request.addonName);
