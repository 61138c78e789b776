import type { Subject } from '../../../identity/scope.ts';
import type { Action, TrustIntent } from '../../../plan/action.ts';
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
      return { main: `${trustWord[action.intent]}  role ${clean(arnName(action.roleArn))}`, aside: '' };
    case 'edit-stack-trust':
      return {
        main: `${trustWord[action.intent]}  role ${clean(arnName(action.roleArn))}`,
        aside: ` (owned by stack ${clean(action.request.StackName)})`,
      };
    case 'create-association': {
      const { namespace, serviceAccount } = action.target;
      const { roleArn } = action.request;
      const role = isRef(roleArn) ? 'a role that this plan makes' : clean(arnName(roleArn));
      return { main: `associate  ${clean(namespace)}/${clean(serviceAccount)}`, aside: ` -> ${role}` };
    }
    case 'restart-workload': {
      const { workload, target, scope } = action;
      const what = `${workload.kind} ${clean(target.namespace)}/${clean(workload.name)}`;
      return { main: scope === 'one-pod' ? `one pod of  ${what}` : `restart  ${what}`, aside: '' };
    }
    case 'verify-pods':
      return { main: `verify  ${subjectOf(action.target)}`, aside: ` pods use ${mechanism[action.wants]}` };
    case 'annotate':
      return { main: `annotation  ${subjectOf(action.target)}`, aside: annotationAside(action) };
    default:
      return undefined;
  }
}

const trustWord: Readonly<Record<TrustIntent, string>> = {
  admit: 'trust',
  retire: 'end OIDC trust',
  restore: 'restore trust',
};

const mechanism = { 'pod-identity': 'Pod Identity', irsa: 'web identity' } as const;

const subjectOf = ({ namespace, serviceAccount }: Subject): string => `${clean(namespace)}/${clean(serviceAccount)}`;

const annotationAside = ({ request }: Extract<Action, { type: 'annotate' }>): string =>
  Object.values(request.annotations).every(value => value === null) ? ' removed' : ' set';

const addon = (action: Extract<Action, { type: 'install-addon' | 'update-addon' }>): string =>
  clean(action.request.addonName);
