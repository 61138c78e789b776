import type { Association } from '../identity/facts.ts';
import { known } from '../identity/reading.ts';
import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { samePolicy } from '../identity/trust-policy.ts';
import { agentNotes } from './agent.ts';
import { createAssociation } from './associations.ts';
import { type Findings, noFindings, planOf, refOf, root } from './nodes.ts';
import type { ActionNode, Plan } from './plan.ts';
import type { CreateRequest } from './request.ts';
import { settingsProblem } from './settings.ts';
import { associationOf, gapText, serviceAccountOf } from './subjects.ts';
import { trustSteps } from './trust-steps.ts';

/** One association, and before it the trust statement that its role lacks. An existing association is never touched. */
export function planCreate(snapshot: Snapshot, request: CreateRequest): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const children = steps(snapshot, request, findings);
  const title = `create pod identity association for ${subjectText(request)}`;
  return planOf(
    { command: 'create', cluster: refOf(cluster), readAt, root: root('sequence', title, children) },
    findings,
  );
}

function steps(snapshot: Snapshot, request: CreateRequest, findings: Findings): readonly ActionNode[] {
  const subject = subjectText(request);
  const skip = (reason: string, command?: string): readonly ActionNode[] => {
    findings.skipped.push({ subject, reason, ...(command && { command }) });
    return [];
  };
  const problem = settingsProblem(settingsOf(request)) ?? unreadable(snapshot);
  if (problem) return skip(problem);
  const existing = associationOf(snapshot.associations, request);
  if (existing) {
    const difference = differenceFrom(existing, request);
    if (difference) return skip(difference);
    findings.same.push({ subject, reason: `association ${existing.id} gives it this role already` });
    return [];
  }
  const user = { ...request, sessionTags: !request.disableSessionTags };
  const trust = trustSteps(snapshot, request.roleArn, user, findings);
  if (!trust.ok) return skip(trust.reason);
  findings.notes.push(...circumstances(snapshot, request));
  const { roleArn, targetRoleArn, disableSessionTags, policy, tags } = request;
  const settings = {
    roleArn,
    ...(targetRoleArn && { targetRoleArn }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
  const needs = trust.value.map(({ id }) => id);
  return [...trust.value, createAssociation(snapshot, request, settings, needs)];
}

const settingsOf = ({ targetRoleArn, policy, disableSessionTags }: CreateRequest) => ({
  targetRoleArn,
  policy,
  disableSessionTags: disableSessionTags ?? false,
});

function unreadable({ associations }: Snapshot): string | undefined {
  const gap = gapText(associations);
  return gap && `whether it has an association already is not known: the associations ${gap}`;
}

/** Why an existing association is not what was asked for; undefined when it is. */
function differenceFrom(existing: Association, request: CreateRequest): string | undefined {
  const { id, roleArn } = existing;
  if (roleArn !== request.roleArn)
    return `association ${id} gives it role ${roleArn}: update that association, or delete it first`;
  const other = [
    ...(existing.targetRoleArn === (request.targetRoleArn || undefined) ? [] : ['target role']),
    ...(existing.disableSessionTags === (request.disableSessionTags ?? false) ? [] : ['session tags']),
    ...(samePolicy(existing.policy, request.policy) ? [] : ['session policy']),
    ...(hasTags(existing.tags, request.tags) ? [] : ['tags']),
  ];
  if (other.length === 0) return undefined;
  return `association ${id} gives it this role, but differs in ${other.join(', ')}: update that association`;
}

const hasTags = (has: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => has[key] === value);

/** What else decides whether pods will get credentials, for the reader to know before approving. */
function circumstances(snapshot: Snapshot, request: CreateRequest): readonly string[] {
  const subject = subjectText(request);
  const accounts = known(snapshot.serviceAccounts);
  const account = serviceAccountOf(snapshot.serviceAccounts, request);
  const missing = known(snapshot.namespaces)?.every(({ name }) => name !== request.namespace)
    ? `Namespace ${request.namespace} does not exist yet.`
    : accounts && !account
      ? `Service account ${subject} does not exist yet.`
      : undefined;
  const annotated = account?.roleArn;
  return [
    ...agentNotes(snapshot),
    ...(missing ? [missing] : []),
    ...(annotated
      ? [
          annotated === request.roleArn
            ? `${subject} has the same role by annotation: new pods will use the association instead.`
            : `${subject} is annotated with ${annotated}: new pods will get ${request.roleArn} instead.`,
        ]
      : []),
    ...(request.targetRoleArn ? [`Whether ${request.targetRoleArn} trusts ${request.roleArn} is not checked.`] : []),
  ];
}
