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
import type { WantedAssociation } from './wanted.ts';

/** What is asked for, and before it the trust statements that roles lack. An existing association is never touched. */
export function planCreate(snapshot: Snapshot, request: CreateRequest): Plan {
  const findings = noFindings();
  const { cluster, readAt } = snapshot;
  const children = request.associations.flatMap(wanted => steps(snapshot, wanted, findings));
  const title = `create pod identity association for ${request.associations.map(subjectText).join(', ')}`;
  return planOf(
    { command: 'create', cluster: refOf(cluster), readAt, root: root('sequence', title, children) },
    findings,
  );
}

function steps(snapshot: Snapshot, wanted: WantedAssociation, findings: Findings): readonly ActionNode[] {
  const subject = subjectText(wanted);
  const skip = (reason: string, command?: string): readonly ActionNode[] => {
    findings.skipped.push({ subject, reason, ...(command && { command }) });
    return [];
  };
  if (wanted.role.kind === 'made') return skip('its role has to be there already');
  const { roleArn } = wanted.role;
  const problem = settingsProblem(settingsOf(wanted)) ?? unreadable(snapshot);
  if (problem) return skip(problem);
  const existing = associationOf(snapshot.associations, wanted);
  if (existing) {
    const difference = differenceFrom(existing, roleArn, wanted);
    if (difference) return skip(difference);
    findings.same.push({ subject, reason: `association ${existing.id} gives it this role already` });
    return [];
  }
  const user = { ...wanted, sessionTags: !wanted.disableSessionTags };
  const trust = trustSteps(snapshot, roleArn, user, findings);
  if (!trust.ok) return skip(trust.reason);
  findings.notes.push(...circumstances(snapshot, roleArn, wanted));
  const { targetRoleArn, disableSessionTags, policy, tags } = wanted;
  const settings = {
    roleArn,
    ...(targetRoleArn && { targetRoleArn }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
  const needs = trust.value.map(({ id }) => id);
  return [...trust.value, createAssociation(snapshot, wanted, settings, needs)];
}

const settingsOf = ({ targetRoleArn, policy, disableSessionTags }: WantedAssociation) => ({
  targetRoleArn,
  policy,
  disableSessionTags: disableSessionTags ?? false,
});

function unreadable({ associations }: Snapshot): string | undefined {
  const gap = gapText(associations);
  return gap && `whether it has an association already is not known: the associations ${gap}`;
}

/** Why an existing association is not what was asked for; undefined when it is. */
function differenceFrom(existing: Association, wantedRole: string, wanted: WantedAssociation): string | undefined {
  const { id, roleArn } = existing;
  if (roleArn !== wantedRole)
    return `association ${id} gives it role ${roleArn}: update that association, or delete it first`;
  const other = [
    ...(existing.targetRoleArn === (wanted.targetRoleArn || undefined) ? [] : ['target role']),
    ...(existing.disableSessionTags === (wanted.disableSessionTags ?? false) ? [] : ['session tags']),
    ...(samePolicy(existing.policy, wanted.policy) ? [] : ['session policy']),
    ...(hasTags(existing.tags, wanted.tags) ? [] : ['tags']),
  ];
  if (other.length === 0) return undefined;
  return `association ${id} gives it this role, but differs in ${other.join(', ')}: update that association`;
}

const hasTags = (has: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([key, value]) => has[key] === value);

/** What else decides whether pods will get credentials, for the reader to know before approving. */
function circumstances(snapshot: Snapshot, roleArn: string, wanted: WantedAssociation): readonly string[] {
  const subject = subjectText(wanted);
  const accounts = known(snapshot.serviceAccounts);
  const account = serviceAccountOf(snapshot.serviceAccounts, wanted);
  const missing = known(snapshot.namespaces)?.every(({ name }) => name !== wanted.namespace)
    ? `Namespace ${wanted.namespace} does not exist yet.`
    : accounts && !account
      ? `Service account ${subject} does not exist yet.`
      : undefined;
  const annotated = account?.roleArn;
  return [
    ...agentNotes(snapshot),
    ...(missing ? [missing] : []),
    ...(annotated
      ? [
          annotated === roleArn
            ? `${subject} has the same role by annotation: new pods will use the association instead.`
            : `${subject} is annotated with ${annotated}: new pods will get ${roleArn} instead.`,
        ]
      : []),
    ...(wanted.targetRoleArn ? [`Whether ${wanted.targetRoleArn} trusts ${roleArn} is not checked.`] : []),
  ];
}
