import { actions as planActions } from '../../../plan/plan.ts';
import { type App, clusterRef, say } from '../../controller/app.ts';
import { weightOf } from '../../controller/approval.ts';
import { refusesChanges } from '../../controller/read-only.ts';
import { withoutDialog } from '../../state/navigation.ts';
import { asFailure, type PlanSession } from '../../state/plan-session.ts';
import { retireActions } from '../../state/retirement.ts';
import { type Dialog, newDialog } from '../../state/state.ts';
import { currentMigration } from './migrate.ts';
import type { Performs } from './perform.ts';
import { openUndo } from './review.ts';

/** Milliseconds that a run which is stopped at once may take. */
const lastWait = 1000;

const dialogOf = (app: App, kind: Dialog['kind'], cluster: string): Dialog => newDialog(kind, cluster, app.clock.now());

function askApproval(app: App) {
  const current = currentMigration(app);
  if (!current) return;
  const { cluster } = current.session;
  const state = current.session.get();
  const heavy = state.phase === 'ready' && weightOf(app, cluster, state.plan) !== undefined;
  const phrase = heavy ? { phrase: cluster.name } : {};
  app.store.update(state => ({ ...state, dialog: { ...dialogOf(app, 'approve', cluster.arn), ...phrase } }));
}

/** The first approval is given: what takes IRSA away needs one of its own; anything else begins. */
export function approved(app: App, { kind, cluster }: Dialog) {
  if (refusesChanges(app, cluster)) return;
  const session = currentMigration(app)?.session;
  const state = session?.get();
  if (!session || state?.phase !== 'ready') return app.store.update(withoutDialog);
  const retired = retireActions(state.plan);
  if (kind === 'approve' && retired.length > 0) {
    const dialog = { ...dialogOf(app, 'retire', cluster), phrase: `retire ${retired.length}` };
    return app.store.update(now => ({ ...now, dialog }));
  }
  app.store.update(withoutDialog);
  void session.approve(app.store.get().concurrency);
}

/** Asks how a run is to be stopped. `quit`: the app ends with it. */
export function askToStop(app: App, session: PlanSession, quit?: Dialog['quit']) {
  const dialog = { ...dialogOf(app, 'stop', session.cluster.arn), ...(quit ? { quit } : {}) };
  app.store.update(state => ({ ...state, dialog }));
}

/** The runs that a stop is about: all of them when the app is to end, else the one on screen. */
function stopped(app: App, { quit }: Dialog): readonly PlanSession[] {
  const running = app.sessions.running();
  const own = currentMigration(app)?.session;
  return quit || !own ? running : running.filter(session => session === own);
}

/** Carries out what was chosen in the dialog. The app ends when the last run has: at once, or after what is in flight. */
export function stopRuns(app: App, dialog: Dialog, how: 'after' | 'now', quit: (exitCode: number) => void) {
  const sessions = stopped(app, dialog);
  app.store.update(withoutDialog);
  for (const session of sessions) {
    if (how === 'now') session.stopNow();
    else session.stop();
  }
  const then = dialog.quit ? ', then the app ends' : '';
  say(app, 'warning', how === 'now' ? `stopping now${then}` : `stopping after what is in flight${then}`);
  const { quit: asked } = dialog;
  if (!asked) return;
  const ended = Promise.all(sessions.map(session => session.ended()));
  // What does not end at once is left to the journal: the next sitting asks the world what became of it.
  const patience = how === 'now' ? [app.clock.sleep(lastWait, app.ended.signal)] : [];
  void Promise.race([ended, ...patience]).then(
    () => quit(asked.exitCode),
    () => {},
  );
}

/** However the app ends, its runs are told to stop at once, and get a second to say so in their journals. */
export async function stopRunning(app: App): Promise<void> {
  const running = app.sessions.running();
  if (running.length === 0) return;
  for (const session of running) session.stopNow();
  await Promise.race([
    Promise.all(running.map(session => session.ended())),
    app.clock.sleep(lastWait, app.ended.signal),
  ]);
}

function retry(app: App) {
  const session = currentMigration(app)?.session;
  if (!app.workbench.resume) return say(app, 'warning', 'runs are not written down here');
  void session?.retry(app.store.get().concurrency);
}

/** The way back from the run on screen, planned and shown before anything of it is done. */
function rollBack(app: App) {
  const session = currentMigration(app)?.session;
  const state = session?.get();
  if (!session || state?.phase !== 'finished') return;
  const restarts = planActions(state.plan.root).some(({ action }) => action.type === 'restart-workload');
  openUndo(app, clusterRef(session.cluster.arn), { run: session.run, restartWorkloads: restarts });
}

/** Only in the embedded world: what a crash does to a run, tried for real. */
function crash(app: App) {
  const { crash: end } = app.options;
  if (!end) return say(app, 'warning', 'only the sandbox is for trying a crash');
  void end().catch(error => say(app, 'error', `✗ the sandbox cannot be kept: ${asFailure(error).message}`));
}

export const runActions: Performs = { approve: askApproval, retry, 'roll-back': rollBack, crash };
