import type { Association } from '../identity/facts.ts';
import { ok, type Result } from '../identity/result.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { samePolicy } from '../identity/trust-policy.ts';
import type { UpdateAssociation } from './action.ts';
import { updateAddonHint } from './addon-owner.ts';
import { associationId } from './associations.ts';
import { actionNode, type Findings, noFindings, place, planOf, refOf, root } from './nodes.ts';
import type { ActionNode, Plan } from './plan.ts';
import type { UpdateRequest } from './request.ts';
import { settingsProblem } from './settings.ts';
import { associationOf, gapText } from './subjects.ts';
import { trustSteps } from './trust-steps.ts';
import type { AssociationChange } from './wanted.ts';

/** Changes of associations: only the fields that are asked for and differ are sent. */
export function planUpdate(snapshot: Snapshot, request: UpdateRequest): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const children = request.changes.flatMap(change => steps(snapshot, change, findings));
  const title = `update pod identity association ${request.changes.map(subjectText).join(', ')}`;
  return planOf(
    { command: 'update', cluster: refOf(cluster), readAt, root: root('sequence', title, children) },
    findings,
  );
}

function steps(snapshot: Snapshot, request: AssociationChange, findings: Findings): readonly ActionNode[] {
  const subject = subjectText(request);
  const skip = (reason: string, command?: string): readonly ActionNode[] => {
    findings.skipped.push({ subject, reason, ...(command && { command }) });
    return [];
  };
  const gap = gapText(snapshot.associations);
  if (gap) return skip(`the associations ${gap}`);
  const existing = associationOf(snapshot.associations, request);
  if (!existing) return skip('it has no pod identity association: create one');
  if (existing.ownerArn) {
    const { reason, command } = updateAddonHint(snapshot, existing, request.roleArn);
    return skip(reason, command);
  }
  if (request.role) return skip('its role has to be there already');
  const problem = settingsProblem(merged(existing, request));
  if (problem) return skip(problem);
  const trust = roleSteps(snapshot, existing, request, findings);
  if (!trust.ok) return skip(trust.reason);
  const nodes = [
    ...trust.value,
    ...changeSteps(snapshot, existing, request, trust.value),
    ...tagSteps(snapshot, existing, request.tags),
  ];
  if (nodes.length === 0) findings.same.push({ subject, reason: `association ${existing.id} is already as asked for` });
  else if (changes(existing, request).roleArn)
    findings.notes.push(
      `Running pods of ${subject} keep credentials of ${existing.roleArn} until these expire (6 hours at most).`,
    );
  return nodes;
}

type Changes = Pick<UpdateAssociation['request'], 'targetRoleArn' | 'disableSessionTags' | 'policy'> & {
  readonly roleArn?: string;
};

/** The fields to send. An empty text clears a field. */
function changes(existing: Association, request: AssociationChange): Changes {
  const { roleArn, targetRoleArn, disableSessionTags, policy } = request;
  return {
    ...(roleArn !== undefined && roleArn !== existing.roleArn && { roleArn }),
    ...(targetRoleArn !== undefined &&
      (targetRoleArn || undefined) !== existing.targetRoleArn && { targetRoleArn: targetRoleArn ?? '' }),
    ...(disableSessionTags !== undefined &&
      disableSessionTags !== existing.disableSessionTags && { disableSessionTags }),
    ...(policy !== undefined && !samePolicy(policy || undefined, existing.policy) && { policy: policy ?? '' }),
  };
}

/** The association as it would be after the merge: that is what has to hold, not only what is asked for. */
function merged(existing: Association, request: AssociationChange) {
  const { targetRoleArn, policy, disableSessionTags } = request;
  return {
    targetRoleArn: targetRoleArn === undefined ? existing.targetRoleArn : targetRoleArn || undefined,
    policy: policy === undefined ? existing.policy : policy || undefined,
    disableSessionTags: disableSessionTags ?? existing.disableSessionTags,
  };
}

/** The role must let Pod Identity in before the association names it, or before requests come with other tags. */
function roleSteps(
  snapshot: Snapshot,
  existing: Association,
  request: AssociationChange,
  findings: Findings,
): Result<readonly ActionNode[]> {
  const { roleArn = existing.roleArn, disableSessionTags } = changes(existing, request);
  if (roleArn === existing.roleArn && disableSessionTags === undefined) return ok([]);
  const user = { ...subjectOf(existing), sessionTags: !merged(existing, request).disableSessionTags };
  return trustSteps(snapshot, roleArn, user, findings);
}

const subjectOf = ({ namespace, serviceAccount }: Subject): Subject => ({ namespace, serviceAccount });

function changeSteps(
  { cluster }: Snapshot,
  existing: Association,
  request: AssociationChange,
  trust: readonly ActionNode[],
): readonly ActionNode[] {
  const fields = changes(existing, request);
  if (Object.keys(fields).length === 0) return [];
  const subject = subjectText(existing);
  const seed = {
    id: associationId(existing),
    title: `update pod identity association ${subject} (${Object.keys(fields).join(', ')})`,
    needs: trust.map(({ id }) => id),
  };
  const draft = {
    ...place(cluster, subject),
    type: 'update-association',
    service: 'eks',
    operation: 'UpdatePodIdentityAssociation',
    target: subjectOf(existing),
    expects: {
      ...('roleArn' in fields && { roleArn: existing.roleArn }),
      ...('targetRoleArn' in fields && { targetRoleArn: existing.targetRoleArn ?? null }),
      ...('disableSessionTags' in fields && { disableSessionTags: existing.disableSessionTags }),
      ...('policy' in fields && { policy: existing.policy ?? null }),
    },
    request: { clusterName: cluster.name, associationId: existing.id, ...fields },
    undo: 'put the previous values back',
  } as const;
  return [actionNode(seed, draft)];
}

function tagSteps(
  { cluster }: Snapshot,
  existing: Association,
  wanted: AssociationChange['tags'],
): readonly ActionNode[] {
  if (!wanted) return [];
  const tags = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => existing.tags[key] !== value));
  // Tags of AWS itself can be neither set nor removed.
  const untag = Object.keys(existing.tags).filter(key => !(key in wanted) && !key.startsWith('aws:'));
  if (Object.keys(tags).length === 0 && untag.length === 0) return [];
  const subject = subjectText(existing);
  const seed = { id: `tags:${subject}`, title: `update tags of pod identity association ${subject}` };
  const draft = {
    ...place(cluster, subject),
    type: 'tag-association',
    service: 'eks',
    operation: 'TagResource',
    target: subjectOf(existing),
    request: { resourceArn: existing.arn, tags, untag },
    undo: 'put the previous tags back',
  } as const;
  return [actionNode(seed, draft)];
}
