import type { MigrateRequest } from '../../../plan/request.ts';
import { type App, clusterRef, layout, say } from '../../controller/app.ts';
import { subjectOf } from '../../controller/subject.ts';
import { treeHeight } from '../../screens/migrate/geometry.ts';
import { push } from '../../state/navigation.ts';
import { PlanSession, type SessionState } from '../../state/plan-session.ts';
import { type TreeLine, treeCursor, treeLines } from '../../state/plan-tree.ts';
import { newTree, type TreeView, topFrame, type UiState } from '../../state/state.ts';
import { emptyField } from '../../state/text-field.ts';
import { clusterName, viewCluster, viewNamespace } from '../../state/view.ts';
import type { Performs } from './perform.ts';
import { inProd } from './review.ts';

/** What a migration is limited to. */
export type MigrationScope = {
  readonly cluster: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
};

const keyOf = (scope: MigrationScope): string => {
  const subject = scope.serviceAccount ? `${scope.namespace}/${scope.serviceAccount}` : scope.namespace;
  return subject ? `${scope.cluster}|${subject}` : scope.cluster;
};

const requestOf = (scope: MigrationScope): MigrateRequest => ({
  command: 'migrate',
  removeOidcProviderTrust: false,
  ...(scope.serviceAccount && scope.namespace
    ? { subjects: [{ namespace: scope.namespace, serviceAccount: scope.serviceAccount }] }
    : scope.namespace
      ? { namespaces: [scope.namespace] }
      : {}),
});

/** Opens the migration of a scope: the one that is under way or planned, else a new plan. */
export function startMigration(app: App, scope: MigrationScope): void {
  const running = app.sessions.get().migrations;
  // A run in this cluster is what `m` leads back to, whatever scope it was started for.
  const active = [...running].find(
    ([key, session]) => key.split('|')[0] === scope.cluster && session.get().phase === 'running',
  );
  const key = active?.[0] ?? keyOf(scope);
  const phase = app.sessions.migration(key)?.get().phase;
  if (phase !== 'running') planMigration(app, key, requestOf(scope));
  app.store.update(state => push(state, { kind: 'migrate', key }));
}

function planMigration(app: App, key: string, request: MigrateRequest): void {
  const cluster = clusterRef(key.split('|')[0] ?? '');
  const session = new PlanSession({
    cluster,
    request,
    workbench: app.workbench,
    clock: app.clock,
    onFinished: state => migrationFinished(app, cluster.arn, state),
  });
  app.sessions.holdMigration(key, session);
  app.store.update(state => ({ ...state, trees: new Map(state.trees).set(key, newTree) }));
}

function migrationFinished(app: App, cluster: string, state: SessionState) {
  app.model.refresh(cluster);
  if (state.phase !== 'finished') return;
  const { result } = state.run;
  const name = clusterName(cluster);
  if (!result) return say(app, 'error', `✗ migration of ${name} broke off`);
  const failed = result.failed.length;
  const rest = result.skipped.length > 0 ? `, ${result.skipped.length} not attempted` : '';
  say(
    app,
    failed > 0 ? 'error' : 'info',
    `${failed > 0 ? '✗' : '✓'} migration of ${name}: ${result.done} done, ${failed} failed${rest}`,
  );
}

/** The migration on screen: its key, how it is looked at, and its lines. */
export function currentTree(
  app: App,
  state: UiState,
): { readonly key: string; readonly tree: TreeView; readonly lines: readonly TreeLine[] } | undefined {
  const { view } = topFrame(state);
  if (view.kind !== 'migrate') return undefined;
  const session = app.sessions.migration(view.key)?.get();
  const tree = state.trees.get(view.key) ?? newTree;
  if (!session || session.phase === 'planning' || session.phase === 'unplanned')
    return { key: view.key, tree, lines: [] };
  const run = session.phase === 'ready' ? undefined : session.run;
  return { key: view.key, tree, lines: treeLines(session.plan.root, tree.toggled, run) };
}

const changeTree = (app: App, change: (tree: TreeView, lines: readonly TreeLine[]) => TreeView): void =>
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
    const id = lines[cursor]?.node.id;
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
    if (line.node.kind === 'action' || (open === false && !line.open)) {
      if (open !== false) return tree;
      // Left on a leaf, or on what is closed already, goes to the group around it.
      const parent = lines.slice(0, at).findLastIndex(item => item.depth < line.depth);
      const group = lines[parent];
      return group ? { ...tree, cursor: group.node.id, top: Math.min(tree.top, parent) } : tree;
    }
    const next = open === 'flip' ? !line.open : open;
    return next === line.open ? tree : { ...tree, toggled: new Map(tree.toggled).set(line.node.id, next) };
  });

/** Id of the page of remarks; no node of a plan is called so. */
export const reasonsPage = '#reasons';

/** Shows the trust change of the node under the cursor, or another page; the same key closes it. */
function togglePage(app: App, page: string | undefined): void {
  changeTree(app, (tree, lines) => {
    const { diff, ...rest } = tree;
    if (diff !== undefined && (page === undefined || diff.id === page)) return rest;
    const id = page ?? lines[treeCursor(lines, tree.cursor)]?.node.id;
    return id === undefined ? tree : { ...tree, diff: { id, top: 0 } };
  });
}

function askApproval(app: App): void {
  const { view } = topFrame(app.store.get());
  if (view.kind !== 'migrate') return;
  const cluster = clusterRef(viewCluster(view) ?? '');
  app.store.update(state => ({
    ...state,
    dialog: {
      kind: 'approve',
      cluster: cluster.arn,
      victims: [],
      hidden: 0,
      typed: emptyField,
      focus: 'cancel',
      openedAt: app.clock.now(),
      ...(inProd(app, cluster) ? { phrase: cluster.name } : {}),
    },
  }));
}

export const migrateActions: Performs = {
  migrate: app => {
    const state = app.store.get();
    const { view } = topFrame(state);
    const subject = subjectOf(app, state);
    const cluster = subject?.cluster ?? viewCluster(view);
    if (cluster === undefined) return say(app, 'warning', 'choose a cluster first');
    const namespace = subject?.kind === 'namespaces' ? subject.row.name : viewNamespace(view);
    if (subject?.kind === 'service-accounts') {
      return startMigration(app, { cluster, namespace: subject.row.namespace, serviceAccount: subject.row.name });
    }
    startMigration(app, { cluster, ...(namespace ? { namespace } : {}) });
  },
  expand: setOpen(true),
  collapse: setOpen(false),
  toggle: setOpen('flip'),
  diff: app => togglePage(app, undefined),
  reasons: app => togglePage(app, reasonsPage),
  approve: askApproval,
  replan: app => {
    const { view } = topFrame(app.store.get());
    const session = view.kind === 'migrate' ? app.sessions.migration(view.key) : undefined;
    if (view.kind === 'migrate' && session?.request.command === 'migrate')
      planMigration(app, view.key, session.request);
  },
};
