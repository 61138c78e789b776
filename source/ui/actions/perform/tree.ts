import { type App, layout } from '../../controller/app.ts';
import { treeHeight } from '../../screens/migrate/geometry.ts';
import { isFold, type TreeLine, treeCursor, treeLines } from '../../state/plan-tree.ts';
import { newTree, type TreeView, topFrame, type UiState } from '../../state/state.ts';
import type { Performs } from './perform.ts';

type CurrentTree = { readonly key: string; readonly tree: TreeView; readonly lines: readonly TreeLine[] };

/** The migration on screen: its key, how it is looked at, and its lines. */
export function currentTree(app: App, state: UiState): CurrentTree | undefined {
  const { view } = topFrame(state);
  if (view.kind !== 'migrate') return undefined;
  const session = app.sessions.migration(view.key);
  const now = session?.get();
  const tree = state.trees.get(view.key) ?? newTree;
  if (!session || !now || !('plan' in now)) return { key: view.key, tree, lines: [] };
  const leftOut = session.request.command === 'migrate' ? session.request.exclude : [];
  const lines = treeLines(now.plan, { toggled: tree.toggled, run: now.run }, now.phase === 'ready' ? leftOut : []);
  return { key: view.key, tree, lines };
}

/** The line under the cursor of the migration on screen. */
export function treeLineAtCursor(app: App): TreeLine | undefined {
  const current = currentTree(app, app.store.get());
  return current?.lines[treeCursor(current.lines, current.tree.cursor)];
}

/** Looks at the migration on screen in another way. */
export const changeTree = (app: App, change: (tree: TreeView, lines: readonly TreeLine[]) => TreeView): void =>
  app.store.update(state => {
    const current = currentTree(app, state);
    if (!current) return state;
    const next = change(current.tree, current.lines);
    return next === current.tree ? state : { ...state, trees: new Map(state.trees).set(current.key, next) };
  });

export function moveTree(app: App, by: number | 'first' | 'last'): void {
  const height = treeHeight(layout(app.store.get()), isRunning(app));
  changeTree(app, (tree, lines) => {
    if (tree.diff) {
      const step = by === 'first' ? -tree.diff.top : by === 'last' ? 10_000 : by;
      return { ...tree, diff: { ...tree.diff, top: Math.max(0, tree.diff.top + step) } };
    }
    const last = Math.max(0, lines.length - 1);
    const from = treeCursor(lines, tree.cursor);
    const cursor = by === 'first' ? 0 : by === 'last' ? last : Math.max(0, Math.min(last, from + by));
    const top = cursor < tree.top ? cursor : cursor >= tree.top + height ? cursor - height + 1 : tree.top;
    const id = lines[cursor]?.id;
    return id === undefined ? tree : { ...tree, cursor: id, top };
  });
}

function isRunning(app: App): boolean {
  const { view } = topFrame(app.store.get());
  if (view.kind !== 'migrate') return false;
  const phase = app.sessions.migration(view.key)?.get().phase;
  return phase === 'running' || phase === 'finished';
}

const setOpen = (open: boolean | 'flip') => (app: App) =>
  changeTree(app, (tree, lines) => {
    const at = treeCursor(lines, tree.cursor);
    const line = lines[at];
    if (!line) return tree;
    if (!isFold(line) || (open === false && !line.open)) {
      if (open !== false) return tree;
      // Left on a leaf, or on what is closed already, goes to the group around it.
      const parent = lines.slice(0, at).findLastIndex(item => item.depth < line.depth);
      const group = lines[parent];
      return group ? { ...tree, cursor: group.id, top: Math.min(tree.top, parent) } : tree;
    }
    const next = open === 'flip' ? !line.open : open;
    return next === line.open ? tree : { ...tree, toggled: new Map(tree.toggled).set(line.id, next) };
  });

/** Id of the page of remarks; no node of a plan is called so. */
export const reasonsPage = '#reasons';

/** Shows the trust change of the node under the cursor, or another page; the same key closes it. */
function togglePage(app: App, page: string | undefined): void {
  changeTree(app, (tree, lines) => {
    const { diff, ...rest } = tree;
    if (diff !== undefined && (page === undefined || diff.id === page)) return rest;
    const id = page ?? lines[treeCursor(lines, tree.cursor)]?.id;
    return id === undefined ? tree : { ...tree, diff: { id, top: 0 } };
  });
}

export const treeActions: Performs = {
  expand: setOpen(true),
  collapse: setOpen(false),
  toggle: setOpen('flip'),
  diff: app => togglePage(app, undefined),
  reasons: app => togglePage(app, reasonsPage),
};
