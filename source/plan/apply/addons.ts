import type { Addon, RoleStack } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { AddonAssociation } from '../action.ts';
import { agentAddon, agentObstacle } from '../agent.ts';
import type { NewOptions } from '../create.ts';
import { leavingOf, usersOfRole } from '../delete/role-users.ts';
import { goes } from '../delete/stack.ts';
import { type Intent, note } from '../intents.ts';
import { actionNode, compare, type Findings, place } from '../nodes.ts';
import type { ActionNode, Remark } from '../plan.ts';
import { deleteStack } from '../role-stack/nodes.ts';
import { stackRole } from '../role-stack/stacks.ts';
import { addonOfStack, isOfCluster } from '../role-stack/tags.ts';
import { gapText } from '../subjects.ts';
import type { WantedAddon } from '../wanted.ts';
import { type AddonRole, type AddonState, addonState, rolesOf } from './addon-roles.ts';
import { offeredVersion, versionRemark } from './version.ts';

export type AddonOptions = NewOptions & {
  /** ARNs of roles that the file gives to somebody. */
  readonly named: ReadonlySet<string>;
};

/** The add-ons that a file names, the agent aside. */
export function addonIntents(
  snapshot: Snapshot,
  addons: readonly WantedAddon[],
  findings: Findings,
  options: AddonOptions,
): readonly Intent[] {
  const byName = [...Map.groupBy(addons, ({ name }) => name)].toSorted(([a], [b]) => compare(a, b));
  return byName.flatMap(([name, [wanted, again]]) => {
    if (!wanted || name === agentAddon) return [];
    if (!again) return addonIntent(snapshot, wanted, findings, options) ?? [];
    findings.skipped.push({ subject: `addon ${name}`, reason: 'it is named several times: name it once' });
    return [];
  });
}

function addonIntent(
  snapshot: Snapshot,
  wanted: WantedAddon,
  findings: Findings,
  options: AddonOptions,
): Intent | undefined {
  const subject = `addon ${wanted.name}`;
  const skip = (reason: string, command?: string) => {
    findings.skipped.push({ subject, reason, ...(command && { command }) });
    return undefined;
  };
  const gap = gapText(snapshot.addons) ?? gapText(snapshot.associations);
  if (gap) return skip(`the add-ons or associations ${gap}`);
  const addon = known(snapshot.addons)?.find(({ name }) => name === wanted.name);
  const version = addon ? undefined : offeredVersion(snapshot, wanted);
  if (version && !version.ok) return skip(version.reason);
  const auto = !addon && wanted.autoApply === true;
  const about = wanted.associations !== undefined || wanted.useDefaults === true || auto;
  if (wanted.autoApply && addon) {
    findings.same.push({
      subject,
      reason: 'it is installed: what EKS recommends is given to add-ons that the file makes',
    });
    return undefined;
  }
  if (!about) {
    if (!addon) return installation(snapshot, wanted, version?.value, [], []);
    versionRemark(snapshot, wanted, addon.version, findings);
    return undefined;
  }
  if (addon && addon.status !== 'ACTIVE')
    return skip(
      `it is ${addon.status}${addon.issues.length > 0 ? ` (${addon.issues.join('; ')})` : ''}: plan again when it is ACTIVE`,
    );
  const state = addonState(snapshot, wanted, addon);
  if (!state.ok) return skip(state.reason);
  if (auto && state.value.supported.length === 0) {
    note(findings, `The add-on ${wanted.name} takes no Pod Identity roles: it is left to eksctl.`);
    return undefined;
  }
  const { roles, lacking } = rolesOf(snapshot, wanted, state.value, findings);
  if (!addon && lacking.length > 0) return skip('it is not installed without all of its roles');
  const obstacle = options.agent === undefined && roles.length > 0 ? agentObstacle(snapshot) : undefined;
  if (obstacle) return skip(obstacle.reason, obstacle.command);
  const needs = options.agent === undefined ? [] : [options.agent];
  if (!addon) return installation(snapshot, wanted, version?.value, roles, needs);
  if (wanted.version !== undefined) versionRemark(snapshot, wanted, addon.version, findings);
  return change(snapshot, addon, { state: state.value, roles, before: needs, named: options.named }, findings);
}

const listOf = (roles: readonly AddonRole[]): readonly AddonAssociation[] =>
  roles.map(({ serviceAccount, role }) => ({ serviceAccount, roleArn: role.roleArn }));

function installation(
  { cluster }: Snapshot,
  { name, tags = {} }: WantedAddon,
  version: string | undefined,
  roles: readonly AddonRole[],
  before: readonly string[],
): Intent {
  const id = `addon:${name}`;
  const title = `create addon ${name}`;
  const node = (needs: readonly string[]) =>
    actionNode(
      { id, title, needs: [...before, ...needs, ...roles.flatMap(({ role }) => role.needs)] },
      {
        ...place(cluster, `addon ${name}`),
        type: 'install-addon',
        service: 'eks',
        operation: 'CreateAddon',
        request: {
          clusterName: cluster.name,
          addonName: name,
          ...(version !== undefined && { addonVersion: version }),
          ...(roles.length > 0 && { podIdentityAssociations: listOf(roles) }),
          ...(Object.keys(tags).length > 0 && { tags }),
        },
      },
    );
  const notes = roles.flatMap(({ role }) => role.notes ?? []);
  return {
    subject: `addon ${name}`,
    title,
    uses: usesOf(roles),
    notes,
    steps: needs => around(roles, node(needs), []),
  };
}

const usesOf = (roles: readonly AddonRole[]) => roles.flatMap(({ use }) => use ?? []);

/** The stacks of roles, the action that gives them to the add-on, what takes them away if that fails, and the rest. */
const around = (roles: readonly AddonRole[], node: ActionNode, after: readonly ActionNode[]): readonly ActionNode[] => [
  ...roles.flatMap(({ role }) => role.nodes),
  node,
  ...roles.flatMap(({ role }) => role.ifFails(node.id)),
  ...after,
];

type Change = {
  readonly state: AddonState;
  readonly roles: readonly AddonRole[];
  /** Ids of actions that come before. */
  readonly before: readonly string[];
  readonly named: ReadonlySet<string>;
};

function change(
  snapshot: Snapshot,
  addon: Addon,
  { state: { current }, roles, before, named }: Change,
  findings: Findings,
): Intent | undefined {
  const subject = `addon ${addon.name}`;
  const removed = current.filter(each => !roles.some(({ serviceAccount }) => serviceAccount === each.serviceAccount));
  const kept = new Map(current.map(each => [each.serviceAccount, each.roleArn]));
  const sameList =
    removed.length === 0 && roles.every(({ serviceAccount, role }) => kept.get(serviceAccount) === role.roleArn);
  const nodes = roles.flatMap(({ role }) => role.nodes);
  if (sameList && nodes.length === 0) {
    findings.same.push({ subject, reason: 'its associations are as asked for already' });
    return undefined;
  }
  const title = `update addon ${addon.name}`;
  if (sameList) return { subject, title, uses: usesOf(roles), steps: () => nodes };
  const stacks = removedStacks(snapshot, addon, removed, named, findings);
  const update = (needs: readonly string[]) => updateNode(snapshot, addon, current, roles, [...before, ...needs]);
  return {
    subject,
    title,
    uses: usesOf(roles),
    beyond: removed.map(each => removalRemark(addon, each)),
    notes: notesOf(addon, roles),
    steps: needs => {
      const node = update(needs);
      return around(
        roles,
        node,
        stacks.map(stack => deleteStack(snapshot, subject, stack, [node.id])),
      );
    },
  };
}

function updateNode(
  { cluster }: Snapshot,
  addon: Addon,
  current: AddonState['current'],
  roles: readonly AddonRole[],
  needs: readonly string[],
): ActionNode {
  return actionNode(
    {
      id: `addon:${addon.name}`,
      title: `update addon ${addon.name}`,
      needs: [...needs, ...roles.flatMap(({ role }) => role.needs)],
    },
    {
      ...place(cluster, `addon ${addon.name}`),
      type: 'update-addon',
      service: 'eks',
      operation: 'UpdateAddon',
      ...(current.length > 0 && {
        expects: current.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn })),
      }),
      request: {
        clusterName: cluster.name,
        addonName: addon.name,
        addonVersion: addon.version,
        ...(addon.configurationValues !== undefined && { configurationValues: addon.configurationValues }),
        podIdentityAssociations: listOf(roles),
      },
      undo: 'put the previous associations back',
    },
  );
}

const removalRemark = (addon: Addon, gone: Subject & { readonly roleArn: string }): Remark => ({
  subject: `addon ${addon.name}`,
  reason: `its service account ${subjectText(gone)} loses ${gone.roleArn}: the file does not name it`,
});

const notesOf = (addon: Addon, roles: readonly AddonRole[]): readonly string[] => [
  `EKS restarts the pods of the add-on ${addon.name}.`,
  ...roles.flatMap(({ role }) => role.notes ?? []),
  ...(addon.serviceAccountRoleArn && roles.length > 0
    ? [
        `The add-on ${addon.name} keeps its IRSA role ${addon.serviceAccountRoleArn}; its new pods use the associations.`,
      ]
    : []),
];

/** Stacks that were made for the add-on's service accounts go with their associations, unless others use the role. */
function removedStacks(
  snapshot: Snapshot,
  addon: Addon,
  removed: AddonState['current'],
  named: ReadonlySet<string>,
  findings: Findings,
): readonly RoleStack[] {
  const leaving = leavingOf(removed, [], named);
  return removed.flatMap(({ roleArn }) => {
    const reading = snapshot.roleStacks.get(roleArn);
    const stack = reading?.state === 'read' ? reading.value : undefined;
    if (!stack || addonOfStack(stack) !== addon.name || !isOfCluster(stack, snapshot.cluster.name)) return [];
    if (stackRole(stack) !== roleArn) return [];
    return goes(snapshot, `addon ${addon.name}`, stack, usersOfRole(snapshot, roleArn, leaving), findings)
      ? [stack]
      : [];
  });
}
