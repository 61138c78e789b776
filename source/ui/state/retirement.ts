import type { Action } from '../../plan/action.ts';
import { type ActionNode, actions, type Plan } from '../../plan/plan.ts';
import { arnName } from '../text/arn.ts';
import { clean } from '../text/sanitise.ts';

/** What takes the old way away: removed annotations and OIDC trust. Gates are not among it. */
export const retireActions = (plan: Plan): readonly ActionNode[] =>
  plan.command === 'migrate'
    ? actions(plan.root).filter(({ stage, action }) => stage === 'retire' && action.type !== 'verify-pods')
    : [];

/** `OIDC trust in role payments-api`: what is taken away, in few words. */
export function retiredText(action: Action): string {
  if (action.type === 'annotate') return `annotation of ${clean(action.subject)}`;
  return 'roleArn' in action ? `OIDC trust in role ${clean(arnName(action.roleArn))}` : clean(action.subject);
}
