import { sameDocument } from '../../identity/trust-policy.ts';
import type { ActionNode } from '../plan.ts';

export type RestoredTrust = {
  /** Trust policies that are again what they were before the run. */
  readonly equal: number;
  /** Trust policies that the run had changed. */
  readonly of: number;
};

/**
 * How many of the trust policies that a run changed are semantically what they were, after the way back was carried out.
 * A role whose policy the way back did not write counts as one that is not.
 *
 * @param before by role ARN: the policy before the run's first edit of it
 * @param done edits of the way back that were carried out and read back, in their order
 */
export function restoredTrust(before: ReadonlyMap<string, string>, done: readonly ActionNode[]): RestoredTrust {
  const written = new Map<string, string>();
  for (const { action } of done) {
    if (action.type === 'edit-trust') written.set(action.roleArn, action.request.PolicyDocument);
    if (action.type === 'edit-stack-trust') written.set(action.roleArn, action.trustPolicy);
  }
  const equal = [...before].filter(([roleArn, document]) => {
    const now = written.get(roleArn);
    return now !== undefined && sameDocument(now, document);
  });
  return { equal: equal.length, of: before.size };
}
