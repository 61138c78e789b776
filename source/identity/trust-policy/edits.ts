import { ok, type Result } from '../result.ts';
import type { RequestContext } from './conditions.ts';
import { podIdentityActions, podIdentityService, type TrustPolicy } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import { admitsPods, type PodIdentityScope, type ScopeConditions, scopeParts } from './pod-scope.ts';
import { append } from './render.ts';

export type TrustEdit = { readonly text: string; readonly changed: boolean };

/** `remaining`: statements left. With none the document is not valid IAM, and IAM would refuse it. */
export type TrustRemoval = TrustEdit & { readonly remaining: number };

const everybody: PodIdentityScope = { kind: 'none' };

/**
 * Lets EKS Pod Identity assume the role and tag its sessions (statement: EKS User Guide, "EKS Pod Identity role"),
 * for everything in `scope`. Only what no statement allows for the whole scope yet is added, so that doing it again
 * changes nothing. All other bytes stay as they are. Refused when the document cannot be understood.
 * `actions`: fewer than both where a statement with conditions gives the other, so that it is not widened.
 */
export function addPodIdentityStatement(
  document: string,
  actions: readonly string[] = podIdentityActions,
  scope: PodIdentityScope = everybody,
): Result<TrustEdit> {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return policy;
  const allowedFor = (context: RequestContext) => (action: string) => admitsPods(policy.value, action, context);
  const parts = scopeParts(scope, context => actions.every(allowedFor(context)));
  const statements = parts.map(({ conditions, contexts }) => {
    const missing = actions.filter(action => !contexts.every(context => allowedFor(context)(action)));
    return podIdentityStatement(missing, conditions);
  });
  return ok({ text: append(policy.value, statements), changed: statements.length > 0 });
}

/** Whether EKS Pod Identity is let in for every cluster, namespace and service account alike. */
export const trustsAllPods = (policy: TrustPolicy): boolean => trustsPodsIn(policy, everybody);

/** Whether EKS Pod Identity is let in for everything in the scope, Deny statements apart. */
export const trustsPodsIn = (policy: TrustPolicy, scope: PodIdentityScope): boolean =>
  scopeParts(scope, context => podIdentityActions.every(action => admitsPods(policy, action, context))).length === 0;

const podIdentityStatement = (actions: readonly string[], conditions: ScopeConditions) => ({
  Effect: 'Allow',
  Principal: { Service: podIdentityService },
  Action: actions.length === 1 ? actions[0] : actions,
  ...(Object.keys(conditions).length > 0 && { Condition: { StringEquals: conditions } }),
});
