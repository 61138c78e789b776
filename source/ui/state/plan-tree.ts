import type { Evidence, GroupNode, Plan, PlanNode, Remark } from '../../plan/plan.ts';
import { nodeProgress, type RunProgress } from './run-progress.ts';
import { type StagePart, stageParts, worst } from './stages.ts';

/** One line of the migration's tree; `id` is its own among all lines. */
export type TreeLine = { readonly id: string; readonly depth: number } & (
  | { readonly kind: 'node'; readonly node: PlanNode; readonly open: boolean; readonly gates?: readonly Evidence[] }
  /** What was checked for a stage, foldable. */
  | { readonly kind: 'gates'; readonly evidence: readonly Evidence[]; readonly open: boolean }
  | { readonly kind: 'gate'; readonly evidence: Evidence }
  /** Remarks of one sort, foldable. */
  | {
      readonly kind: 'remarks';
      readonly sort: 'held' | 'left-out';
      readonly remarks: readonly Remark[];
      readonly open: boolean;
    }
  | { readonly kind: 'remark'; readonly sort: 'held' | 'left-out'; readonly remark: Remark }
  /** What would free the remark above it. */
  | { readonly kind: 'command'; readonly command: string }
);

export const isFold = (line: TreeLine): line is TreeLine & { readonly open: boolean } =>
  line.kind === 'gates' || line.kind === 'remarks' || (line.kind === 'node' && line.node.kind !== 'action');

/** A group is long when opening it would bury what comes after it. */
const longGroup = 40;

/**
 * Whether a group is open when the user has not said: before a run, the upper levels and short groups; during one,
 * what runs or failed, so that what is done folds itself away.
 */
function opensItself(node: GroupNode, depth: number, run: RunProgress | undefined): boolean {
  if (!run && depth === 0) return true;
  if (!run) return depth < 2 || node.children.length <= 3;
  const { status } = nodeProgress(node, run);
  if (status === 'failed' || status === 'running' || status === 'unknown' || status === 'held') return true;
  // Root groups are the stages: one that has not begun yet shows what it will do.
  return status === 'waiting' && depth < 2 && node.children.length <= longGroup;
}

const contains = (node: PlanNode, id: string): boolean =>
  node.id === id || (node.kind !== 'action' && node.children.some(child => contains(child, id)));

/**
 * The line the cursor is on: its own, else that of the folded group that its node is in. Groups fold and open by
 * themselves while a run goes on, so an index alone would wander.
 */
export function treeCursor(lines: readonly TreeLine[], id: string | undefined): number {
  if (id === undefined) return 0;
  const own = lines.findIndex(item => item.id === id);
  return own >= 0
    ? own
    : Math.max(
        0,
        lines.findLastIndex(item => item.kind === 'node' && contains(item.node, id)),
      );
}

type Looked = {
  /** What the user opened or closed. */
  readonly toggled: ReadonlyMap<string, boolean>;
  readonly run: RunProgress | undefined;
};

/** The lines of a plan in reading order: its stages with their gates, what is held, and what the user left out. */
export function treeLines(plan: Plan, { toggled, run }: Looked, leftOut: readonly string[] = []): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  const isOpen = (id: string, otherwise: boolean): boolean => toggled.get(id) ?? otherwise;

  const visit = (node: PlanNode, depth: number, gates: readonly Evidence[] = []) => {
    if (node.kind === 'action') {
      lines.push({ kind: 'node', id: node.id, node, depth, open: false });
      return;
    }
    // A stage that only checks says so in its own line, and opens for what it holds back.
    const onlyGates = node.children.length === 0 && gates.length > 0;
    const open = isOpen(node.id, onlyGates ? !run && worst(gates) === 'held' : opensItself(node, depth, run));
    lines.push({ kind: 'node', id: node.id, node, depth, open, gates });
    if (!open) return;
    if (onlyGates) pushGates(node.id, depth + 1, gates);
    else if (gates.length > 0) visitGates(`${node.id}:gates`, depth + 1, gates);
    for (const child of node.children) visit(child, depth + 1);
  };
  const visitGates = (id: string, depth: number, evidence: readonly Evidence[]) => {
    const open = isOpen(id, !run && worst(evidence) !== 'ok' && evidence.length <= 4);
    lines.push({ kind: 'gates', id, depth, evidence, open });
    if (open) pushGates(id, depth + 1, evidence);
  };
  const pushGates = (id: string, depth: number, evidence: readonly Evidence[]) =>
    evidence.forEach((item, index) => {
      lines.push({ kind: 'gate', id: `${id}:${index}`, depth, evidence: item });
    });
  const visitRemarks = (sort: 'held' | 'left-out', remarks: readonly Remark[]) => {
    if (remarks.length === 0) return;
    const id = `#${sort}`;
    const open = isOpen(id, !run && remarks.length <= 8);
    lines.push({ kind: 'remarks', id, depth: 0, sort, remarks, open });
    if (!open) return;
    remarks.forEach((remark, index) => {
      lines.push({ kind: 'remark', id: `${id}:${index}`, depth: 1, sort, remark });
      if (remark.command)
        lines.push({ kind: 'command', id: `${id}:${index}:command`, depth: 2, command: remark.command });
    });
  };

  const { parts, rest } = stageParts(plan);
  for (const node of rest) visit(node, 0);
  for (const part of parts) visitStage(part);
  visitRemarks('held', plan.held);
  visitRemarks(
    'left-out',
    leftOut.map(subject => ({ subject, reason: 'left out' })),
  );
  return lines;

  function visitStage({ group, evidence }: StagePart): void {
    visit(group, 0, evidence);
  }
}
