import { type App, layout, say } from '../../controller/app.ts';
import { refusesChanges } from '../../controller/read-only.ts';
import type { RunRow } from '../../controller/runs.ts';
import { push, withoutDialog } from '../../state/navigation.ts';
import { progressOf } from '../../state/run-history.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';
import { holdMigration } from './migrate.ts';
import type { Performs } from './perform.ts';
import { openUndo } from './review.ts';

/** Where the cursor of the list is. */
export function runIndex(app: App, state: UiState): number {
  return Math.max(
    0,
    app.runs.get().rows.findIndex(({ run }) => run === state.runCursor),
  );
}

/** Opens the list and reads it afresh. */
export function openRuns(app: App) {
  if (!app.runs.kept) return say(app, 'warning', 'runs are not written down here');
  void app.runs.read();
  app.store.update(state => push(state, { kind: 'runs' }));
}

export function moveRuns(app: App, by: number | 'first' | 'last'): void {
  const { rows } = app.runs.get();
  app.store.update(state => {
    const last = rows.length - 1;
    const next = by === 'first' ? 0 : by === 'last' ? last : Math.max(0, Math.min(last, runIndex(app, state) + by));
    const run = rows[next]?.run;
    return run === undefined || run === state.runCursor ? state : { ...state, runCursor: run };
  });
}

/** Rows of the list that are shown at once: its heading takes one. */
export const runsHeight = (state: UiState): number => Math.max(1, layout(state).body - 1);

/** The run on screen, under the cursor of the list or shown in full, unless nothing can be done with it. */
function chosen(app: App): RunRow | undefined {
  const state = app.store.get();
  const { view } = topFrame(state);
  const { rows } = app.runs.get();
  const found = view.kind === 'run' ? rows.find(({ run }) => run === view.run) : rows[runIndex(app, state)];
  const reason = !found
    ? 'there is no run'
    : 'unreadable' in found
      ? `its journal cannot be read: ${clean(found.unreadable)}`
      : app.sessions.running().some(session => session.run === found.run)
        ? 'it is still going on'
        : undefined;
  if (found && !('unreadable' in found) && reason === undefined) return found;
  say(app, 'warning', reason ?? 'there is no run');
  return undefined;
}

function open(app: App): void {
  const found = app.runs.get().rows[runIndex(app, app.store.get())];
  if (!found) return;
  void app.runs.show(found.run);
  app.store.update(state => push(state, { kind: 'run', run: found.run }));
}

function undo(app: App): void {
  const row = chosen(app);
  if (row) openUndo(app, row.cluster, { run: row.run, restartWorkloads: row.restarts });
}

/** The way back from the newest run, from wherever the user is. */
function undoLast(app: App) {
  if (!app.runs.kept) return say(app, 'warning', 'runs are not written down here');
  void app.runs.read().then(() => {
    const { rows, failure } = app.runs.get();
    if (failure) return say(app, 'error', `✗ ${clean(failure.message)}`);
    const [row] = rows;
    const reason = reasonAgainstUndo(app, row);
    if (reason !== undefined || !row || 'unreadable' in row) return say(app, 'warning', `undo last: ${reason}`);
    openUndo(app, row.cluster, { run: row.run, restartWorkloads: row.restarts });
  });
}

type Listed = ReturnType<App['runs']['get']>['rows'][number];

/** Why there is no way back from a run, as far as the list of runs tells; undefined: one can be planned. */
export function reasonAgainstUndo(app: App, row: Listed | undefined): string | undefined {
  if (!row) return 'nothing has been carried out yet';
  if ('unreadable' in row) return `the journal of the last run cannot be read: ${clean(row.unreadable)}`;
  if (app.sessions.running().some(session => session.run === row.run)) return 'the last run is still going on';
  if (row.state === 'running') return `the last run is still going on (${clean(row.holder ?? 'elsewhere')})`;
  if (row.command === 'undo') return 'the last run was a way back itself: plan anew instead';
  if (row.tally && row.tally.done + row.tally.unknown === 0) return 'the last run changed nothing';
  return undefined;
}

/** Shows a run that is not finished as it stands; it goes on when that is approved. Resolves when it is shown, or why not. */
export async function resumeRun(app: App, row: RunRow): Promise<void> {
  if (row.state === 'complete') return say(app, 'info', 'it is finished: nothing is left to do');
  if (row.state === 'running')
    return say(app, 'warning', `it is going on: ${clean(row.holder ?? 'elsewhere')} carries it out`);
  const summary = await app.runs.show(row.run);
  if (!summary) return say(app, 'error', '✗ its journal cannot be read any more');
  const { run, begin } = summary;
  const key = `${row.cluster.arn}|run ${run}`;
  holdMigration(app, key, { command: 'resume', run, plan: begin.plan, before: progressOf(summary) });
  app.store.update(now => push(now, { kind: 'migrate', key }));
}

function resume(app: App) {
  const row = chosen(app);
  if (row) void resumeRun(app, row);
}

/** Goes on at once with the run of the dialog: its plan was approved when it began. */
export function takeUp(app: App): void {
  const { dialog } = app.store.get();
  if (!dialog?.interrupted || refusesChanges(app, dialog.cluster)) return;
  const { run } = dialog.interrupted;
  app.store.update(withoutDialog);
  void app.runs.show(run).then(summary => {
    if (!summary) return say(app, 'error', '✗ its journal cannot be read any more');
    const key = `${dialog.cluster}|run ${run}`;
    holdMigration(app, key, { command: 'resume', run, plan: summary.begin.plan, before: progressOf(summary) });
    app.store.update(now => push(now, { kind: 'migrate', key }));
    void app.sessions.migration(key)?.approve(app.store.get().concurrency);
  });
}

/** Reads again what is on screen. */
function readAgain(app: App): void {
  const { view } = topFrame(app.store.get());
  void app.runs.read();
  if (view.kind === 'run') void app.runs.show(view.run);
}

export const runsActions: Performs = {
  'open-run': open,
  'undo-run': undo,
  'undo-last': undoLast,
  'resume-run': resume,
  'read-runs': readAgain,
  'take-up': takeUp,
};
