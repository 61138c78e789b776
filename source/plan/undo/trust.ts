import type { Snapshot } from '../../identity/snapshot.ts';
import {
  addedStatements,
  parseTrustPolicy,
  removePodIdentityStatement,
  sameDocument,
  takeBackEdit,
} from '../../identity/trust-policy.ts';
import { compare, type Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { type UsableRole, usableRole } from '../role-trust.ts';
import { trustWrite } from '../trust-write.ts';
import type { Written } from './journaled.ts';

/** One edit of the run: the document before it and the one it has left; of a stack's role, also the template before. */
type Edit = { readonly before: string; readonly after: string; readonly template?: string };

/** What the run did to one role. */
export type RoleHistory = {
  readonly roleArn: string;
  readonly role: UsableRole;
  readonly admit?: Edit;
  readonly retire?: Edit;
};

/** The roles that the run has edited, by ARN; one that cannot be had any more is a remark. */
export function roleHistories(
  snapshot: Snapshot,
  written: readonly Written[],
  findings: Findings,
): ReadonlyMap<string, RoleHistory> {
  const histories = new Map<string, RoleHistory>();
  const lost = new Set<string>();
  for (const { node, prior } of written) {
    const { action } = node;
    if (action.type !== 'edit-trust' && action.type !== 'edit-stack-trust') continue;
    if (action.intent === 'restore' || (prior.kind !== 'trust' && prior.kind !== 'stack')) continue;
    const role = usableRole(snapshot, action.roleArn);
    if (!role.ok) {
      if (lost.has(action.roleArn)) continue;
      lost.add(action.roleArn);
      findings.skipped.push({ subject: action.subject, reason: `its trust policy is not put back: ${role.reason}` });
      continue;
    }
    const after = action.type === 'edit-trust' ? action.request.PolicyDocument : action.trustPolicy;
    const history = histories.get(action.roleArn) ?? { roleArn: action.roleArn, role: role.value };
    const edit: Edit = {
      before: prior.document,
      after,
      ...(prior.kind === 'stack' && { template: prior.template }),
    };
    histories.set(action.roleArn, { ...history, [action.intent]: edit });
  }
  return new Map([...histories].toSorted(([a], [b]) => compare(a, b)));
}

/** A role with the first of its two edits: the OIDC trust back. */
export type RoleWithOidc = RoleHistory & {
  /** Absent: it is back already, was never taken, or cannot be put back. */
  readonly restore?: ActionNode;
  /** The role's document once that edit is done. */
  readonly document: string;
};

/**
 * The OIDC trust comes back as the bytes that were journaled where the role still has what the run left; where others
 * have changed it since, the statements that the run took come back beside theirs. What they changed is never
 * overwritten.
 */
export function restoreOidc(snapshot: Snapshot, history: RoleHistory, findings: Findings): RoleWithOidc {
  const { role, retire, admit } = history;
  const live = role.role.trustPolicy;
  const unchanged = { ...history, document: live };
  if (!retire) return unchanged;
  const subject = `role ${role.arn.name}`;
  if (sameDocument(live, retire.before) || (admit && sameDocument(live, admit.before))) {
    findings.same.push({ subject, reason: "its trust in the cluster's OIDC provider is there" });
    return unchanged;
  }
  const back = takeBackEdit(live, retire.before, retire.after);
  if (!back.ok) {
    const reason = `its trust policy was changed since by others (${back.reason}): add the statements that let the OIDC provider in by hand; the journal has them`;
    findings.skipped.push({ subject, reason });
    return unchanged;
  }
  const document = back.value.text;
  const edit = trustWrite(snapshot, role, {
    id: `oidc:${role.arn.name}`,
    intent: 'restore',
    expects: live,
    document,
    ...templateOf(retire),
  });
  if (edit.ok) return { ...history, restore: edit.value, document };
  findings.skipped.push({ subject, reason: edit.reason });
  return unchanged;
}

/**
 * The last edit: what let Pod Identity in goes, as the bytes that were journaled where nothing else has changed, else
 * the very statements that the run has added and nothing more.
 */
export function removeAdmission(
  snapshot: Snapshot,
  { role, admit, document, restore }: RoleWithOidc,
  needs: readonly string[],
  findings: Findings,
): ActionNode | undefined {
  if (!admit || sameDocument(document, admit.before)) return undefined;
  const subject = `role ${role.arn.name}`;
  const skip = (reason: string) => {
    findings.skipped.push({ subject, reason });
    return undefined;
  };
  const without = withoutAdmission(document, admit);
  if (typeof without !== 'string') return skip(without.reason);
  if (without === document) {
    findings.same.push({ subject, reason: 'the statement that let Pod Identity in is gone already' });
    return undefined;
  }
  const edit = trustWrite(snapshot, role, {
    id: `trust:${role.arn.name}`,
    intent: 'restore',
    expects: document,
    document: without,
    ...templateOf(admit),
    needs: [...(restore ? [restore.id] : []), ...needs],
  });
  return edit.ok ? edit.value : skip(edit.reason);
}

const templateOf = ({ template }: Edit): Pick<Edit, 'template'> => (template === undefined ? {} : { template });

function withoutAdmission(document: string, admit: Edit): string | { readonly reason: string } {
  if (sameDocument(document, admit.after)) return admit.before;
  const added = addedStatements(admit.before, admit.after);
  if (!added.ok) return { reason: added.reason };
  const removal = removePodIdentityStatement(document, added.value);
  if (!removal.ok) return { reason: `its trust policy cannot be edited: ${removal.reason}` };
  if (removal.value.changed && removal.value.remaining === 0)
    return { reason: 'nothing would remain of its trust policy, and IAM takes no empty one' };
  return removal.value.text;
}

/** The policy that a document holds, for a role that is understood. */
export const withDocument = (role: UsableRole, document: string): UsableRole => {
  const policy = parseTrustPolicy(document);
  return policy.ok ? { ...role, policy: policy.value } : role;
};
