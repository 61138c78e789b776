import { type App, type ExitReport, say } from '../../controller/app.ts';
import { openChoices } from '../../controller/form.ts';
import { type Form, withoutChoice } from '../../state/form.ts';
import { changeTop, pop, setFilter, stepBack, withoutDialog, withoutPrompt } from '../../state/navigation.ts';
import { topFrame } from '../../state/state.ts';
import { clusterName } from '../../state/view.ts';
import { cleanLines } from '../../text/sanitise.ts';
import { currentMigration } from './migrate.ts';
import { discardLeft, sayKept } from './open-form.ts';
import type { Performs } from './perform.ts';
import { askToStop } from './run-control.ts';

/** Asking again within this time quits. */
const quitWindow = 2000;

/** Lines for the normal screen: what ran, and what is left running. */
function report(app: App, exitCode: number): ExitReport {
  const lines = app.sessions.all().flatMap(session => {
    const state = session.get();
    const name = clusterName(session.cluster.arn);
    if (state.phase === 'running')
      return [
        `${state.plan.command} in ${name}: stopped on the way, ${state.run.ended}/${state.run.total} done; podid-tui resume ${session.run}`,
      ];
    if (state.phase !== 'finished') return [];
    const { result } = state.run;
    const what = `${state.plan.command} in ${name}`;
    if (!result) return [`${what}: broken off`];
    const left = result.skipped.length + result.held.length + (result.unknown?.length ?? 0);
    const rest = left > 0 ? `, ${left} left; podid-tui resume ${session.run}` : '';
    return [`${what}: ${result.done} done, ${result.failed.length} failed${rest}`];
  });
  return { exitCode, lines: lines.flatMap(line => cleanLines(line)) };
}

/** Ends the app. A run that is still on is stopped at once (see `runApp`). */
export function quit(app: App, exitCode = 0) {
  app.hands?.exit(report(app, exitCode));
}

/** Ends this sitting and asks for another one; a run would be stopped by that, so it must have ended. */
export function leaveFor(app: App, next: NonNullable<ExitReport['next']>) {
  if (app.sessions.running().length > 0) return say(app, 'warning', 'a run is on: let it end first');
  app.hands?.exit({ ...report(app, 0), next });
}

/** Ends this sitting and asks for one in the embedded world; for someone who has no credentials at hand. */
export function enterSandbox(app: App) {
  if (app.options.sandbox) return say(app, 'info', 'this is the sandbox');
  leaveFor(app, 'sandbox');
}

function askToQuit(app: App, exitCode: number, key: string) {
  const now = app.clock.now();
  const { quitAskedAt } = app.store.get();
  if (quitAskedAt !== undefined && now - quitAskedAt <= quitWindow) return quit(app, exitCode);
  const [running] = app.sessions.running();
  if (running) return askToStop(app, running, { exitCode });
  app.store.update(state => ({ ...state, quitAskedAt: now }));
  say(app, 'warning', `${key} again to quit`);
}

/** Whether the choices of the focused field are open and there are any. */
const choicesShown = (app: App, form: Form): boolean => openChoices(app, form).length > 0;

/** One layer per press: dialog, choices, prompt, draft, marks, filter, place. */
function stepOut(app: App) {
  const state = app.store.get();
  if (state.dialog) {
    if (state.dialog.kind === 'delete' && app.sessions.get().deletion?.get().phase !== 'running')
      app.sessions.drop('deletion');
    return app.store.update(withoutDialog);
  }
  if (state.prompt) {
    const { kind, before } = state.prompt;
    return app.store.update(now =>
      kind === 'filter' ? changeTop(withoutPrompt(now), frame => setFilter(frame, before)) : withoutPrompt(now),
    );
  }
  const { view } = topFrame(state);
  if (view.kind === 'form' && state.form && choicesShown(app, state.form)) {
    return app.store.update(now => (now.form ? { ...now, form: withoutChoice(now.form) } : now));
  }
  if (view.kind === 'form') {
    app.store.update(pop);
    return sayKept(app);
  }
  if (discardLeft(app)) return;
  if (view.kind === 'migrate' && state.trees.get(view.key)?.diff !== undefined) {
    return app.store.update(now => {
      const tree = now.trees.get(view.key);
      if (!tree) return now;
      const { diff: _, ...rest } = tree;
      return { ...now, trees: new Map(now.trees).set(view.key, rest) };
    });
  }
  if (view.kind === 'migrate' && app.sessions.migration(view.key)?.get().phase === 'running') {
    say(app, 'info', 'the run goes on: <m> leads back to it');
  }
  const back = stepBack(state);
  if (back) app.store.update(() => back);
}

/** Back one place; from the root it asks once more and then quits. */
function back(app: App) {
  const state = app.store.get();
  if (state.stack.length > 1) return app.store.update(pop);
  askToQuit(app, 0, 'q');
}

/** Asks how to stop what runs on this screen; without a run, quits when asked twice. */
function interrupt(app: App) {
  const state = app.store.get();
  const session = currentMigration(app)?.session;
  const run = session?.get();
  if (session && run?.phase === 'running' && !state.dialog) {
    if (!run.stopping) return askToStop(app, session);
    session.stopNow();
    return say(app, 'warning', 'stopping now');
  }
  if (state.prompt || state.dialog) return stepOut(app);
  askToQuit(app, 130, 'ctrl-c');
}

/** One process, one terminal: it is stopped once until it is continued. */
let away = false;

/**
 * Stops the process as a shell's job, and comes back on SIGCONT. A timer keeps Node alive meanwhile: without one it
 * would exit as soon as it is continued, since the terminal has been let go.
 */
export function suspend(app: App): void {
  const { hands } = app;
  if (!hands || away || process.platform === 'win32') return;
  away = true;
  void hands
    .suspend(async () => {
      const alive = setInterval(() => {}, 60_000);
      const continued = new Promise<void>(resolve => {
        process.once('SIGCONT', () => resolve());
      });
      process.kill(process.pid, 'SIGSTOP');
      await continued;
      clearInterval(alive);
    })
    .then(() => {
      away = false;
      // However long it was away, what it knows is old.
      app.model.refresh();
      app.store.update(state => ({ ...state, now: app.clock.now() }));
    });
}

export const processActions: Performs = {
  escape: stepOut,
  back,
  interrupt,
  stop: interrupt,
  suspend,
  sandbox: enterSandbox,
};
