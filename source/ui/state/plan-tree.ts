import type { GroupNode, PlanNode } from '../../plan/plan.ts';
import { nodeProgress, type RunProgress } from './run-progress.ts';

export type TreeLine = {
  readonly node: PlanNode;
  readonly depth: number;
  readonly open: boolean;
};

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
  if (status === 'failed' || status === 'running') return true;
  // Root groups are the stages: one that has not begun yet shows what it will do.
  return status === 'waiting' && depth < 2 && node.children.length <= longGroup;
}

const contains = (node: PlanNode, id: string): boolean =>
  node.id === id || (node.kind !== 'action' && node.children.some(child => contains(child, id)));

/**
 * The line the cursor is on: that of its node, else of the folded group that the node is in. Groups fold and open by
 * themselves while a run goes on, so an index alone would wander.
 */
export function treeCursor(lines: readonly TreeLine[], id: string | undefined): number {
  if (id === undefined) return 0;
  const own = lines.findIndex(item => item.node.id === id);
  return own >= 0
    ? own
    : Math.max(
        0,
        lines.findLastIndex(item => contains(item.node, id)),
      );
}

/** The lines of a plan's tree in reading order; the root itself is the screen's title, not a line. */
export function treeLines(
  root: GroupNode,
  toggled: ReadonlyMap<string, boolean>,
  run: RunProgress | undefined,
): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  const visit = (node: PlanNode, depth: number) => {
    if (node.kind === 'action') {
      lines.push({ node, depth, open: false });
      return;
    }
    const open = toggled.get(node.id) ?? opensItself(node, depth, run);
    lines.push({ node, depth, open });
    if (open) for (const child of node.children) visit(child, depth + 1);
  };
  for (const child of root.children) visit(child, 0);
  return lines;
}
