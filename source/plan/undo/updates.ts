import type { Association } from '../../identity/facts.ts';
import type { Subject } from '../../identity/scope.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { samePolicy } from '../../identity/trust-policy.ts';
import { type CreateAssociation, isRef, type TagAssociation, type UpdateAssociation } from '../action.ts';
import { associationId, createAssociation } from '../associations.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { associationOf, gapText } from '../subjects.ts';
import type { RolesBack } from './made.ts';

type Fields = UpdateAssociation['expects'];

/** An association whose fields the run has changed gets those back, where they are as the run has left them. */
export function restoreFields(
  snapshot: Snapshot,
  { request, target }: UpdateAssociation,
  before: Association,
  roles: RolesBack,
  findings: Findings,
): ActionNode | undefined {
  const existing = sameOne(snapshot, target, before, findings);
  if (!existing) return undefined;
  const names = fieldNames.filter(name => name in request);
  const left = { ...fieldsOf(existing), ...cleared(request) };
  return fieldsBack(snapshot, existing, { names, left, before }, roles, findings);
}

/**
 * An association that the run has put in the place of one that it deleted gets that one's fields, where it is as the run
 * has left it. It keeps its own id.
 */
export function restoreReplaced(
  snapshot: Snapshot,
  { request, target, subject }: CreateAssociation,
  before: Association,
  roles: RolesBack,
  findings: Findings,
): ActionNode | undefined {
  const existing = associationOf(snapshot.associations, target);
  if (!existing) return recreate(snapshot, target, before, roles, findings);
  if (existing.ownerArn) {
    findings.skipped.push({ subject, reason: `association ${existing.id} was made since by an add-on, so it stays` });
    return undefined;
  }
  const { roleArn, targetRoleArn, disableSessionTags = false, policy } = request;
  const left = {
    roleArn: isRef(roleArn) ? existing.roleArn : roleArn,
    targetRoleArn: targetRoleArn || null,
    disableSessionTags,
    policy: policy || null,
  };
  return fieldsBack(snapshot, existing, { names: fieldNames, left, before }, roles, findings);
}

const fieldNames = ['roleArn', 'targetRoleArn', 'disableSessionTags', 'policy'] as const;

type Back = {
  readonly names: readonly (keyof Fields)[];
  /** What the run has left. */
  readonly left: Fields;
  readonly before: Association;
};

function fieldsBack(
  snapshot: Snapshot,
  existing: Association,
  { names, left, before }: Back,
  roles: RolesBack,
  findings: Findings,
): ActionNode | undefined {
  const { namespace, serviceAccount } = existing;
  const target = { namespace, serviceAccount };
  const subject = subjectText(target);
  const [live, wanted] = [fieldsOf(existing), fieldsOf(before)];
  const differs = (name: keyof Fields, a: Fields, b: Fields) => !sameField(name, a, b);
  const back = names.filter(name => differs(name, live, wanted));
  if (back.length === 0) {
    findings.same.push({ subject, reason: 'its association is as it was' });
    return undefined;
  }
  const foreign = back.filter(name => differs(name, live, left));
  if (foreign.length > 0) {
    findings.skipped.push({
      subject,
      reason: `${foreign.join(', ')} was changed since by others, so it is not overwritten`,
    });
    return undefined;
  }
  const pick = (from: Fields) => Object.fromEntries(back.map(name => [name, from[name]]));
  const role = roles(before.roleArn);
  if (!role && back.includes('roleArn')) return roleGone(subject, before, findings);
  const sent = Object.fromEntries(back.map(name => [name, wanted[name] ?? '']));
  return actionNode(
    {
      id: associationId(target),
      title: `restore pod identity association ${subject} (${back.join(', ')})`,
      needs: back.includes('roleArn') ? (role?.needs ?? []) : [],
    },
    {
      ...place(snapshot.cluster, subject),
      type: 'update-association',
      service: 'eks',
      operation: 'UpdatePodIdentityAssociation',
      target,
      expects: pick(live),
      request: {
        clusterName: snapshot.cluster.name,
        associationId: existing.id,
        ...sent,
        ...(role && back.includes('roleArn') && { roleArn: role.roleArn }),
      },
    },
  );
}

/** What an empty text in a request leaves behind. */
const cleared = ({ roleArn, targetRoleArn, disableSessionTags, policy }: UpdateAssociation['request']): Fields => ({
  ...(roleArn !== undefined && !isRef(roleArn) && { roleArn }),
  ...(targetRoleArn !== undefined && { targetRoleArn: targetRoleArn || null }),
  ...(disableSessionTags !== undefined && { disableSessionTags }),
  ...(policy !== undefined && { policy: policy || null }),
});

const fieldsOf = ({ roleArn, targetRoleArn, disableSessionTags, policy }: Association): Required<Fields> => ({
  roleArn,
  targetRoleArn: targetRoleArn ?? null,
  disableSessionTags,
  policy: policy ?? null,
});

const sameField = (name: keyof Fields, a: Fields, b: Fields): boolean =>
  name === 'policy' ? samePolicy(a.policy ?? undefined, b.policy ?? undefined) : a[name] === b[name];

/** Tags that the run has set or removed, put back one by one; others stay as they are. */
export function restoreTags(
  snapshot: Snapshot,
  { request, target, subject }: TagAssociation,
  before: Association,
  findings: Findings,
): ActionNode | undefined {
  const existing = sameOne(snapshot, target, before, findings);
  if (!existing) return undefined;
  const ours = [
    ...Object.keys(request.tags).filter(key => existing.tags[key] === request.tags[key]),
    ...request.untag.filter(key => existing.tags[key] === undefined),
  ].filter(key => existing.tags[key] !== before.tags[key]);
  if (ours.length === 0) {
    findings.same.push({
      subject,
      reason: 'the tags of its association are as they were, or others changed them since',
    });
    return undefined;
  }
  const tags = Object.fromEntries(
    ours.flatMap(key => (before.tags[key] === undefined ? [] : [[key, before.tags[key]]])),
  );
  return actionNode(
    { id: `tags:${subject}`, title: `restore tags of pod identity association ${subject}` },
    {
      ...place(snapshot.cluster, subject),
      type: 'tag-association',
      service: 'eks',
      operation: 'TagResource',
      target,
      request: { resourceArn: existing.arn, tags, untag: ours.filter(key => before.tags[key] === undefined) },
    },
  );
}

/** An association that the run has deleted, made again with its old settings; EKS gives it a new id. */
export function recreate(
  snapshot: Snapshot,
  target: Subject,
  before: Association,
  roles: RolesBack,
  findings: Findings,
): ActionNode | undefined {
  const subject = subjectText(target);
  const gap = gapText(snapshot.associations);
  if (gap) {
    findings.skipped.push({ subject, reason: `whether it has an association is not known: the associations ${gap}` });
    return undefined;
  }
  const existing = associationOf(snapshot.associations, target);
  if (existing) {
    if (existing.roleArn === roles(before.roleArn)?.roleArn)
      findings.same.push({ subject, reason: `association ${existing.id} is there` });
    else findings.skipped.push({ subject, reason: `association ${existing.id} was made since by others, so it stays` });
    return undefined;
  }
  const role = roles(before.roleArn);
  if (!role) return roleGone(subject, before, findings);
  const { targetRoleArn, disableSessionTags, policy } = before;
  const tags = Object.fromEntries(Object.entries(before.tags).filter(([key]) => !key.startsWith('aws:')));
  const settings = {
    roleArn: role.roleArn,
    ...(targetRoleArn && { targetRoleArn }),
    ...(disableSessionTags && { disableSessionTags }),
    ...(policy && { policy }),
    tags,
  };
  return createAssociation(snapshot, target, settings, role.needs);
}

/** An association of a role that does not exist would take from its pods whatever else they could get. */
function roleGone(subject: string, { roleArn }: Association, findings: Findings): undefined {
  findings.skipped.push({ subject, reason: `it does not get ${roleArn} back: that role is gone with its stack` });
}

function sameOne(
  snapshot: Snapshot,
  target: Subject,
  before: Association,
  findings: Findings,
): Association | undefined {
  const gap = gapText(snapshot.associations);
  const existing = associationOf(snapshot.associations, target);
  if (!gap && existing?.id === before.id) return existing;
  const reason = gap ? `the associations ${gap}` : `association ${before.id} is gone or another one`;
  findings.skipped.push({ subject: subjectText(target), reason });
  return undefined;
}
