import type { Snapshot } from '../../identity/snapshot.ts';
import { type PodIdentityScope, podIdentityActions, widening } from '../../identity/trust-policy.ts';
import { compare, type Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import { type TrustNeed, type TrustUser, trustNeed, type UsableRole } from '../role-trust.ts';
import { trustEdit } from '../trust-edit.ts';

/** Somebody who shall have a role by Pod Identity. `label` names them in the plan. */
export type Mover = TrustUser & { readonly label: string; readonly role: UsableRole };

/** What has to be done to roles: at most one edit each, and who has to stay behind for which reason. */
export type TrustWork = {
  /** By role ARN, in order of role names. */
  readonly edits: ReadonlyMap<string, ActionNode>;
  readonly stays: ReadonlySet<Mover>;
};

/** One edit for a role however many share it; only where the statement is missing. */
export function trustWork(
  snapshot: Snapshot,
  request: MigrateRequest,
  movers: readonly Mover[],
  findings: Findings,
): TrustWork {
  const edits = new Map<string, ActionNode>();
  const stays = new Set<Mover>();
  const stay = (mover: Mover, reason: string) => {
    stays.add(mover);
    findings.skipped.push({ subject: mover.label, reason });
  };
  for (const group of byRole(movers)) {
    const missing = new Set<string>();
    const waiting: Mover[] = [];
    for (const mover of group) {
      const need = needOf(snapshot, request, mover);
      if (need.kind === 'refused') stay(mover, `${need.reason}${tagHint(mover, need)}`);
      else if (need.kind === 'unchecked')
        stay(mover, `it cannot be checked that Pod Identity would work: ${need.reason}`);
      else if (need.kind === 'missing') {
        waiting.push(mover);
        for (const action of need.actions) missing.add(action);
      }
    }
    const [first] = waiting;
    if (!first) {
      if (group.some(mover => !stays.has(mover))) trustRow(findings, nameOf(group), 'Pod Identity is let in already');
      continue;
    }
    const scope = scopeOf(snapshot, request, waiting);
    const missed = podIdentityActions.filter(each => missing.has(each));
    const edit = trustEdit(snapshot, first.role, missed, { stage: 'trust', scope });
    if (edit.ok) {
      edits.set(first.role.role.arn, edit.value);
      trustRow(findings, nameOf(group), `one statement is added (${missed.join(', ')} for pods.eks.amazonaws.com)`);
      findings.notes.push(...wideningNotes(snapshot, first.role, scope, missed));
    } else for (const mover of waiting) stay(mover, edit.reason);
  }
  return { edits, stays };
}

/**
 * A statement of the narrowest scope is added beside others of that kind: conditions that leave this service account
 * out are then no owner's wish to keep it out.
 */
function needOf(snapshot: Snapshot, { trustScope }: MigrateRequest, mover: Mover): TrustNeed {
  const need = trustNeed(snapshot, mover.role, mover);
  if (trustScope !== 'subject' || need.kind === 'trusted') return need;
  if (need.kind === 'refused' && need.why === 'denied') return need;
  if (!mover.sessionTags)
    return {
      kind: 'refused',
      why: 'conditions',
      reason:
        '--trust-scope subject tells service accounts by their session tags, and these are off: choose a wider scope, or ' +
        'have them on where no role that it assumes in turn minds',
    };
  return need.kind === 'refused' ? { kind: 'missing', actions: podIdentityActions } : need;
}

const tagHint = ({ sessionTags }: Mover, need: Extract<TrustNeed, { kind: 'refused' }>): string =>
  need.why === 'conditions' && !sessionTags ? ' (session tags are off: --session-tags on sends them)' : '';

function scopeOf(
  { cluster }: Snapshot,
  { trustScope = 'none' }: MigrateRequest,
  movers: readonly Mover[],
): PodIdentityScope {
  const { account, arn: clusterArn } = cluster;
  switch (trustScope) {
    case 'none':
      return { kind: 'none' };
    case 'account':
      return { kind: 'account', account };
    case 'cluster':
      return { kind: 'cluster', account, clusterArn };
    case 'subject':
      return {
        kind: 'subject',
        account,
        clusterArn,
        subjects: movers.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount })),
      };
  }
}

function wideningNotes(
  { cluster }: Snapshot,
  { arn, role }: UsableRole,
  scope: PodIdentityScope,
  actions: readonly string[],
): readonly string[] {
  if (!cluster.oidcIssuer) return [];
  const wider = widening(role.trustPolicy, cluster.oidcIssuer, scope, actions);
  return wider.ok ? wider.value.map(sentence => `Role ${arn.name}: ${sentence}`) : [];
}

const trustRow = (findings: Findings, name: string, detail: string) =>
  findings.evidence.push({ gate: 'trust', subject: `role ${name}`, verdict: 'ok', detail });

export function byRole<M extends { readonly role: UsableRole }>(movers: readonly M[]): readonly (readonly M[])[] {
  const groups = Map.groupBy(movers, ({ role }) => role.role.arn);
  return [...groups.values()].toSorted((a, b) => compare(sortName(a), sortName(b)));
}

type HasRole = { readonly role: UsableRole };

/** IAM tells role names apart regardless of case (IAM API, CreateRole), and so does the order. */
const sortName = (movers: readonly HasRole[]): string => nameOf(movers).toLowerCase();

export const nameOf = ([first]: readonly HasRole[]): string => first?.role.arn.name ?? '';

/** Roles that several of the movers share. */
export function sharedRoleNotes(movers: readonly Mover[]): readonly string[] {
  return byRole(movers).flatMap(group => {
    if (group.length < 2) return [];
    const names = group.map(({ label }) => label).toSorted(compare);
    return [`Role ${nameOf(group)} is shared by ${group.length}: ${names.join(', ')}.`];
  });
}
