import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { createAssociation } from '../associations.ts';
import { actionNode, type Findings, place, together } from '../nodes.ts';
import type { ActionNode, PlanNode } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import { usableRole } from '../role-trust.ts';
import { gapText, serviceAccountOf } from '../subjects.ts';
import { trustId } from '../trust-edit.ts';
import { type AddonCandidate, addonCandidates } from './addons.ts';
import type { Candidate } from './candidates.ts';
import { sessionTags } from './session-tags.ts';
import type { Settled } from './settled.ts';
import type { Mover, TrustWork } from './trust.ts';

/** A service account on its way to an association. */
export type ServiceAccountMover = Mover & { readonly move: Candidate };
export type AddonMover = Mover & { readonly move: AddonCandidate };

export function accountMover(snapshot: Snapshot, request: MigrateRequest, move: Candidate): ServiceAccountMover {
  const { namespace, serviceAccount, role } = move;
  return {
    namespace,
    serviceAccount,
    sessionTags: sessionTags(snapshot, request, role).on,
    label: subjectText(move),
    role,
    move,
  };
}

/** Add-ons that can move, each with its role; the others have a remark. */
export function addonMovers(snapshot: Snapshot, request: MigrateRequest, findings: Findings): readonly AddonMover[] {
  const gap = gapText(snapshot.addons);
  if (gap) findings.skipped.push({ subject: 'addons', reason: `they ${gap}` });
  return addonCandidates(snapshot, request, findings).flatMap(move => {
    const label = `addon ${move.addon.name}`;
    const role = usableRole(snapshot, move.roleArn);
    // EKS makes an add-on's associations with session tags, and UpdateAddon has no word for it.
    if (role.ok) return [{ ...move.subject, sessionTags: true, label, role: role.value, move }];
    findings.skipped.push({ subject: label, reason: role.reason });
    return [];
  });
}

type Moves = { readonly nodes: readonly PlanNode[]; readonly settled: readonly Settled[] };

/** Stages trust and associate. */
export function moveNodes(
  snapshot: Snapshot,
  work: TrustWork,
  installs: readonly ActionNode[],
  addons: readonly AddonMover[],
  accounts: readonly ServiceAccountMover[],
): Moves {
  const needs = (mover: Mover) => [...installs.map(({ id }) => id), ...trustNeeds(work, mover)];
  const updates = addons.map(mover => ({ mover, node: addonUpdate(snapshot, mover, needs(mover)) }));
  const creations = accounts.map(mover => ({ mover, node: association(snapshot, mover, needs(mover)) }));
  return {
    nodes: [
      ...together('trust', 'let Pod Identity use the roles', [...work.edits.values()]),
      ...together(
        'addons',
        'move the add-ons',
        updates.map(({ node }) => node),
      ),
      ...together(
        'associations',
        'create the associations',
        creations.map(({ node }) => node),
      ),
    ],
    settled: [
      ...updates.map(({ mover, node }) => settledBy(snapshot, mover, node, true)),
      ...creations.map(({ mover, node }) => settledBy(snapshot, mover, node, false)),
    ],
  };
}

const trustNeeds = ({ edits }: TrustWork, { role }: Mover): readonly string[] =>
  edits.has(role.role.arn) ? [trustId(role.arn.name)] : [];

const association = (
  snapshot: Snapshot,
  { move, sessionTags: tags }: ServiceAccountMover,
  needs: readonly string[],
): ActionNode => ({
  ...createAssociation(snapshot, move, { roleArn: move.roleArn, ...(!tags && { disableSessionTags: true }) }, needs),
  stage: 'associate',
});

function settledBy(snapshot: Snapshot, mover: Mover, node: ActionNode, addon: boolean): Settled {
  const { namespace, serviceAccount, role } = mover;
  const annotation = serviceAccountOf(snapshot.serviceAccounts, mover)?.roleArn;
  const usable: Settled['role'] = { ok: true, value: role };
  return {
    namespace,
    serviceAccount,
    roleArn: role.role.arn,
    role: usable,
    needs: [node.id],
    addon,
    ...(annotation && { annotation }),
  };
}

function addonUpdate({ cluster }: Snapshot, { move }: AddonMover, needs: readonly string[]): ActionNode {
  const { addon, roleArn, subject } = move;
  return actionNode(
    { id: `addon:${addon.name}`, title: `migrate addon ${addon.name} to pod identity`, needs, stage: 'associate' },
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
