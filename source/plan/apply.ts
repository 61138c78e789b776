import { known } from '../identity/reading.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { addonIntents } from './apply/addons.ts';
import { agentStep } from './apply/agent.ts';
import { associationIntents } from './apply/associations.ts';
import { removals } from './delete/removal.ts';
import { distinct } from './distinct.ts';
import { type Intent, stepsOf } from './intents.ts';
import { rolesWanted } from './needs.ts';
import { type Findings, noFindings, planOf, refOf, rootOf } from './nodes.ts';
import type { Plan, PlanNode } from './plan.ts';
import type { ApplyRequest } from './request.ts';
import { bySubjectOrder, gapText } from './subjects.ts';

/**
 * Brings a cluster to what a file says: creates what is missing, changes what differs in what the file mentions, says what
 * is the same; with `prune`, deletes the associations that it does not name.
 */
export function planApply(snapshot: Snapshot, request: ApplyRequest): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const agent = agentStep(snapshot, request.addons, findings);
  const named = new Set(rolesWanted(request));
  const options = { ...(agent && { agent: agent.id }), named };
  const wanted = distinct(cluster.name, request.associations, findings);
  const intents = [
    ...addonIntents(snapshot, request.addons, findings, options),
    ...associationIntents(snapshot, wanted, findings, options),
    ...(request.prune ? prunes(snapshot, request, named, findings) : []),
  ];
  const steps = stepsOf(snapshot, intents, findings);
  const children: readonly PlanNode[] = [...(agent ? [agent] : []), ...steps];
  const tree = rootOf('apply a file', children);
  return planOf({ command: 'apply', cluster: refOf(cluster), readAt, root: tree }, findings);
}

/** Nobody has named these one by one, so each is beyond what was asked for until it is approved. */
function prunes(
  snapshot: Snapshot,
  request: ApplyRequest,
  given: ReadonlySet<string>,
  findings: Findings,
): readonly Intent[] {
  const gap = gapText(snapshot.associations);
  if (gap) {
    findings.skipped.push({
      subject: `cluster ${snapshot.cluster.name}`,
      reason: `nothing is pruned: the associations ${gap}`,
    });
    return [];
  }
  const named = new Set(request.associations.map(subjectText));
  const others = (known(snapshot.associations) ?? []).filter(
    each => each.ownerArn === undefined && !named.has(subjectText(each)),
  );
  const subjects: readonly Subject[] = others.toSorted(bySubjectOrder);
  const roles = new Map(others.map(each => [subjectText(each), each]));
  return removals(snapshot, subjects, findings, given).map(intent => {
    const gone = roles.get(intent.subject);
    const reason = `association ${gone?.id} is deleted, for the file does not name it: it gives ${gone?.roleArn}`;
    return { ...intent, beyond: [{ subject: intent.subject, reason }, ...(intent.beyond ?? [])] };
  });
}
