import { type Result, refused } from '../identity/result.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { actionNode, compare, type Findings, place, together } from './nodes.ts';
import type { ActionNode, PlanNode, Remark } from './plan.ts';
import { type TrustUser, trustNeed, usableRole } from './role-trust.ts';
import { trustEdit } from './trust-edit.ts';

/** A role that somebody is to use by Pod Identity. */
export type RoleUse = { readonly roleArn: string; readonly user: TrustUser };

/** What a planner wants to do for one service account or add-on, before what it shares with others is planned. */
export type Intent = {
  readonly subject: string;
  /** Of its group in the tree, when it has more than one step. */
  readonly title: string;
  /** Roles that must let Pod Identity in before. */
  readonly uses?: readonly RoleUse[];
  /** What a reader should know of it, if it is done. */
  readonly notes?: readonly string[];
  /** What it takes that was not named. */
  readonly beyond?: readonly Remark[];
  /** A namespace that has to be made before. */
  readonly namespace?: string;
  /** @param needs ids of the edits of its roles' trust */
  readonly steps: (needs: readonly string[]) => readonly ActionNode[];
};

export const namespaceId = (name: string): string => `namespace:${name}`;

/**
 * The steps of all intents: what several share comes once and first, then one group for each. An intent whose role
 * cannot be had is skipped with the reason.
 */
export function stepsOf(snapshot: Snapshot, intents: readonly Intent[], findings: Findings): readonly PlanNode[] {
  const trust = trustOf(
    snapshot,
    intents.flatMap(({ uses = [] }) => uses),
    findings,
  );
  const feasible = intents.flatMap(intent => {
    const answers = (intent.uses ?? []).map(trust.needs);
    const reasons = answers.flatMap(answer => (answer.ok ? [] : [answer.reason]));
    for (const reason of new Set(reasons)) findings.skipped.push({ subject: intent.subject, reason });
    const needs = [...new Set(answers.flatMap(answer => (answer.ok ? answer.value : [])))];
    return reasons.length > 0 ? [] : [{ intent, needs }];
  });
  const edits = trust.edits.filter(({ id }) => feasible.some(({ needs }) => needs.includes(id)));
  const names = [...new Set(feasible.flatMap(({ intent }) => intent.namespace ?? []))].toSorted(compare);
  const groups = feasible.flatMap(({ intent, needs }) => {
    const steps = intent.steps(needs);
    for (const text of intent.notes ?? []) note(findings, text);
    findings.beyond.push(...(intent.beyond ?? []));
    return steps.length > 0 ? [{ intent, steps }] : [];
  });
  const shared = [
    ...together('trust', 'let Pod Identity use the roles', edits),
    ...together(
      'namespaces',
      'create namespaces',
      names.map(name => createNamespace(snapshot, name)),
    ),
  ];
  const [only, second] = groups;
  if (only && !second) return [...shared, ...only.steps];
  return [...shared, ...together('each', 'each by itself', groups.map(groupNode))];
}

const groupNode = ({ intent, steps }: { readonly intent: Intent; readonly steps: readonly ActionNode[] }): PlanNode => {
  const [first, second] = steps;
  if (first && !second) return first;
  return { id: `group:${intent.subject}`, title: intent.title, kind: 'sequence', children: steps };
};

const createNamespace = ({ cluster }: Snapshot, name: string): ActionNode =>
  actionNode(
    { id: namespaceId(name), title: `create namespace "${name}"` },
    {
      ...place(cluster, `namespace ${name}`),
      type: 'create-namespace',
      service: 'kubernetes',
      operation: 'CreateNamespace',
      request: { name },
    },
  );

type SharedTrust = {
  readonly edits: readonly ActionNode[];
  /** What has to come before this use of the role: nothing, or its one edit. */
  readonly needs: (use: RoleUse) => Result<readonly string[]>;
};

/**
 * One edit a role, however many are to use it, with the actions that any of them lacks. What cannot be checked is a
 * note: the roles were named on purpose.
 */
function trustOf(snapshot: Snapshot, uses: readonly RoleUse[], findings: Findings): SharedTrust {
  const edits = new Map<string, Result<ActionNode>>();
  const refusals = new Map<RoleUse, string>();
  const lacking = new Map<RoleUse, string>();
  const byRole = Map.groupBy(uses, ({ roleArn }) => roleArn);
  for (const [roleArn, list] of [...byRole].toSorted(([a], [b]) => compare(a, b))) {
    const role = usableRole(snapshot, roleArn);
    const actions = new Set<string>();
    for (const use of list) {
      const need = role.ok ? trustNeed(snapshot, role.value, use.user) : role;
      if ('ok' in need || need.kind === 'refused') refusals.set(use, need.reason);
      else if (need.kind === 'unchecked') note(findings, `Not checked: ${need.reason}.`);
      else if (need.kind === 'missing') {
        lacking.set(use, roleArn);
        for (const action of need.actions) actions.add(action);
      }
    }
    if (role.ok && actions.size > 0) edits.set(roleArn, trustEdit(snapshot, role.value, inOrder(actions)));
  }
  return {
    edits: [...edits.values()].flatMap(edit => (edit.ok ? [edit.value] : [])),
    needs: use => {
      const refusal = refusals.get(use);
      if (refusal !== undefined) return refused(refusal);
      const edit = edits.get(lacking.get(use) ?? '');
      if (!edit) return { ok: true, value: [] };
      return edit.ok ? { ok: true, value: [edit.value.id] } : edit;
    },
  };
}

/** As the documentation writes the statement, whoever lacks which. */
const inOrder = (actions: ReadonlySet<string>): readonly string[] => [...actions].toSorted(compare);

/** A note once, however many it is for. */
export function note(findings: Findings, text: string): void {
  if (!findings.notes.includes(text)) findings.notes.push(text);
}
