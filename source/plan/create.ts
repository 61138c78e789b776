import { known } from '../identity/reading.ts';
import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { agentNotes, agentObstacle, agentVerdict, installAgent } from './agent.ts';
import { associationId, createAssociation } from './associations.ts';
import { differenceFrom } from './difference.ts';
import { distinct } from './distinct.ts';
import { type Intent, stepsOf } from './intents.ts';
import { type MadeRole, roleFor } from './made-role.ts';
import { type Findings, noFindings, planOf, refOf, root, rootOf } from './nodes.ts';
import { type ActionNode, actions, type Plan } from './plan.ts';
import type { CreateRequest } from './request.ts';
import { associationTag, stackTags } from './role-stack/tags.ts';
import { missingAccount } from './service-accounts.ts';
import { settingsProblem } from './settings.ts';
import { associationOf, gapText, serviceAccountOf } from './subjects.ts';
import type { WantedAssociation } from './wanted.ts';

/**
 * The associations that are asked for, each with what it needs first: the role's stack or the trust that its role lacks,
 * its namespace and its service account. An existing association is never touched.
 */
export function planCreate(snapshot: Snapshot, request: CreateRequest): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const wanted = distinct(cluster.name, request.associations, findings);
  const missing = agentVerdict(snapshot).kind === 'missing';
  const agent = request.installAgent && missing ? installAgent(snapshot) : undefined;
  const options = agent ? { agent: agent.id } : {};
  const intents = wanted.flatMap(each => createIntent(snapshot, each, findings, options) ?? []);
  const steps = stepsOf(snapshot, intents, findings);
  // Where nothing is created, nobody needs it.
  const awaited = agent && actions(root('sequence', '', steps)).some(({ needs }) => needs.includes(agent.id));
  const children = agent && awaited ? [agent, ...steps] : steps;
  const title = `create pod identity association for ${wanted.map(subjectText).join(', ')}`;
  return planOf({ command: 'create', cluster: refOf(cluster), readAt, root: rootOf(title, children) }, findings);
}

function createIntent(
  snapshot: Snapshot,
  wanted: WantedAssociation,
  findings: Findings,
  options: NewOptions,
): Intent | undefined {
  const subject = subjectText(wanted);
  const gap = gapText(snapshot.associations);
  if (gap) {
    const reason = `whether it has an association already is not known: the associations ${gap}`;
    findings.skipped.push({ subject, reason });
    return undefined;
  }
  const existing = associationOf(snapshot.associations, wanted);
  if (!existing) return newAssociation(snapshot, wanted, findings, options);
  const difference = differenceFrom(snapshot, existing, wanted);
  if (difference) findings.skipped.push({ subject, reason: difference });
  else findings.same.push({ subject, reason: `association ${existing.id} gives it this role already` });
  return difference ? undefined : accountAlone(snapshot, wanted, findings);
}

/** The service account of an association that is there already. */
export function accountAlone(snapshot: Snapshot, wanted: WantedAssociation, findings: Findings): Intent | undefined {
  const account = wanted.createServiceAccount ? missingAccount(snapshot, wanted, findings) : undefined;
  if (!account) return undefined;
  return {
    subject: subjectText(wanted),
    title: account.node.title,
    ...(account.namespace !== undefined && { namespace: account.namespace }),
    steps: () => [account.node],
  };
}

export type NewOptions = {
  /** Id of the action of this plan that installs the agent. */
  readonly agent?: string;
};

/** A service account without an association gets one. */
export function newAssociation(
  snapshot: Snapshot,
  wanted: WantedAssociation,
  findings: Findings,
  { agent }: NewOptions = {},
): Intent | undefined {
  const subject = subjectText(wanted);
  const skip = (reason: string, command?: string) => {
    findings.skipped.push({ subject, reason, ...(command && { command }) });
    return undefined;
  };
  const { targetRoleArn, policy, disableSessionTags = false } = wanted;
  const problem = settingsProblem({ targetRoleArn, policy, disableSessionTags });
  if (problem) return skip(problem);
  const obstacle = agent === undefined ? agentObstacle(snapshot) : undefined;
  if (obstacle) return skip(obstacle.reason, obstacle.command);
  const role = roleOf(snapshot, wanted);
  if (!role.ok) return skip(role.reason, role.command);
  const account = wanted.createServiceAccount ? missingAccount(snapshot, wanted, findings) : undefined;
  const { namespace, serviceAccount } = wanted;
  const user = { namespace, serviceAccount, sessionTags: !disableSessionTags };
  return {
    subject,
    title: `create pod identity association for service account "${subject}"`,
    notes: [
      ...(agent === undefined ? agentNotes(snapshot) : []),
      ...circumstances(snapshot, wanted, account !== undefined),
      ...(role.value.notes ?? []),
    ],
    ...(wanted.role.kind === 'existing' && { uses: [{ roleArn: wanted.role.roleArn, user }] }),
    ...(account?.namespace !== undefined && { namespace: account.namespace }),
    steps: needs => [
      ...role.value.nodes,
      ...(account ? [account.node] : []),
      association(snapshot, wanted, role.value, [...(agent === undefined ? [] : [agent]), ...needs]),
      ...role.value.ifFails(associationId(wanted)),
    ],
  };
}

/** EKS takes an association for a service account that is not there, so it does not wait for one that is made. */
function association(
  snapshot: Snapshot,
  wanted: WantedAssociation,
  { roleArn, needs: role }: MadeRole,
  needs: readonly string[],
): ActionNode {
  const { targetRoleArn, disableSessionTags, policy, namespace, serviceAccount } = wanted;
  const tags = associationTags(wanted);
  const settings = {
    roleArn,
    ...(targetRoleArn && { targetRoleArn }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
  return createAssociation(snapshot, { namespace, serviceAccount }, settings, [...needs, ...role]);
}

/** eksctl marks an association whose role it has made as it marks the role's stack. */
export const associationTags = (wanted: WantedAssociation): Readonly<Record<string, string>> =>
  wanted.role.kind === 'made' ? { ...wanted.tags, [associationTag]: subjectText(wanted) } : wanted.tags;

function roleOf(snapshot: Snapshot, wanted: WantedAssociation): ReturnType<typeof roleFor> {
  const { role, stackTags: more, tags } = wanted;
  if (role.kind === 'made') {
    const { namespace, serviceAccount } = wanted;
    const subject = { namespace, serviceAccount };
    return roleFor(snapshot, subject, role.recipe, stackTags(snapshot.cluster.name, subject, more, tags));
  }
  return { ok: true, value: { roleArn: role.roleArn, nodes: [], needs: [], ifFails: () => [] } };
}

/** What else decides whether pods will get credentials, for the reader to know before approving. */
function circumstances(snapshot: Snapshot, wanted: WantedAssociation, makesAccount: boolean): readonly string[] {
  const subject = subjectText(wanted);
  const { role, targetRoleArn } = wanted;
  const accounts = known(snapshot.serviceAccounts);
  const account = serviceAccountOf(snapshot.serviceAccounts, wanted);
  const missing = makesAccount
    ? undefined
    : known(snapshot.namespaces)?.every(({ name }) => name !== wanted.namespace)
      ? `Namespace ${wanted.namespace} does not exist yet.`
      : accounts && !account
        ? `Service account ${subject} does not exist yet.`
        : undefined;
  const roleText = role.kind === 'existing' ? role.roleArn : 'the role that is made';
  const annotated = account?.roleArn;
  return [
    ...(missing ? [missing] : []),
    ...(account && wanted.createServiceAccount ? [`Service account ${subject} is there and stays as it is.`] : []),
    ...(annotated
      ? [
          annotated === roleText
            ? `${subject} has the same role by annotation: new pods will use the association instead.`
            : `${subject} is annotated with ${annotated}: new pods will get ${roleText} instead.`,
        ]
      : []),
    ...(targetRoleArn ? [`Whether ${targetRoleArn} trusts ${roleText} is not checked.`] : []),
  ];
}
