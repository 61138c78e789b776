import type { Snapshot } from '../../identity/snapshot.ts';
import type { Value } from '../action.ts';
import type { Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { cleanUp } from '../role-stack/nodes.ts';
import { stackRole } from '../role-stack/stacks.ts';
import type { Written } from './journaled.ts';
import { makeAccountAgain, takeAccountAway } from './service-accounts.ts';
import { makeStackAgain, restoreStack, type StackAgain, takeStackAway } from './stacks.ts';

/**
 * What stands for a role that something had before the run, and the actions that must be done before it is there.
 * Undefined: the run has deleted it, and it does not come back.
 */
export type RolesBack = (
  roleArn: string,
) => { readonly roleArn: Value<string>; readonly needs: readonly string[] } | undefined;

export type Again = { readonly nodes: readonly ActionNode[]; readonly roles: RolesBack };

/** Stacks and service accounts that the run has deleted, or changed: they come back before what needs them. */
export function madeAgain(snapshot: Snapshot, written: readonly Written[], findings: Findings): Again {
  const deleted = new Map<string, StackAgain>();
  const nodes = written.flatMap(each => {
    const { node, prior } = each;
    const { action } = node;
    switch (action.type) {
      case 'delete-role-stack': {
        // Without an id it was a clean-up, of what the run itself had made.
        if (prior.kind !== 'role-stack' || action.request.StackId === undefined) return [];
        const again = makeStackAgain(snapshot, action, prior, findings);
        const old = stackRole(prior.stack);
        if (old !== undefined) deleted.set(old, again);
        return again.node ? [again.node, ifItFails(snapshot, again.node)] : [];
      }
      case 'update-role-stack':
        return restoreStack(snapshot, action, each, findings) ?? [];
      case 'delete-service-account':
        return makeAccountAgain(snapshot, action, each, findings);
      default:
        return [];
    }
  });
  const roles: RolesBack = roleArn => {
    const again = deleted.get(roleArn);
    if (!again) return { roleArn, needs: [] };
    return again.roleArn === undefined
      ? undefined
      : { roleArn: again.roleArn, needs: again.node ? [again.node.id] : [] };
  };
  return { nodes, roles };
}

/** A stack that cannot be made again leaves nothing behind. */
function ifItFails({ cluster }: Snapshot, { id, action }: ActionNode): ActionNode {
  const user = { id: action.subject, subject: action.subject, purpose: '' };
  return cleanUp(cluster, user, action.type === 'create-role-stack' ? action.request.StackName : '', id);
}

/** Stacks and service accounts that the run has made: they go after what uses them. */
export const takenAway = (
  snapshot: Snapshot,
  written: readonly Written[],
  before: readonly ActionNode[],
  findings: Findings,
): readonly ActionNode[] =>
  written.flatMap(each => {
    const { action } = each.node;
    if (action.type === 'create-role-stack') return takeStackAway(snapshot, action, each, before, findings) ?? [];
    if (action.type === 'create-service-account')
      return takeAccountAway(snapshot, action, each, before, findings) ?? [];
    return [];
  });
