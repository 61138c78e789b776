import type { Snapshot } from '../identity/snapshot.ts';
import { removals } from './delete/removal.ts';
import { stepsOf } from './intents.ts';
import { noFindings, planOf, refOf, rootOf } from './nodes.ts';
import type { Plan } from './plan.ts';
import type { DeleteRequest } from './request.ts';
import { bySubjectOrder, sameSubject } from './subjects.ts';

/**
 * Associations to delete, with what was made for them alone: the role's stack and the service account. Says who loses
 * what by it and what is left behind; what would be cut off without having been named is `beyond`.
 */
export function planDelete(snapshot: Snapshot, request: DeleteRequest): Plan {
  const findings = noFindings();
  const subjects = request.subjects
    .filter((subject, index, all) => all.findIndex(other => sameSubject(other, subject)) === index)
    .toSorted(bySubjectOrder);
  const children = stepsOf(snapshot, removals(snapshot, subjects, findings), findings);
  const { cluster, readAt } = snapshot;
  const tree = rootOf('delete pod identity associations', children);
  return planOf({ command: 'delete', cluster: refOf(cluster), readAt, root: tree }, findings);
}
