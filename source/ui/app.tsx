import type { LiveModel } from '../live/model.ts';
import type { Workbench } from '../read/workbench.ts';
import type { Clock } from '../run/clock.ts';
import { suspend } from './actions/perform/process.ts';
import { stopRunning } from './actions/perform/run-control.ts';
import { Root } from './components/root.tsx';
import {
  type App,
  type AppOptions,
  type CrashReporter,
  createApp,
  type ExitReport,
  logLines,
} from './controller/app.ts';
import type { DraftStore } from './controller/drafts.ts';
import type { PreferencesStore } from './controller/preferences.ts';
import type { HistoryStore } from './controller/prompt-history.ts';
import type { Size } from './paint/painter.ts';
import { beforeSignal, whileOnScreen } from './signals.ts';
import { drawUntilExit } from './terminal.tsx';
import { toAscii } from './text/ascii.ts';
import { clean } from './text/sanitise.ts';
import { colourDepth, needsAscii } from './theme/depth.ts';
import { type ThemeName, themeOf, usualTheme } from './theme/theme.ts';

export type { AppOptions, ChosenProfiles, CrashReporter, ExitReport } from './controller/app.ts';
export type { ContextSource, ScopeControl } from './controller/contexts.ts';
export type { DraftStore } from './controller/drafts.ts';
export type { PreferencesStore } from './controller/preferences.ts';
export type { HistoryStore } from './controller/prompt-history.ts';

export type Appearance = {
  /** Over what the preferences say. */
  readonly theme?: ThemeName;
  /** Nothing moves by itself; NO_MOTION asks for it too. */
  readonly noMotion?: boolean;
  /** Nothing but ASCII is written; locales other than UTF-8 and the Linux console ask for it too. */
  readonly ascii?: boolean;
};

export type AppDependencies = {
  /** The caller made it and closes it. */
  readonly model: LiveModel;
  readonly workbench: Workbench;
  readonly clock: Clock;
  /** Both must be terminals. */
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly options: AppOptions;
  /** How it is drawn, where the user said so at the start. */
  readonly appearance?: Appearance;
  /** The size of an alternate screen that stands there already, for the first frame to be drawn over; absent: none does. */
  readonly entered?: Size;
  /** For NO_COLOR, COLORTERM, NO_MOTION, the locale, EDITOR; the process's own by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the app when it aborts: what it was to show cannot be had. */
  readonly stop?: AbortSignal;
  /** Where the user's choices outlive a sitting; absent: nowhere. */
  readonly preferences?: PreferencesStore;
  /** Where what is typed into the prompt outlives a sitting; absent: nowhere. */
  readonly history?: HistoryStore;
  /** Where forms that were begun outlive a sitting; absent: nowhere. */
  readonly drafts?: DraftStore;
  /** Writes an export and tells its path; absent: nothing can be saved. */
  readonly saveExport?: (name: string, text: string) => Promise<string>;
  /** Writes down what threw, with the last of the log, and tells the path; absent or undefined: it could not be. */
  readonly reportCrash?: CrashReporter;
};

/** What ended the app although nobody wanted it to; the message says it in one sentence, with where to read more. */
export class AppCrash extends Error {
  override readonly name = 'AppCrash';
}

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
    appearance = {},
    environment = process.env,
    preferences,
    history,
    drafts,
    saveExport,
    reportCrash,
    entered,
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
    ...(drafts ? { drafts } : {}),
    ...(saveExport ? { saveExport } : {}),
    ...(reportCrash ? { reportCrash } : {}),
    write: sequence => stdout.write(sequence),
    theme: themeOf(appearance.theme ?? usualTheme(environment), colourDepth(environment, options.noColor)),
    size: { columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 },
  });
  app.store.update(state => ({
    ...state,
    still: Boolean(appearance.noMotion || environment.NO_MOTION),
    ...(appearance.theme ? { theme: appearance.theme } : {}),
    ...(appearance.ascii ? { ascii: true } : {}),
  }));
  const ascii = () => app.store.get().ascii ?? needsAscii(environment);
  stop?.addEventListener('abort', () => exitOnceMounted(app), { once: true });
  const stopListening = beforeSignal(() => stopRunning(app));
  let crash: AppCrash | undefined;
  const notice = (error: unknown) => {
    // What throws again while the app ends has nothing new to say.
    crash ??= crashOf(app, error);
    exitOnceMounted(app);
  };
  const stopHearing = whileOnScreen({ crash: notice, stop: () => suspend(app) });
  try {
    const report = await drawUntilExit(<Root app={app} />, {
      stdin,
      stdout,
      ascii,
      ...(entered ? { entered } : {}),
    }).catch(error => {
      throw crashOf(app, error);
    });
    if (crash) throw crash;
    return ascii() ? { ...report, lines: report.lines.map(toAscii) } : report;
  } finally {
    await stopRunning(app);
    stopListening();
    stopHearing();
    if (crash) leaveSoon();
    app.ended.abort();
    for (const session of app.sessions.all()) session.close();
    await Promise.all([app.preferences.settled(), app.history.settled(), app.drafts.settled()]);
  }
}

/** Milliseconds that it takes to say what happened and to close what is open. */
const lastWords = 2_000;

/** Whatever threw may throw again, or keep the process from ending by itself: neither gets in the way of its end. */
function leaveSoon(): void {
  process.on('uncaughtException', () => {});
  setTimeout(() => process.exit(1), lastWords).unref();
}

function crashOf(app: App, error: unknown): AppCrash {
  const path = app.reportCrash?.(error, logLines(app));
  const message = clean(error instanceof Error ? error.message : String(error));
  const where = path === undefined ? '' : `; what led to it is in ${path}`;
  return new AppCrash(`the app crashed: ${message}${where}`, { cause: error });
}

/** There is nothing to exit from before Ink has mounted, which it does within a turn of the event loop or two. */
function exitOnceMounted(app: App): void {
  if (app.hands) app.hands.exit({ exitCode: 1, lines: [] });
  else setImmediate(() => exitOnceMounted(app));
}
