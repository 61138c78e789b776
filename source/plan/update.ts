import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { onlyOnce } from './distinct.ts';
import { type Intent, stepsOf } from './intents.ts';
import { type Findings, noFindings, planOf, refOf, rootOf } from './nodes.ts';
import type { Plan } from './plan.ts';
import type { UpdateRequest } from './request.ts';
import { associationOf, gapText } from './subjects.ts';
import { changeIntent } from './update/change.ts';
import type { AssociationChange } from './wanted.ts';

/** Changes of associations and of the roles that were made for them: what is not mentioned stays as it is. */
export function planUpdate(snapshot: Snapshot, request: UpdateRequest): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const changes = onlyOnce(request.changes, findings);
  const intents = changes.flatMap(change => updateIntent(snapshot, change, findings) ?? []);
  const children = stepsOf(snapshot, intents, findings);
  const title = `update pod identity association ${changes.map(subjectText).join(', ')}`;
  return planOf({ command: 'update', cluster: refOf(cluster), readAt, root: rootOf(title, children) }, findings);
}

function updateIntent(snapshot: Snapshot, change: AssociationChange, findings: Findings): Intent | undefined {
  const subject = subjectText(change);
  const gap = gapText(snapshot.associations);
  const existing = gap === undefined ? associationOf(snapshot.associations, change) : undefined;
  if (existing) return changeIntent(snapshot, existing, change, findings);
  const reason = gap ? `the associations ${gap}` : 'it has no pod identity association: create one';
  findings.skipped.push({ subject, reason });
  return undefined;
}
