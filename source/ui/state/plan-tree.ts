import type { GroupNode, PlanNode } from '../../plan/plan.ts';
import { nodeProgress, type RunProgress } from './run-progress.ts';

export type TreeLine = {
  readonly node: PlanNode;
  readonly depth: number;
  readonly open: boolean;
};

/** A group is long when opening it would bury what comes after it. */
const longGroup = 12;

/**
 * Whether a group is open when the user has not said: before a run, the upper levels and short groups; during one,
 * what runs or failed, so that what is done folds itself away.
 */
function opensItself(node: GroupNode, depth: number, run: RunProgress | undefined): boolean {
  if (depth === 0) return true;
  if (!run) return depth < 2 || node.children.length <= 3;
  const { status } = nodeProgress(node, run);
  if (status === 'failed' || status === 'running') return true;
  return status === 'waiting' && depth < 2 && node.children.length <= longGroup;
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
