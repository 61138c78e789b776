import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { planCreate } from './create.ts';
import { planOf, refOf, root } from './nodes.ts';
import type { Plan } from './plan.ts';
import type { ApplyRequest } from './request.ts';
import { associationOf } from './subjects.ts';

/** Creates what is missing. */
export function planApply(snapshot: Snapshot, request: ApplyRequest): Plan {
  const missing = request.associations.filter(wanted => !associationOf(snapshot.associations, wanted));
  const made = planCreate(snapshot, { command: 'create', associations: missing });
  const skipped = request.associations
    .filter(wanted => !missing.includes(wanted))
    .map(wanted => ({ subject: subjectText(wanted), reason: 'it has an association' }));
  const { cluster, readAt } = snapshot;
  const tree = root('parallel', 'apply', made.root.children);
  return planOf(
    { command: 'apply', cluster: refOf(cluster), readAt, root: tree },
    {
      skipped: [...made.skipped, ...skipped],
      held: [],
      same: [...made.same],
      notes: [...made.notes],
      evidence: [],
      beyond: [],
    },
  );
}
