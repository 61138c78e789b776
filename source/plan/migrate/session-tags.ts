import type { Snapshot } from '../../identity/snapshot.ts';
import type { Evidence } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import type { UsableRole } from '../role-trust.ts';

export type TagChoice = { readonly on: boolean; readonly verdict: Evidence['verdict']; readonly detail: string };

/**
 * Whether sessions of a role shall carry tags. They are transitive: a role that is assumed with them in turn has to
 * allow sts:TagSession too (EKS User Guide, "Grant Pods access to AWS resources based on tags"; IAM User Guide, "Pass
 * session tags in AWS STS"). IRSA had none, so where a role may chain, or nobody can tell, they are off.
 */
export function sessionTags(
  snapshot: Snapshot,
  { sessionTags: wish = 'auto' }: MigrateRequest,
  role: UsableRole,
): TagChoice {
  if (wish === 'on') return { on: true, verdict: 'ok', detail: 'on, as asked for with --session-tags on' };
  if (wish === 'off') return { on: false, verdict: 'ok', detail: 'off, as asked for with --session-tags off' };
  const reading = snapshot.chaining?.get(role.role.arn);
  if (reading?.state === 'read') {
    if (!reading.value)
      return { on: true, verdict: 'ok', detail: 'on: the policies of the role do not allow sts:AssumeRole' };
    return {
      on: false,
      verdict: 'warning',
      detail:
        'off: the policies of the role allow sts:AssumeRole, and roles assumed from a tagged session have to allow ' +
        'sts:TagSession too',
    };
  }
  const why = reading?.state === 'failed' ? `could not be read: ${reading.failure.message}` : 'were not read';
  return {
    on: false,
    verdict: 'unknown',
    detail: `off: whether the role assumes others is not known, its policies ${why}`,
  };
}
