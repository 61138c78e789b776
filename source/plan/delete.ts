import type { Association } from '../identity/facts.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { deleteAddonHint } from './addon-owner.ts';
import { associationId } from './associations.ts';
import { actionNode, type Findings, noFindings, place, planOf, refOf, root } from './nodes.ts';
import type { ActionNode, Plan } from './plan.ts';
import type { DeleteRequest } from './request.ts';
import {
  associationOf,
  bySubjectOrder,
  gapText,
  livePodsOf,
  podCount,
  sameSubject,
  serviceAccountOf,
} from './subjects.ts';

/** Associations to delete, and who loses what by it. Roles, their trust, annotations and the agent are left alone. */
export function planDelete(snapshot: Snapshot, request: DeleteRequest): Plan {
  const findings = noFindings();
  const subjects = request.subjects
    .filter((subject, index, all) => all.findIndex(other => sameSubject(other, subject)) === index)
    .toSorted(bySubjectOrder);
  const children = subjects.flatMap(subject => step(snapshot, subject, findings));
  const { cluster, readAt } = snapshot;
  const tree = root('parallel', 'delete pod identity associations', children);
  return planOf({ command: 'delete', cluster: refOf(cluster), readAt, root: tree }, findings);
}

function step(snapshot: Snapshot, target: Subject, findings: Findings): readonly ActionNode[] {
  const subject = subjectText(target);
  const gap = gapText(snapshot.associations);
  if (gap) {
    findings.skipped.push({ subject, reason: `the associations ${gap}` });
    return [];
  }
  const existing = associationOf(snapshot.associations, target);
  if (!existing) {
    findings.same.push({ subject, reason: 'it has no pod identity association' });
    return [];
  }
  if (existing.ownerArn) {
    findings.skipped.push({ subject, ...deleteAddonHint(snapshot, existing) });
    return [];
  }
  findings.notes.push(loss(snapshot, existing), `Left behind: role ${existing.roleArn} and its trust policy.`);
  return [deletion(snapshot, existing)];
}

/** The action that takes an association away, if it still has the role that is seen now. */
export const deletion = ({ cluster }: Snapshot, existing: Association, needs: readonly string[] = []): ActionNode =>
  actionNode(
    { id: associationId(existing), title: `delete pod identity association "${subjectText(existing)}"`, needs },
    {
      ...place(cluster, subjectText(existing)),
      type: 'delete-association',
      service: 'eks',
      operation: 'DeletePodIdentityAssociation',
      target: { namespace: existing.namespace, serviceAccount: existing.serviceAccount },
      expects: { roleArn: existing.roleArn },
      request: { clusterName: cluster.name, associationId: existing.id },
      undo: 'create the association again; a target role sees a new association',
    },
  );

/** Who loses access, and what new pods fall back to: the annotation, if there is one, else nothing. */
function loss(snapshot: Snapshot, existing: Association): string {
  const subject = subjectText(existing);
  const pods = livePodsOf(snapshot.pods, existing);
  const users = pods?.filter(({ mechanism }) => mechanism === 'pod-identity' || mechanism === 'both').length;
  const running =
    users === undefined
      ? 'which pods use it was not read'
      : users === 0
        ? 'no running pod uses it'
        : `${podCount(users)} will lose the role when credentials run out`;
  const gap = gapText(snapshot.serviceAccounts);
  const annotated = serviceAccountOf(snapshot.serviceAccounts, existing)?.roleArn;
  const fallback = gap
    ? 'whether an annotation gives new pods a role is not known'
    : annotated
      ? `new pods fall back to IRSA with ${annotated}`
      : 'new pods get no role';
  return `${subject} loses ${existing.roleArn}: ${running}; ${fallback}.`;
}
