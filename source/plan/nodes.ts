import type { ClusterRef } from '../identity/scope.ts';
import type { Action } from './action.ts';
import { commandText, type Draft } from './command-text.ts';
import type { ActionNode, Evidence, GroupNode, Plan, PlanNode, Remark, Stage } from './plan.ts';

export type Seed = {
  readonly id: string;
  readonly title: string;
  readonly needs?: readonly string[];
  readonly stage?: Stage;
  /** Makes it a clean-up: it runs only if that action fails. */
  readonly onlyIfFails?: string;
};

/** An action as a node; its command is written from its own data, so that the two cannot differ. */
export const actionNode = ({ id, title, needs = [], stage, onlyIfFails }: Seed, draft: Draft): ActionNode => ({
  id,
  title,
  kind: 'action',
  needs,
  action: { ...draft, command: commandText(draft) } as Action,
  ...(stage && { stage }),
  ...(onlyIfFails !== undefined && { onlyIfFails }),
});

/** The part of an action that says where it happens and whom it serves. */
export const place = (cluster: ClusterRef, subject: string) => ({
  account: cluster.account,
  region: cluster.region,
  cluster: cluster.arn,
  subject,
});

/** A cluster's name and place, without the rest of what DescribeCluster tells. */
export const refOf = ({ arn, name, partition, account, region }: ClusterRef): ClusterRef => ({
  arn,
  name,
  partition,
  account,
  region,
});

/** Nodes side by side: none, the only one by itself, or a group. */
export function together(id: string, title: string, children: readonly PlanNode[]): readonly PlanNode[] {
  return children.length > 1 ? [{ id, title, kind: 'parallel', children }] : children;
}

export const root = (kind: GroupNode['kind'], title: string, children: readonly PlanNode[]): GroupNode => ({
  id: 'root',
  title,
  kind,
  children,
});

/** The root of a plan: a sequence, or the only group itself. */
export function rootOf(title: string, children: readonly PlanNode[]): GroupNode {
  const [only, second] = children;
  return only && !second && only.kind !== 'action'
    ? root(only.kind, title, only.children)
    : root('sequence', title, children);
}

/** What a planner has found, on its way to becoming a plan. */
export type Findings = {
  readonly skipped: Remark[];
  readonly held: Remark[];
  readonly same: Remark[];
  readonly notes: string[];
  readonly evidence: Evidence[];
  /** Deleted or cut off without having been named. */
  readonly beyond: Remark[];
};

export const noFindings = (): Findings => ({ skipped: [], held: [], same: [], notes: [], evidence: [], beyond: [] });

type Made = Pick<Plan, 'command' | 'cluster' | 'readAt' | 'root'>;

export const planOf = (made: Made, { skipped, held, same, notes, evidence, beyond }: Findings): Plan => ({
  version: 1,
  ...made,
  skipped: bySubject(skipped),
  held: bySubject(held),
  ...(evidence.length > 0 && { evidence: byGate(evidence) }),
  same: bySubject(same),
  ...(beyond.length > 0 && { beyond: bySubject(beyond) }),
  notes,
});

/** Plain comparison: the order must not depend on where the tool runs. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const bySubject = (remarks: readonly Remark[]): readonly Remark[] =>
  remarks.toSorted((a, b) => compare(a.subject, b.subject));

/** In the order in which the gates are passed, then by subject. */
const gates: readonly Evidence['gate'][] = ['agent', 'platform', 'trust', 'session-tags', 'owner', 'sdk', 'retire'];

const byGate = (rows: readonly Evidence[]): readonly Evidence[] =>
  rows.toSorted((a, b) => gates.indexOf(a.gate) - gates.indexOf(b.gate) || compare(a.subject, b.subject));
