import { type Result, refused } from '../identity/result.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { addPodIdentityStatement, makesRoom, type PodIdentityScope } from '../identity/trust-policy.ts';
import type { ActionNode, Stage } from './plan.ts';
import type { UsableRole } from './role-trust.ts';
import { overQuota, trustWrite } from './trust-write.ts';

export { ownTags, takesUpdates } from './trust-write.ts';

/** Role names are unique in an account, so the name makes a readable and stable id. */
export const trustId = (roleName: string): string => `trust:${roleName}`;

export type AdmitOptions = {
  readonly stage?: Stage;
  /** Whom the new statement is for; absent: whatever is associated with the role. */
  readonly scope?: PodIdentityScope;
};

/**
 * The one edit that lets Pod Identity use the role. Refused, with what to do, when it cannot be made or would not fit.
 */
export function trustEdit(
  snapshot: Snapshot,
  usable: UsableRole,
  actions: readonly string[],
  { stage, scope }: AdmitOptions = {},
): Result<ActionNode> {
  const { arn, role } = usable;
  const edit = addPodIdentityStatement(role.trustPolicy, actions, scope);
  if (!edit.ok) return refused(`the trust policy of role ${arn.name} cannot be edited: ${edit.reason}`);
  const written = trustWrite(snapshot, usable, {
    id: trustId(arn.name),
    intent: 'admit',
    expects: role.trustPolicy,
    document: edit.value.text,
    ...(stage && { stage }),
  });
  if (written.ok || !overQuota(role.trustPolicy, edit.value.text)) return written;
  const room = makesRoom(role.trustPolicy).map(sentence => ` ${sentence}`);
  return refused(
    `${written.reason}: remove statements that are no longer needed, or have the quota raised and add the statement by ` +
      `hand.${room.join('')}`,
  );
}
