import { known } from '../../identity/reading.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { type IssuerRemoval, type KeptTrust, removeIssuerTrust } from '../../identity/trust-policy.ts';
import { compare, type Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import type { UsableRole } from '../role-trust.ts';
import { subjectList } from '../subjects.ts';
import { trustWrite } from '../trust-write.ts';
import { type Retired, type Retirement, removeFlag } from './retire.ts';
import { byRole, nameOf } from './trust.ts';

export const retireTrustId = (roleName: string): string => `retire:${roleName}`;

/** A retired service account with its role, and what the role's document is when its turn comes. */
type Leaver = { readonly retired: Retired; readonly role: UsableRole };

/**
 * Stage 3, roles: one edit a role takes out this cluster's issuer for exactly the service accounts that are retired,
 * after all of them are verified and their annotations are gone. Add-ons' roles come last.
 */
export function retireTrust(
  snapshot: Snapshot,
  request: MigrateRequest,
  { retired, stays }: Retirement,
  admitted: ReadonlyMap<string, ActionNode>,
  findings: Findings,
): { readonly roles: readonly ActionNode[]; readonly addonRoles: readonly ActionNode[] } {
  const leavers = retired.flatMap(each =>
    each.account.role.ok ? [{ retired: each, role: each.account.role.value }] : [],
  );
  const edits = byRole(leavers).flatMap(group => {
    const edit = roleEdit(snapshot, request, group, admitted, findings);
    return edit ? [{ edit, addon: group.some(leaver => leaver.retired.account.addon) }] : [];
  });
  const staying = byRole(stays.flatMap(account => (account.role.ok ? [{ account, role: account.role.value }] : [])));
  for (const group of staying)
    findings.held.push({
      subject: `role ${nameOf(group)}`,
      reason: `its trust in the cluster's OIDC provider stays for ${subjectList(group.map(({ account }) => account))} until they are retired`,
    });
  return {
    roles: edits.filter(({ addon }) => !addon).map(({ edit }) => edit),
    addonRoles: edits.filter(({ addon }) => addon).map(({ edit }) => edit),
  };
}

function roleEdit(
  snapshot: Snapshot,
  request: MigrateRequest,
  group: readonly Leaver[],
  admitted: ReadonlyMap<string, ActionNode>,
  findings: Findings,
): ActionNode | undefined {
  const [first] = group;
  const { cluster, serviceAccounts } = snapshot;
  if (!first || !cluster.oidcIssuer) return undefined;
  const { role } = first;
  const subject = `role ${role.arn.name}`;
  const admit = admitted.get(role.role.arn);
  const expects = documentAfter(admit) ?? role.role.trustPolicy;
  const removal = removeIssuerTrust(expects, {
    issuer: cluster.oidcIssuer,
    partition: role.arn.partition,
    account: role.arn.account,
    subjects: group.map(({ retired }) => retired.account),
    serviceAccounts: known(serviceAccounts),
    retireWildcards: request.retireWildcards ?? false,
  });
  if (!removal.ok) {
    findings.held.push({ subject, reason: `its trust policy cannot be edited: ${removal.reason}` });
    return undefined;
  }
  remarkKept(snapshot, role, removal.value, findings);
  if (!removal.value.changed) return undefined;
  if (removal.value.remaining === 0) {
    findings.held.push({ subject, reason: 'nothing would remain of its trust policy, and IAM takes no empty one' });
    return undefined;
  }
  const edit = trustWrite(snapshot, role, {
    id: retireTrustId(role.arn.name),
    intent: 'retire',
    expects,
    document: removal.value.text,
    needs: [...new Set([...(admit ? [admit.id] : []), ...group.flatMap(({ retired }) => retired.needs)])],
    stage: 'retire',
  });
  if (!edit.ok) {
    findings.held.push({ subject, reason: `its trust in the cluster's OIDC provider stays: ${edit.reason}` });
    return undefined;
  }
  const says = removal.value.removed.map(each => each.says).join('; ');
  findings.evidence.push({ gate: 'retire', subject, verdict: 'ok', detail: `taken out: ${says}` });
  return edit.value;
}

function documentAfter(admit: ActionNode | undefined): string | undefined {
  if (admit?.action.type === 'edit-trust') return admit.action.request.PolicyDocument;
  return admit?.action.type === 'edit-stack-trust' ? admit.action.trustPolicy : undefined;
}

/** Trust that covers the retired accounts and cannot go with them. */
function remarkKept({ cluster }: Snapshot, { arn }: UsableRole, { kept }: IssuerRemoval, findings: Findings): void {
  for (const each of kept.toSorted((a, b) => a.statement - b.statement || compare(a.reason, b.reason))) {
    const wildcard = each.why === 'wildcard' || each.why === 'any-subject';
    findings.held.push({
      subject: `role ${arn.name}`,
      reason: `statement ${each.statement + 1} stays: ${each.reason}${wildcard ? wildcardAdvice(each) : ''}`,
      ...(wildcard && { command: wildcardCommand(cluster.name, each) }),
    });
    findings.evidence.push({
      gate: 'retire',
      subject: `role ${arn.name}`,
      verdict: 'held',
      detail: `statement ${each.statement + 1} stays: ${each.reason}`,
    });
  }
}

function wildcardAdvice({ others = [] }: KeptTrust): string {
  if (others.length > 0) return `: retire ${others.map(subjectText).slice(0, 3).join(', ')} first, then run`;
  return '; when a namespace is created, migrate it with --namespace; to give the wildcard up, run';
}

const wildcardCommand = (cluster: string, { others = [] }: KeptTrust): string =>
  `podid-tui migrate --cluster ${cluster} ${removeFlag}${others.length > 0 ? '' : ' --retire-wildcards'} --approve`;
