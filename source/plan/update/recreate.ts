import type { Association } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { associationId, createAssociation } from '../associations.ts';
import { deletion } from '../delete/deletion.ts';
import type { MadeRole } from '../made-role.ts';
import type { ActionNode } from '../plan.ts';
import { ownTags } from '../trust-write.ts';
import type { AssociationChange } from '../wanted.ts';
import { merged } from './fields.ts';

/**
 * Deletes an association and makes it anew with the change, for what EKS does not change in place. If it cannot be made
 * so, it is made as it was.
 */
export function recreation(
  snapshot: Snapshot,
  existing: Association,
  change: AssociationChange,
  role: MadeRole,
  needs: readonly string[],
): readonly ActionNode[] {
  const subject = subjectText(existing);
  const id = associationId(existing);
  const gone = { ...deletion(snapshot, existing, needs), id: `delete:${subject}` };
  const after = { ...merged(existing, change), tags: change.tags ?? ownTags(existing.tags) };
  const again = createAssociation(snapshot, existing, settings({ ...after, roleArn: role.roleArn }), [gone.id]);
  const back = createAssociation(snapshot, existing, settings({ ...existing, tags: ownTags(existing.tags) }), []);
  return [
    gone,
    again,
    {
      ...back,
      id: `clean-up:${id}`,
      title: `create pod identity association for service account "${subject}" as it was`,
      onlyIfFails: id,
    },
    ...role.ifFails(id),
  ];
}

type Settings = Parameters<typeof createAssociation>[2];

const settings = ({
  roleArn,
  targetRoleArn,
  disableSessionTags,
  policy,
  tags = {},
}: Pick<Settings, 'roleArn' | 'tags'> & {
  readonly targetRoleArn?: string | undefined;
  readonly disableSessionTags: boolean;
  readonly policy?: string | undefined;
}): Settings => ({
  roleArn,
  ...(targetRoleArn && { targetRoleArn }),
  ...(disableSessionTags && { disableSessionTags }),
  ...(policy && { policy }),
  ...(Object.keys(tags).length > 0 && { tags }),
});
