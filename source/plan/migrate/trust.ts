import type { Snapshot } from '../../identity/snapshot.ts';
import { compare, type Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { type TrustUser, trustNeed, type UsableRole } from '../role-trust.ts';
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
export function trustWork(snapshot: Snapshot, movers: readonly Mover[], findings: Findings): TrustWork {
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
      const need = trustNeed(snapshot, mover.role, mover);
      if (need.kind === 'refused') stay(mover, need.reason);
      else if (need.kind === 'unchecked')
        stay(mover, `it cannot be checked that Pod Identity would work: ${need.reason}`);
      else if (need.kind === 'missing') {
        waiting.push(mover);
        for (const action of need.actions) missing.add(action);
      }
    }
    const [first] = waiting;
    if (!first) continue;
    const edit = trustEdit(
      snapshot,
      first.role,
      ['sts:AssumeRole', 'sts:TagSession'].filter(each => missing.has(each)),
    );
    if (edit.ok) edits.set(first.role.role.arn, edit.value);
    else for (const mover of waiting) stay(mover, edit.reason);
  }
  return { edits, stays };
}

function byRole(movers: readonly Mover[]): readonly (readonly Mover[])[] {
  const groups = Map.groupBy(movers, ({ role }) => role.role.arn);
  return [...groups.values()].toSorted((a, b) => compare(sortName(a), sortName(b)));
}

/** IAM tells role names apart regardless of case (IAM API, CreateRole), and so does the order. */
const sortName = (movers: readonly Mover[]): string => nameOf(movers).toLowerCase();

const nameOf = ([first]: readonly Mover[]): string => first?.role.arn.name ?? '';

/** Roles that several of the movers share. */
export function sharedRoleNotes(movers: readonly Mover[]): readonly string[] {
  return byRole(movers).flatMap(group => {
    if (group.length < 2) return [];
    const names = group.map(({ label }) => label).toSorted(compare);
    return [`Role ${nameOf(group)} is shared by ${group.length}: ${names.join(', ')}.`];
  });
}
