import { ok, type Result, refused } from '../identity/result.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import type { Findings } from './nodes.ts';
import type { ActionNode } from './plan.ts';
import { type TrustUser, trustNeed, usableRole } from './role-trust.ts';
import { trustEdit } from './trust-edit.ts';

/**
 * What has to come before one association has a role: nothing, or the edit of its trust. Refused when the role cannot
 * be had. What cannot be checked is a note: the role was named on purpose.
 */
export function trustSteps(
  snapshot: Snapshot,
  roleArn: string,
  user: TrustUser,
  findings: Findings,
): Result<readonly ActionNode[]> {
  const role = usableRole(snapshot, roleArn);
  if (!role.ok) return role;
  const need = trustNeed(snapshot, role.value, user);
  if (need.kind === 'refused') return refused(need.reason);
  if (need.kind === 'unchecked') findings.notes.push(`Not checked: ${need.reason}.`);
  if (need.kind !== 'missing') return ok([]);
  const edit = trustEdit(snapshot, role.value, need.actions);
  return edit.ok ? ok([edit.value]) : edit;
}
