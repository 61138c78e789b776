import type { Association } from '../../identity/facts.ts';
import { samePolicy } from '../../identity/trust-policy.ts';
import type { UpdateAssociation, Value } from '../action.ts';
import type { AssociationChange } from '../wanted.ts';

/** The fields of UpdatePodIdentityAssociation that differ. An empty text clears a field. */
export type Fields = Pick<UpdateAssociation['request'], 'roleArn' | 'targetRoleArn' | 'disableSessionTags' | 'policy'>;

/** @param roleArn the role that the association shall have */
export function fieldsToSend(existing: Association, change: AssociationChange, roleArn: Value<string>): Fields {
  const { targetRoleArn, disableSessionTags, policy } = change;
  return {
    ...(roleArn !== existing.roleArn && { roleArn }),
    ...(targetRoleArn !== undefined &&
      (targetRoleArn || undefined) !== existing.targetRoleArn && { targetRoleArn: targetRoleArn ?? '' }),
    ...(disableSessionTags !== undefined &&
      disableSessionTags !== existing.disableSessionTags && { disableSessionTags }),
    ...(policy !== undefined && !samePolicy(policy || undefined, existing.policy) && { policy: policy ?? '' }),
  };
}

/** What the plan saw of the fields that it changes. */
export const seenOf = (existing: Association, fields: Fields): UpdateAssociation['expects'] => ({
  ...('roleArn' in fields && { roleArn: existing.roleArn }),
  ...('targetRoleArn' in fields && { targetRoleArn: existing.targetRoleArn ?? null }),
  ...('disableSessionTags' in fields && { disableSessionTags: existing.disableSessionTags }),
  ...('policy' in fields && { policy: existing.policy ?? null }),
});

/** The association as it would be after the merge: that is what has to hold, not only what is asked for. */
export function merged(existing: Association, { targetRoleArn, policy, disableSessionTags }: AssociationChange) {
  return {
    targetRoleArn: targetRoleArn === undefined ? existing.targetRoleArn : targetRoleArn || undefined,
    policy: policy === undefined ? existing.policy : policy || undefined,
    disableSessionTags: disableSessionTags ?? existing.disableSessionTags,
  };
}

/** Tags to set and to take away; undefined: there is nothing to do. Those of AWS itself can be neither set nor removed. */
export function tagChange(existing: Association, wanted: AssociationChange['tags']) {
  if (!wanted) return undefined;
  const tags = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => existing.tags[key] !== value));
  const untag = Object.keys(existing.tags).filter(key => !(key in wanted) && !key.startsWith('aws:'));
  return Object.keys(tags).length === 0 && untag.length === 0 ? undefined : { tags, untag };
}

/** EKS User Guide, "Tag restrictions": at most 50 tags on a resource, those with the prefix aws: not counted. */
const mostTags = 50;

/** Why an association cannot have these tags, which are all that it would have. */
export function tooManyTags(tags: Association['tags'] | undefined): string | undefined {
  const count = Object.keys(tags ?? {}).filter(key => !key.startsWith('aws:')).length;
  return count > mostTags ? `it would have ${count} tags, and EKS takes ${mostTags}` : undefined;
}
