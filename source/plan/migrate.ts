import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { agentId, installAgent } from './agent.ts';
import { type AgentGate, agentGate } from './migrate/agent-gate.ts';
import { candidates } from './migrate/candidates.ts';
import { leftovers, remarkLeftovers } from './migrate/leftovers.ts';
import { accountMover, addonMovers, moveNodes, type ServiceAccountMover } from './migrate/moves.ts';
import { remarkOthers } from './migrate/others.ts';
import { remarkOwners } from './migrate/owners.ts';
import { platformRow, wrongPlatform } from './migrate/platform.ts';
import { situationOf } from './migrate/pods.ts';
import { restarts, runningNotes, verified } from './migrate/restart.ts';
import { retireAccounts } from './migrate/retire.ts';
import { retireTrust } from './migrate/retire-trust.ts';
import { sessionTags } from './migrate/session-tags.ts';
import { type Settled, settledAlready } from './migrate/settled.ts';
import { type Mover, sharedRoleNotes, type TrustWork, trustWork } from './migrate/trust.ts';
import { type Findings, noFindings, planOf, refOf, root, together } from './nodes.ts';
import { actions, type Evidence, type Plan, type PlanNode } from './plan.ts';
import type { MigrateRequest } from './request.ts';
import { bySubjectOrder } from './subjects.ts';

/**
 * From IRSA to Pod Identity without taking anything away too early: the agent, one trust statement for each role, the
 * associations; then, if asked for, restarts in waves; then, if asked for, what is left of IRSA goes for those whose
 * pods are seen on Pod Identity. What does not pass its gate is held, with what frees it.
 */
export function planMigrate(snapshot: Snapshot, request: MigrateRequest): Plan {
  const findings = noFindings();
  const wanted = candidates(snapshot, request, findings).map(move => accountMover(snapshot, request, move));
  const addonsWanted = addonMovers(snapshot, request, findings);
  const left = leftovers(snapshot, request);
  remarkLeftovers(snapshot, request, left, findings);
  remarkOthers(snapshot, request, left, findings);

  const gate = agentGate(snapshot, request);
  const ready = <M extends Mover>(movers: readonly M[]) =>
    movers.filter(mover => passes(gate, mover, mover.label, findings));
  const [accounts, addons] = [ready(wanted), ready(addonsWanted)];

  const work = trustWork(snapshot, request, [...addons, ...accounts], findings);
  const goes = <M extends Mover>(list: readonly M[]) => list.filter(mover => !work.stays.has(mover));
  const [goingAddons, goingAccounts] = [goes(addons), goes(accounts)];
  const already = settledBefore(snapshot, request, gate, findings);
  if (wanted.length + addonsWanted.length + already.length > 0) findings.evidence.push(gate.row);
  findings.evidence.push(...platformRows(snapshot, [...addonsWanted, ...wanted]));
  const restarting = already.some(({ needs }) => needs.includes(agentId));
  const moving = goingAddons.length + goingAccounts.length > 0;
  const installs = gate.installs && (moving || restarting) ? [installAgent(snapshot)] : [];
  const moves = moveNodes(snapshot, work, installs, goingAddons, goingAccounts);
  if (moving) findings.notes.push(...sharedRoleNotes([...goingAddons, ...goingAccounts]));
  findings.evidence.push(...tagRows(snapshot, request, goingAccounts));
  const later = laterStages(snapshot, request, { moved: [...moves.settled, ...already], left }, work, findings);
  const children = [...installs, ...moves.nodes, ...later];
  if (children.length > 0) findings.notes.push(...restNotes(request));
  if (moving || restarting) findings.evidence.push(sdkRow(snapshot));
  const all = children.flatMap(actions);
  remarkOwners(snapshot, all, findings);
  const { cluster, readAt } = snapshot;
  const tree = root('sequence', `migrate ${cluster.name} to pod identity`, children);
  return planOf({ command: 'migrate', cluster: refOf(cluster), readAt, root: tree }, findings);
}

function passes(gate: AgentGate, subject: Subject, label: string, findings: Findings): boolean {
  const reason = gate.holds(subject);
  if (reason === undefined) return true;
  findings.held.push({ subject: label, reason });
  if (!reason.startsWith(gate.row.detail))
    findings.evidence.push({ gate: 'agent', subject: label, verdict: 'held', detail: reason });
  return false;
}

/**
 * Who has moved before. Where their pods are to be re-created, the agent has to be ready for them as for anybody who
 * moves now, and Pod Identity to be offered where they run: their association is there, so the next pod depends on it.
 */
function settledBefore(
  snapshot: Snapshot,
  request: MigrateRequest,
  gate: AgentGate,
  findings: Findings,
): readonly Settled[] {
  const already = settledAlready(snapshot, request);
  if (!request.restartWorkloads && !request.removeOidcProviderTrust) return already;
  return already
    .filter(account => {
      const reason = wrongPlatform(snapshot, account);
      if (reason) findings.skipped.push({ subject: subjectText(account), reason });
      return !reason && passes(gate, account, subjectText(account), findings);
    })
    .map(account =>
      gate.installs && request.restartWorkloads && hasRestarts(snapshot, account)
        ? { ...account, needs: [agentId] }
        : account,
    );
}

const hasRestarts = (snapshot: Snapshot, account: Settled): boolean =>
  situationOf(snapshot, account).workloads.length > 0;

const tagRows = (
  snapshot: Snapshot,
  request: MigrateRequest,
  movers: readonly ServiceAccountMover[],
): readonly Evidence[] =>
  movers.map(({ label, role }) => {
    const { verdict, detail } = sessionTags(snapshot, request, role);
    return { gate: 'session-tags', subject: label, verdict, detail };
  });

/** No API shows what runs in a container. */
const sdkRow = ({ cluster }: Snapshot): Evidence => ({
  gate: 'sdk',
  subject: `cluster ${cluster.name}`,
  verdict: 'unknown',
  detail: 'not checked: whether the AWS SDKs in the pods are recent enough to use Pod Identity',
});

const platformRows = (snapshot: Snapshot, movers: readonly Mover[]) =>
  movers.map(mover => ({ ...platformRow(snapshot, mover), subject: mover.label }));

/** Whom the later stages are about: who moves now or has moved before; and of whom only trust is left. */
type Later = { readonly moved: readonly Settled[]; readonly left: readonly Settled[] };

/** Stages restart and retire. Where only trust is left, new pods would be born with nothing: nobody is restarted. */
function laterStages(
  snapshot: Snapshot,
  request: MigrateRequest,
  { moved, left }: Later,
  work: TrustWork,
  findings: Findings,
): readonly PlanNode[] {
  const settled = moved.toSorted(bySubjectOrder);
  const waves = request.restartWorkloads ? restarts(snapshot, settled, findings) : [];
  if (!request.restartWorkloads) findings.notes.push(...runningNotes(snapshot, settled));
  if (!request.removeOidcProviderTrust) return waves;
  const all = [...settled, ...left].toSorted(bySubjectOrder);
  const retirement = retireAccounts(snapshot, request, all, verified(waves), findings);
  const trust = retireTrust(snapshot, request, retirement, work.edits, findings);
  const steps = retirement.retired.flatMap(({ nodes }) => nodes);
  return [
    ...waves,
    ...together(
      'retire:verify',
      'verify the pods',
      steps.filter(({ action }) => action.type === 'verify-pods'),
    ),
    ...together(
      'retire:annotations',
      'remove the annotations',
      steps.filter(({ action }) => action.type === 'annotate'),
    ),
    ...together('retire:trust', "remove the OIDC provider's trust", trust.roles),
    ...together('retire:addons', "remove the OIDC provider's trust from add-ons' roles", trust.addonRoles),
  ];
}

/** What the plan does not do. */
const restNotes = ({ removeOidcProviderTrust, restartWorkloads }: MigrateRequest): readonly string[] =>
  removeOidcProviderTrust
    ? []
    : [
        `Annotations and OIDC trust stay.${restartWorkloads ? '' : ' Running pods switch only when they are re-created.'}`,
      ];
