import { actions as planActions } from '../../../plan/plan.ts';
import type { RunSummary } from '../../../run/summary.ts';
import { type App, clusterRef, layout, say } from '../../controller/app.ts';
import { push } from '../../state/navigation.ts';
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
    app.runs.get().runs.findIndex(({ run }) => run === state.runCursor),
  );
}

/** Opens the list and reads it afresh. */
export function openRuns(app: App) {
  if (!app.runs.kept) return say(app, 'warning', 'runs are not written down here');
  void app.runs.read();
  app.store.update(state => push(state, { kind: 'runs' }));
}

export function moveRuns(app: App, by: number | 'first' | 'last') {
  const { runs } = app.runs.get();
  app.store.update(state => {
    const last = runs.length - 1;
    const next = by === 'first' ? 0 : by === 'last' ? last : Math.max(0, Math.min(last, runIndex(app, state) + by));
    const run = runs[next]?.run;
    return run === undefined || run === state.runCursor ? state : { ...state, runCursor: run };
  });
}

/** Rows of the list that are shown at once: its heading takes one. */
export const runsHeight = (state: UiState): number => Math.max(1, layout(state).body - 1);

/** The run on screen: under the cursor of the list, or the one that is shown in full. */
function chosen(app: App): RunSummary | undefined {
  const state = app.store.get();
  const { view } = topFrame(state);
  const found = view.kind === 'run' ? app.runs.find(view.run) : app.runs.get().runs[runIndex(app, state)];
  if (found && 'summary' in found) return found.summary;
  say(app, 'warning', found ? `its journal cannot be read: ${clean(found.unreadable)}` : 'there is no run');
  return undefined;
}

const goingOn = (app: App, run: string): boolean => app.sessions.running().some(session => session.run === run);

function open(app: App) {
  const found = app.runs.get().runs[runIndex(app, app.store.get())];
  if (found) app.store.update(state => push(state, { kind: 'run', run: found.run }));
}

function undo(app: App) {
  const summary = chosen(app);
  if (!summary) return;
  if (goingOn(app, summary.run)) return say(app, 'warning', 'it is still going on');
  const { plan } = summary.begin;
  const restartWorkloads = planActions(plan.root).some(({ action }) => action.type === 'restart-workload');
  openUndo(app, clusterRef(plan.cluster.arn), { run: summary.run, restartWorkloads });
}

/** Shows a run that is not finished as it stands; it goes on when that is approved. */
function resume(app: App) {
  const summary = chosen(app);
  if (!summary) return;
  const { run, state, begin } = summary;
  if (goingOn(app, run)) return say(app, 'warning', 'it is still going on');
  if (state === 'complete') return say(app, 'info', 'it is finished: nothing is left to do');
  const key = `${begin.place.cluster.arn}|run ${run}`;
  holdMigration(app, key, { command: 'resume', run, plan: begin.plan, before: progressOf(summary) });
  app.store.update(now => push(now, { kind: 'migrate', key }));
}

export const runsActions: Performs = {
  'open-run': open,
  'undo-run': undo,
  'resume-run': resume,
  'read-runs': app => void app.runs.read(),
};
