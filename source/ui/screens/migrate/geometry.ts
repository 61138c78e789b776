import type { Layout } from '../../state/layout.ts';

/** Rows of the request stream under a running migration. */
export const streamHeight = (layout: Layout): number => (layout.body >= 18 ? 5 : layout.body >= 12 ? 3 : 0);

/** Rows left for the tree: above it two lines, below it the summary, or the stream with its rule. */
export function treeHeight(layout: Layout, running: boolean): number {
  const stream = running && streamHeight(layout) > 0 ? streamHeight(layout) + 1 : 0;
  const summary = running ? 0 : layout.body >= 18 ? 6 : 3;
  return Math.max(1, layout.body - 2 - stream - summary);
}
