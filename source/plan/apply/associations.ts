import type { Association } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { accountAlone, associationTags, type NewOptions, newAssociation } from '../create.ts';
import { hasTags, mentioned } from '../difference.ts';
import type { Intent } from '../intents.ts';
import type { Findings } from '../nodes.ts';
import { associationOf, gapText } from '../subjects.ts';
import { changeIntent } from '../update/change.ts';
import type { AssociationChange, WantedAssociation } from '../wanted.ts';

/** Each wanted association: made where there is none, else changed in what it mentions. */
export function associationIntents(
  snapshot: Snapshot,
  wanted: readonly WantedAssociation[],
  findings: Findings,
  options: NewOptions,
): readonly Intent[] {
  const gap = gapText(snapshot.associations);
  return wanted.flatMap(each => {
    if (gap) {
      findings.skipped.push({ subject: subjectText(each), reason: `the associations ${gap}` });
      return [];
    }
    const existing = associationOf(snapshot.associations, each);
    if (!existing) return newAssociation(snapshot, each, findings, options) ?? [];
    const change = changeIntent(snapshot, existing, changeTo(each, existing), findings, { stackTags: each.stackTags });
    return [change, accountAlone(snapshot, each, findings)].flatMap(intent => intent ?? []);
  });
}

/** What is wanted, as a change of what is there: whatever is not mentioned stays. */
function changeTo(wanted: WantedAssociation, existing: Association): AssociationChange {
  const { namespace, serviceAccount, role, targetRoleArn, disableSessionTags, policy } = wanted;
  const tags = associationTags(wanted);
  return {
    namespace,
    serviceAccount,
    ...(role.kind === 'existing' ? { roleArn: role.roleArn } : { role: mentioned(role.recipe) }),
    ...(targetRoleArn !== undefined && { targetRoleArn: targetRoleArn || null }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy: policy || null }),
    ...(!hasTags(existing.tags, tags) && { tags: { ...existing.tags, ...tags } }),
  };
}
