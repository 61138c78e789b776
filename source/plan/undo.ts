import type { Addon, Association } from '../identity/facts.ts';
import { known } from '../identity/reading.ts';
import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { type CreateAssociation, type DeleteAssociation, isRef } from './action.ts';
import { agentAddon } from './agent.ts';
import { type Restarted, restarts } from './migrate/restart.ts';
import { compare, type Findings, noFindings, planOf, refOf, root, together } from './nodes.ts';
import { type ActionNode, actions, type Plan, type PlanNode } from './plan.ts';
import { bySubjectOrder, sameSubject } from './subjects.ts';
import {
  type UndoOptions as AccountOptions,
  type AccountUndo,
  restoreAnnotation,
  undoAddon,
  undoAssociation,
} from './undo/accounts.ts';
import { restoreAddon } from './undo/addon-list.ts';
import { type Journaled, type Written, writtenBy } from './undo/journaled.ts';
import { madeAgain, type RolesBack, takenAway } from './undo/made.ts';
import { type RoleWithOidc, removeAdmission, restoreOidc, roleHistories } from './undo/trust.ts';
import { recreate, restoreFields, restoreReplaced, restoreTags } from './undo/updates.ts';

export type { Journaled } from './undo/journaled.ts';

export type UndoOptions = AccountOptions;

/**
 * The way back from a run, made from its journal and the present world, in the order in which nobody is without an
 * identity: the OIDC trust back, annotations back, associations deleted, pods re-created, and last the statement that
 * let Pod Identity in. What others changed since is never overwritten; the agent is never removed.
 */
export function planUndo(journal: Journaled, snapshot: Snapshot, options: UndoOptions = {}): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const plan = (children: readonly PlanNode[]) =>
    planOf(
      { command: 'undo', cluster: refOf(cluster), readAt, root: root('sequence', 'undo a run', children) },
      findings,
    );
  const history = writtenBy(journal);
  const obstacle = history.ok ? obstacleOf(history.value.plan, snapshot) : history.reason;
  if (obstacle || !history.ok) {
    findings.skipped.push({ subject: `cluster ${cluster.name}`, reason: obstacle ?? '' });
    return plan([]);
  }
  const { written } = history.value;
  const migration = history.value.plan.command === 'migrate';
  const roles = new Map(
    [...roleHistories(snapshot, written, findings)].map(([arn, each]) => [arn, restoreOidc(snapshot, each, findings)]),
  );
  const accounts = accountUndos(snapshot, written, roles, { ...options, migration }, findings);
  const again = madeAgain(snapshot, written, findings);
  const addons = written.flatMap(({ node: { action } }) => {
    if (action.type !== 'update-addon') return [];
    if (migration) return undoAddon(snapshot, action, roles, options, findings) ?? [];
    return restoreAddon(snapshot, action, again.roles, findings) ?? [];
  });
  const deletions = accounts.flatMap(({ deletion }) => deletion ?? []);
  const restarted = [
    ...accounts.flatMap(account => (account.restartAfter ? [{ ...account, needs: account.restartAfter }] : [])),
    ...(migration ? addonPods(snapshot, written, addons, roles) : []),
  ].toSorted(bySubjectOrder);
  const waves = options.restartWorkloads ? restarts(snapshot, restarted, findings, 'irsa') : [];
  const updates = restoreUpdates(snapshot, written, again.roles, findings);
  const after = [...deletions, ...addons, ...updates, ...waves.flatMap(actions)];
  const admissions = [...roles.values()].flatMap(role => admissionOut(snapshot, role, after, accounts, findings));
  const away = takenAway(snapshot, written, after, findings);
  staysNote(written, findings);
  return plan([
    ...together(
      'undo:oidc',
      "put the OIDC provider's trust back",
      [...roles.values()].flatMap(({ restore }) => restore ?? []),
    ),
    ...together(
      'undo:annotations',
      'put the annotations back',
      accounts.flatMap(({ annotation }) => annotation ?? []),
    ),
    ...together('undo:again', 'make again what was deleted', again.nodes),
    ...together('undo:associations', 'put the associations back as they were', [...deletions, ...addons, ...updates]),
    ...waves,
    ...together('undo:trust', 'take the trust in Pod Identity out', admissions),
    ...together('undo:made', 'take away what was made', away),
  ]);
}

function obstacleOf(plan: Plan, { cluster }: Snapshot): string | undefined {
  if (plan.cluster.arn !== cluster.arn) return `the run was on ${plan.cluster.arn}`;
  if (plan.command === 'undo') return 'it is an undo itself: make a new plan instead';
  return undefined;
}

function accountUndos(
  snapshot: Snapshot,
  written: readonly Written[],
  roles: ReadonlyMap<string, RoleWithOidc>,
  options: AccountOptions & { readonly migration: boolean },
  findings: Findings,
): readonly AccountUndo[] {
  const touched = written.flatMap(({ node: { action } }) =>
    action.type === 'annotate' || action.type === 'create-association' ? [action.target] : [],
  );
  const subjects = [...new Map(touched.map(target => [subjectText(target), target])).values()].toSorted(bySubjectOrder);
  return subjects.map(({ namespace, serviceAccount }) => {
    const target = { namespace, serviceAccount };
    const own = written.filter(({ node: { action } }) => 'target' in action && sameSubject(action.target, target));
    const annotation = own
      .flatMap(each =>
        each.node.action.type === 'annotate'
          ? (restoreAnnotation(snapshot, each.node.action, each, roles, findings) ?? [])
          : [],
      )
      .at(0);
    const replaces = own.some(({ node: { action } }) => action.type === 'delete-association');
    const made = replaces ? undefined : own.find(({ node: { action } }) => action.type === 'create-association');
    if (made?.node.action.type !== 'create-association') return { ...target, ...(annotation && { annotation }) };
    const { roleArn } = made.node.action.request;
    const role = typeof roleArn === 'string' ? roles.get(roleArn) : undefined;
    return { ...target, ...undoAssociation(snapshot, made.node.action, made, { annotation, role }, options, findings) };
  });
}

/** The service accounts of add-ons that lose their associations, or have lost them without being restarted. */
function addonPods(
  snapshot: Snapshot,
  written: readonly Written[],
  updates: readonly ActionNode[],
  roles: ReadonlyMap<string, RoleWithOidc>,
): readonly Restarted[] {
  return written.flatMap(({ node: { action } }) => {
    if (action.type !== 'update-addon') return [];
    const { addonName, podIdentityAssociations } = action.request;
    const update = updates.find(
      node => node.action.type === 'update-addon' && node.action.request.addonName === addonName,
    );
    const addon = known(snapshot.addons)?.find(({ name }) => name === addonName);
    if (!addon || (!update && addon.associationArns.length > 0)) return [];
    return podIdentityAssociations.map(({ serviceAccount, roleArn }) => ({
      namespace: addonNamespace(snapshot, addon, serviceAccount),
      serviceAccount,
      needs: update
        ? [update.id]
        : [isRef(roleArn) ? undefined : roles.get(roleArn)?.restore?.id].filter(id => id !== undefined),
    }));
  });
}

/** Where its association says; without one, where EKS installs its add-ons unless told otherwise. */
const addonNamespace = ({ associations }: Snapshot, addon: Addon, serviceAccount: string): string =>
  known(associations)?.find(each => addon.associationArns.includes(each.arn) && each.serviceAccount === serviceAccount)
    ?.namespace ?? 'kube-system';

function restoreUpdates(
  snapshot: Snapshot,
  written: readonly Written[],
  roles: RolesBack,
  findings: Findings,
): readonly ActionNode[] {
  return written.flatMap(({ node: { action }, prior }) => {
    if (prior.kind !== 'association' || !prior.described) return [];
    switch (action.type) {
      case 'update-association':
        return restoreFields(snapshot, action, prior.described, roles, findings) ?? [];
      case 'tag-association':
        return restoreTags(snapshot, action, prior.described, findings) ?? [];
      case 'delete-association':
        return deletedBack(snapshot, action, replacement(written, action), prior.described, roles, findings) ?? [];
      default:
        return [];
    }
  });
}

function deletedBack(
  snapshot: Snapshot,
  { target }: DeleteAssociation,
  replaced: CreateAssociation | undefined,
  before: Association,
  roles: RolesBack,
  findings: Findings,
): ActionNode | undefined {
  if (replaced) return restoreReplaced(snapshot, replaced, before, roles, findings);
  return recreate(snapshot, target, before, roles, findings);
}

/** What the run has made in the place of an association that it has deleted; a clean-up comes last. */
const replacement = (written: readonly Written[], { subject }: DeleteAssociation): CreateAssociation | undefined =>
  written
    .flatMap(({ node: { action } }) =>
      action.type === 'create-association' && action.subject === subject ? [action] : [],
    )
    .at(-1);

/** The statement for Pod Identity goes only if after this undo nothing that could be read uses the role by it. */
function admissionOut(
  snapshot: Snapshot,
  role: RoleWithOidc,
  before: readonly ActionNode[],
  accounts: readonly AccountUndo[],
  findings: Findings,
): readonly ActionNode[] {
  if (!role.admit) return [];
  const subject = `role ${role.role.arn.name}`;
  const { elsewhere } = snapshot;
  const associations = known(snapshot.associations);
  if (!associations) return [];
  const going = new Set(before.flatMap(({ action }) => (action.type === 'delete-association' ? [action.subject] : [])));
  const cleared = before.flatMap(({ action }) => (action.type === 'update-addon' ? [action] : []));
  const uses = associations.filter(
    each =>
      each.roleArn === role.roleArn &&
      !going.has(subjectText(each)) &&
      !cleared.some(({ expects = [] }) =>
        expects.some(gone => gone.serviceAccount === each.serviceAccount && gone.roleArn === each.roleArn),
      ),
  );
  const coming = before.some(
    ({ action }) =>
      (action.type === 'create-association' || action.type === 'update-association') &&
      action.request.roleArn === role.roleArn,
  );
  const stranded = accounts.filter(account => account.stranded && account.roleArn === role.roleArn);
  const users = [...[...uses, ...stranded].map(subjectText), ...(elsewhere?.uses.get(role.roleArn) ?? [])].toSorted(
    compare,
  );
  if (users.length > 0 || coming) {
    const who = users.length > 0 ? users.join(', ') : 'an association that is put back';
    findings.held.push({
      subject,
      reason: `it keeps letting Pod Identity in: ${who} ${users.length > 1 ? 'use' : 'uses'} it`,
    });
    return [];
  }
  if (elsewhere && elsewhere.unread.length > 0)
    findings.notes.push(
      `Not checked: whether associations in ${elsewhere.unread.join(', ')} use role ${role.role.arn.name}.`,
    );
  const edit = removeAdmission(snapshot, role, needsOf(role, before, accounts), findings);
  return edit ? [edit] : [];
}

/** Whatever takes the role from somebody, and all that follows from it: until then pods may still refresh by it. */
function needsOf(
  { roleArn }: RoleWithOidc,
  before: readonly ActionNode[],
  accounts: readonly AccountUndo[],
): readonly string[] {
  const ids = new Set<string>();
  const subjects = new Set(accounts.filter(account => account.roleArn === roleArn).map(subjectText));
  for (const { id, needs, action } of before) {
    const takes =
      (action.type === 'delete-association' && action.expects.roleArn === roleArn) ||
      (action.type === 'update-addon' && action.expects?.some(gone => gone.roleArn === roleArn)) ||
      (action.type === 'update-association' && action.expects.roleArn === roleArn);
    if (takes || subjects.has(action.subject) || needs.some(need => ids.has(need))) ids.add(id);
  }
  return [...ids];
}

/** What is never taken away: others may rely on it by now. */
function staysNote(written: readonly Written[], findings: Findings): void {
  for (const { node } of written) {
    const { action } = node;
    if (action.type === 'create-namespace') findings.notes.push(`Namespace ${action.request.name} stays.`);
    if (action.type !== 'install-addon') continue;
    const what = action.request.addonName === agentAddon ? 'The agent' : `The add-on ${action.request.addonName}`;
    findings.notes.push(`${what} stays: others may rely on it by now.`);
  }
}
