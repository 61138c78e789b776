import type { Association } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { isRef } from '../action.ts';
import { updateAddonHint } from '../addon-owner.ts';
import { associationId } from '../associations.ts';
import type { Intent, RoleUse } from '../intents.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { settingsProblem } from '../settings.ts';
import type { AssociationChange } from '../wanted.ts';
import { type Fields, fieldsToSend, merged, seenOf, tagChange, tooManyTags } from './fields.ts';
import { recreation } from './recreate.ts';
import { type NextRole, nextRole, type RoleOptions } from './role.ts';

/** What a change of one association takes: nothing, when it is as asked for already. */
export function changeIntent(
  snapshot: Snapshot,
  existing: Association,
  change: AssociationChange,
  findings: Findings,
  { stackTags }: RoleOptions = {},
): Intent | undefined {
  const subject = subjectText(change);
  const skip = (reason: string, command?: string) => {
    findings.skipped.push({ subject, reason, ...(command && { command }) });
    return undefined;
  };
  if (existing.ownerArn) {
    const { reason, command } = updateAddonHint(snapshot, existing, change.roleArn);
    return skip(reason, command);
  }
  const after = merged(existing, change);
  const problem = settingsProblem(after);
  if (problem) return skip(problem);
  const next = nextRole(snapshot, existing, change, { stackTags });
  if (!next.ok) return skip(next.reason, next.command);
  const { value: role } = next;
  const fields = fieldsToSend(existing, change, role.roleArn);
  const tags = tagChange(existing, change.tags);
  const many = tooManyTags(change.tags);
  if (tags && many) return skip(many);
  if (Object.keys(fields).length === 0 && !tags && role.nodes.length === 0) {
    findings.same.push({ subject, reason: `association ${existing.id} is already as asked for` });
    return undefined;
  }
  const uses = change.role && fields.roleArn !== undefined ? [] : usesOf(existing, fields, !after.disableSessionTags);
  const title = `update pod identity association ${subject}`;
  const again = change.recreate && Object.keys(fields).length > 0 && !role.renamed;
  const beyond = again || role.renamed ? [gapRemark(subject, existing, role)] : [];
  const steps = (needs: readonly string[]): readonly ActionNode[] => {
    const before = [...needs, ...role.needs];
    if (again) return [...role.nodes, ...recreation(snapshot, existing, change, role, before)];
    return [
      ...role.nodes,
      ...updateStep(snapshot, existing, fields, before),
      ...(Object.keys(fields).length > 0 ? role.ifFails(associationId(existing)) : []),
      ...tagStep(snapshot, existing, tags),
    ];
  };
  return { subject, title, uses, notes: role.notes, beyond, steps };
}

/**
 * The role must let Pod Identity in before the association names it, or before requests come with other tags. A role of
 * the account's own stack was made for that.
 */
function usesOf(existing: Association, fields: Fields, sessionTags: boolean): readonly RoleUse[] {
  const { roleArn = existing.roleArn, disableSessionTags } = fields;
  if (isRef(roleArn) || (roleArn === existing.roleArn && disableSessionTags === undefined)) return [];
  return [{ roleArn, user: { ...subjectOf(existing), sessionTags } }];
}

const gapRemark = (subject: string, existing: Association, { renamed }: NextRole) => ({
  subject,
  reason: renamed
    ? `role ${existing.roleArn} is deleted and another takes its place: running pods lose it at once, and pods that start before the association names the new one get no role`
    : `association ${existing.id} is deleted and made again: pods that start in between get no role`,
});

const subjectOf = ({ namespace, serviceAccount }: Subject): Subject => ({ namespace, serviceAccount });

function updateStep(
  { cluster }: Snapshot,
  existing: Association,
  fields: Fields,
  needs: readonly string[],
): readonly ActionNode[] {
  if (Object.keys(fields).length === 0) return [];
  const subject = subjectText(existing);
  const title = `update pod identity association ${subject} (${Object.keys(fields).join(', ')})`;
  return [
    actionNode(
      { id: associationId(existing), title, needs },
      {
        ...place(cluster, subject),
        type: 'update-association',
        service: 'eks',
        operation: 'UpdatePodIdentityAssociation',
        target: subjectOf(existing),
        expects: seenOf(existing, fields),
        request: { clusterName: cluster.name, associationId: existing.id, ...fields },
        undo: 'put the previous values back',
      },
    ),
  ];
}

function tagStep(
  { cluster }: Snapshot,
  existing: Association,
  tags: ReturnType<typeof tagChange>,
): readonly ActionNode[] {
  if (!tags) return [];
  const subject = subjectText(existing);
  return [
    actionNode(
      { id: `tags:${subject}`, title: `update tags of pod identity association ${subject}` },
      {
        ...place(cluster, subject),
        type: 'tag-association',
        service: 'eks',
        operation: 'TagResource',
        target: subjectOf(existing),
        request: { resourceArn: existing.arn, ...tags },
        undo: 'put the previous tags back',
      },
    ),
  ];
}
