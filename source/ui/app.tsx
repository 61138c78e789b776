import type { LiveModel } from '../live/model.ts';
import type { Workbench } from '../read/workbench.ts';
import type { Clock } from '../run/clock.ts';
import { lastWait } from './actions/perform/run-control.ts';
import { Root } from './components/root.tsx';
import { type App, type AppOptions, createApp, type ExitReport } from './controller/app.ts';
import type { PreferencesStore } from './controller/preferences.ts';
import type { HistoryStore } from './controller/prompt-history.ts';
import { beforeSignal } from './signals.ts';
import { drawUntilExit } from './terminal.tsx';
import { pickTheme } from './theme/theme.ts';

export type { AppOptions, ExitReport } from './controller/app.ts';
export type { PreferencesStore } from './controller/preferences.ts';

export type AppDependencies = {
  /** The caller made it and closes it. */
  readonly model: LiveModel;
  readonly workbench: Workbench;
  readonly clock: Clock;
  /** Both must be terminals. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly options: AppOptions;
  /** For NO_COLOR, COLORTERM, EDITOR; the process's own by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the app when it aborts: what it was to show cannot be had. */
  readonly stop?: AbortSignal;
  /** Where the user's choices outlive a sitting; absent: nowhere. */
  readonly preferences?: PreferencesStore;
  /** Where what is typed into the prompt outlives a sitting; absent: nowhere. */
  readonly history?: HistoryStore;
  /** Writes an export and tells its path; absent: nothing can be saved. */
  readonly saveExport?: (name: string, text: string) => Promise<string>;
};

/**
 * Runs the app until the user quits, and gives the terminal back. Reads nothing and writes nothing itself: facts come
 * from the model, changes go through the workbench.
 *
 * @returns how it ended; its lines are for the normal screen
 */
export async function runApp(dependencies: AppDependencies): Promise<ExitReport> {
  const {
    model,
    workbench,
    clock,
    stdin,
    stdout,
    options,
    environment = process.env,
    preferences,
    history,
    saveExport,
    stop,
  } = dependencies;
  const app = createApp({
    model,
    workbench,
    clock,
    options,
    environment,
    ...(preferences ? { preferences } : {}),
    ...(history ? { history } : {}),
    ...(saveExport ? { saveExport } : {}),
    write: sequence => stdout.write(sequence),
    theme: pickTheme(environment, options.noColor),
    size: { columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 },
  });
  stop?.addEventListener('abort', () => exitOnceMounted(app), { once: true });
  const stopListening = beforeSignal(() => stopRunning(app));
  try {
    return await drawUntilExit(<Root app={app} />, { stdin, stdout });
  } finally {
    await stopRunning(app);
    stopListening();
    app.ended.abort();
    for (const session of app.sessions.all()) session.close();
    await Promise.all([app.preferences.settled(), app.history.settled()]);
  }
}

/** However the app ends, its runs are told to stop at once, and get a second to say so in their journals. */
async function stopRunning(app: App): Promise<void> {
  const running = app.sessions.running();
  if (running.length === 0) return;
  for (const session of running) session.stopNow();
  await Promise.race([
    Promise.all(running.map(session => session.ended())),
    app.clock.sleep(lastWait, app.ended.signal),
  ]);
}

/** There is nothing to exit from before Ink has mounted, which it does within a turn of the event loop or two. */
function exitOnceMounted(app: App): void {
  if (app.hands) app.hands.exit({ exitCode: 1, lines: [] });
  else setImmediate(() => exitOnceMounted(app));
}
