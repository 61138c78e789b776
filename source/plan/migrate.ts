import { known } from '../identity/reading.ts';
import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { agentVerdict, installAgent } from './agent.ts';
import { createAssociation } from './associations.ts';
import { type AddonCandidate, addonCandidates, trustedSubjects } from './migrate/addons.ts';
import { type Candidate, candidates } from './migrate/candidates.ts';
import { retirements } from './migrate/retire.ts';
import { inScope } from './migrate/scope.ts';
import { type Mover, sharedRoleNotes, type TrustWork, trustWork } from './migrate/trust.ts';
import { actionNode, type Findings, noFindings, place, planOf, refOf, root, together } from './nodes.ts';
import type { ActionNode, Plan, PlanNode } from './plan.ts';
import type { MigrateRequest } from './request.ts';
import { usableRole } from './role-trust.ts';
import { associationOf, gapText, serviceAccountOf } from './subjects.ts';
import { trustId } from './trust-edit.ts';

type ServiceAccountMover = Mover & { readonly move: Candidate };
type AddonMover = Mover & { readonly move: AddonCandidate };

/**
 * From IRSA to Pod Identity without taking anything away: the agent, then one trust statement for each role, then the
 * associations. Annotations and OIDC trust stay; they are what running pods live by.
 */
export function planMigrate(snapshot: Snapshot, request: MigrateRequest): Plan {
  const findings = noFindings();
  const accounts = candidates(snapshot, request, findings).map(accountMover);
  const addons = addonMovers(snapshot, request, findings);
  findings.held.push(...retirements(snapshot, request));
  remarkOthers(snapshot, request, findings);

  const agent = agentVerdict(snapshot);
  const movers = [...addons, ...accounts];
  const { cluster, readAt } = snapshot;
  const plan = (children: readonly PlanNode[]) =>
    planOf(
      {
        command: 'migrate',
        cluster: refOf(cluster),
        readAt,
        root: root('sequence', `migrate ${cluster.name} to pod identity`, children),
      },
      findings,
    );
  if (agent.kind === 'unfit') {
    for (const { label } of movers) findings.held.push({ subject: label, reason: agent.reason });
    return plan([]);
  }
  const work = trustWork(snapshot, movers, findings);
  const goes = <M extends Mover>(list: readonly M[]) => list.filter(mover => !work.stays.has(mover));
  const [goingAddons, goingAccounts] = [goes(addons), goes(accounts)];
  const going = [...goingAddons, ...goingAccounts];
  if (going.length === 0) return plan([]);

  findings.notes.push(
    ...(agent.kind === 'ready' ? agent.notes : []),
    ...sharedRoleNotes(going),
    ...restNotes(snapshot),
  );
  const installs = agent.kind === 'missing' ? [installAgent(snapshot)] : [];
  const needs = (mover: Mover) => [...installs.map(({ id }) => id), ...trustNeeds(work, mover)];
  return plan([
    ...installs,
    ...together('trust', 'let Pod Identity use the roles', [...work.edits.values()]),
    ...together(
      'addons',
      'move the add-ons',
      goingAddons.map(mover => addonUpdate(snapshot, mover, needs(mover))),
    ),
    ...together(
      'associations',
      'create the associations',
      goingAccounts.map(mover =>
        createAssociation(snapshot, mover.move, { roleArn: mover.move.roleArn }, needs(mover)),
      ),
    ),
  ]);
}

const accountMover = (move: Candidate): ServiceAccountMover => ({
  namespace: move.namespace,
  serviceAccount: move.serviceAccount,
  sessionTags: true,
  label: subjectText(move),
  role: move.role,
  move,
});

function addonMovers(snapshot: Snapshot, request: MigrateRequest, findings: Findings): readonly AddonMover[] {
  const gap = gapText(snapshot.addons);
  if (gap) findings.skipped.push({ subject: 'addons', reason: `they ${gap}` });
  return addonCandidates(snapshot, request, findings).flatMap(move => {
    const label = `addon ${move.addon.name}`;
    const role = usableRole(snapshot, move.roleArn);
    if (role.ok) return [{ ...move.subject, sessionTags: true, label, role: role.value, move }];
    findings.skipped.push({ subject: label, reason: role.reason });
    return [];
  });
}

const trustNeeds = ({ edits }: TrustWork, { role }: Mover): readonly string[] =>
  edits.has(role.role.arn) ? [trustId(role.arn.name)] : [];

function addonUpdate({ cluster }: Snapshot, { move }: AddonMover, needs: readonly string[]): ActionNode {
  const { addon, roleArn, subject } = move;
  return actionNode(
    { id: `addon:${addon.name}`, title: `migrate addon ${addon.name} to pod identity`, needs },
    {
      ...place(cluster, `addon ${addon.name}`),
      type: 'update-addon',
      service: 'eks',
      operation: 'UpdateAddon',
      request: {
        clusterName: cluster.name,
        addonName: addon.name,
        addonVersion: addon.version,
        ...(addon.configurationValues !== undefined && { configurationValues: addon.configurationValues }),
        podIdentityAssociations: [{ serviceAccount: subject.serviceAccount, roleArn }],
      },
      undo: 'update the add-on with an empty list of associations',
    },
  );
}

/** What the plan does not do, or could not look at. */
function restNotes({ pods }: Snapshot): readonly string[] {
  const gap = gapText(pods);
  return [
    'Annotations and OIDC trust stay. Running pods switch only when they are re-created.',
    'Not checked: whether the AWS SDKs in the pods are recent enough to use Pod Identity.',
    ...(gap ? [`Not checked: whether pods run on Fargate or Windows, because the pods ${gap}.`] : []),
  ];
}

/** Service accounts that a role lets in by web identity although no annotation asks for it: not moved, but said. */
function remarkOthers(snapshot: Snapshot, request: MigrateRequest, findings: Findings): void {
  if (!known(snapshot.serviceAccounts)) return;
  const named = [...snapshot.roles.keys()].toSorted().flatMap(roleArn => {
    const role = usableRole(snapshot, roleArn);
    if (!role.ok) return [];
    return trustedSubjects(snapshot, role.value.policy).map(subject => ({ subject, role: role.value.arn.name }));
  });
  for (const { subject, role } of named) {
    if (!inScope(request, subject) || associationOf(snapshot.associations, subject)) continue;
    const account = serviceAccountOf(snapshot.serviceAccounts, subject);
    if (account?.roleArn) continue;
    const why = account ? 'has no annotation' : 'does not exist';
    findings.notes.push(`Role ${role} lets ${subjectText(subject)} in by web identity, but it ${why}: not moved.`);
  }
}
