import type { MigrateRequest } from '../../../plan/request.ts';
import { type App, clusterRef, say } from '../../controller/app.ts';
import { noteDenial } from '../../controller/read-only.ts';
import { subjectOf } from '../../controller/subject.ts';
import { push } from '../../state/navigation.ts';
import { PlanSession, type SessionRequest, type SessionState } from '../../state/plan-session.ts';
import { newTree, topFrame } from '../../state/state.ts';
import { clusterName, viewCluster, viewNamespace } from '../../state/view.ts';
import type { Performs } from './perform.ts';
import { undoHint } from './review.ts';

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
  if (phase !== 'running') holdMigration(app, key, requestOf(scope));
  app.store.update(state => push(state, { kind: 'migrate', key }));
}

/** A new session under a key, looked at afresh. */
export function holdMigration(app: App, key: string, request: SessionRequest): void {
  planAgain(app, key, request);
  app.store.update(state => ({ ...state, trees: new Map(state.trees).set(key, newTree) }));
}

/** A new session under a key; what is open and where the cursor is stay. */
export function planAgain(app: App, key: string, request: SessionRequest): void {
  const cluster = clusterRef(key.split('|')[0] ?? '');
  const session = new PlanSession({
    cluster,
    request,
    workbench: app.workbench,
    clock: app.clock,
    onFinished: state => migrationFinished(app, cluster.arn, state),
  });
  app.sessions.holdMigration(key, session);
}

/** The session on the migration's screen, with its key. */
export function currentMigration(app: App): { readonly key: string; readonly session: PlanSession } | undefined {
  const { view } = topFrame(app.store.get());
  const session = view.kind === 'migrate' ? app.sessions.migration(view.key) : undefined;
  return view.kind === 'migrate' && session ? { key: view.key, session } : undefined;
}

function migrationFinished(app: App, cluster: string, state: SessionState) {
  app.model.refresh(cluster);
  void app.runs.read();
  if (state.phase !== 'finished') return;
  noteDenial(app, state);
  const { result } = state.run;
  const what = `${state.plan.command === 'migrate' ? 'migration' : state.plan.command} of ${clusterName(cluster)}`;
  if (!result) return say(app, 'error', `✗ ${what} broke off`);
  const part = (count: number, word: string) => (count > 0 ? [`${count} ${word}`] : []);
  const rest = [
    ...part(result.skipped.length, 'not attempted'),
    ...part(result.held.length, 'held'),
    ...part(result.unknown?.length ?? 0, 'unknown'),
  ];
  const failed = result.failed.length;
  const sign = failed > 0 ? '✗ ' : rest.length > 0 ? '' : '✓ ';
  const level = failed > 0 ? 'error' : rest.length > 0 ? 'warning' : 'info';
  const counts = [`${result.done} done`, `${failed} failed`, ...rest].join(', ');
  say(app, level, `${sign}${what}: ${counts}${result.writes > 0 ? undoHint(app, state) : ''}`);
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
  replan: app => {
    const current = currentMigration(app);
    if (current?.session.request.command === 'migrate') planAgain(app, current.key, current.session.request);
  },
};
