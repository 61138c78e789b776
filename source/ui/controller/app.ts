import type { ClusterRef } from '../../identity/scope.ts';
import type { ClusterRow, LiveModel, LogLine } from '../../live/model.ts';
import type { Workbench } from '../../read/workbench.ts';
import type { Clock } from '../../run/clock.ts';
import { type Layout, layoutOf } from '../state/layout.ts';
import { withoutFlash } from '../state/navigation.ts';
import type { Flash, UiState } from '../state/state.ts';
import { initialState } from '../state/state.ts';
import { Store } from '../state/store.ts';
import type { View } from '../state/view.ts';
import { createTables, type Tables } from '../tables/engine.ts';
import type { Theme } from '../theme/theme.ts';
import { AppLog } from './app-log.ts';
import { type ContextSource, Contexts } from './contexts.ts';
import { type DraftStore, Drafts } from './drafts.ts';
import { DriftWatch } from './drift.ts';
import { Policies } from './policies.ts';
import { Preferences, type PreferencesStore } from './preferences.ts';
import { type HistoryStore, PromptHistory } from './prompt-history.ts';
import { RolePolicyWatch } from './role-policies.ts';
import { Runs } from './runs.ts';
import { Sessions } from './sessions.ts';
import { type Oracle, Witness } from './witness.ts';

export type AppOptions = {
  /** The embedded world: shown as a badge. */
  readonly sandbox: boolean;
  readonly version: string;
  readonly profileName?: string;
  readonly startView?: View;
  /** Nothing may be changed in this sitting until the user says otherwise. */
  readonly readOnly?: boolean;
  /** Forces the theme without colour; NO_COLOR does too. */
  readonly noColor?: boolean;
  /** Where profiles are chosen from; absent: they cannot be chosen here. */
  readonly contexts?: ContextSource;
  /** In the embedded world: who knows how its pods fare. */
  readonly oracle?: Oracle;
  /** In the embedded world: ends this process as a crash would, and keeps that world for the next one. */
  readonly crash?: () => Promise<void>;
};

/** The scope of the sitting that is to follow. */
export type ChosenProfiles = {
  /** Empty: the default chain. */
  readonly profiles: readonly string[];
  /** The user has asked that nothing be changed. */
  readonly readOnly: boolean;
};

/** How a session of the app ended, for the last line on the normal screen and the exit code. */
export type ExitReport = {
  /** 0, or 130 when it was interrupted. */
  readonly exitCode: number;
  /** Lines to print after the alternate screen is gone: runs that finished or are still open. */
  readonly lines: readonly string[];
  /** What the user chose to go on with instead: without credentials, the sandbox is one key away. */
  readonly next?: 'sandbox' | ChosenProfiles;
};

/** What the terminal can do for actions; there once Ink has mounted. */
export type TerminalHands = {
  /** Gives the terminal away until the promise settles, then repaints. */
  suspend(whileAway: () => Promise<void>): Promise<void>;
  exit(report: ExitReport): void;
};

export type CrashReporter = (error: unknown, lines: readonly LogLine[]) => string | undefined;

/** Everything an action or a screen works with. Long-lived; what changes is in the stores. */
export type App = {
  readonly model: LiveModel;
  readonly workbench: Workbench;
  readonly clock: Clock;
  readonly options: AppOptions;
  readonly theme: Theme;
  readonly store: Store<UiState>;
  readonly sessions: Sessions;
  readonly runs: Runs;
  readonly contexts: Contexts;
  readonly policies: Policies;
  readonly rolePolicies: RolePolicyWatch;
  readonly preferences: Preferences;
  readonly history: PromptHistory;
  readonly drafts: Drafts;
  /** What was said in this sitting. */
  readonly log: AppLog;
  /** Writes an export and tells its path; absent: files are not written here. */
  readonly saveExport?: (name: string, text: string) => Promise<string>;
  /** Writes down what threw and tells the path; undefined: it could not be. */
  readonly reportCrash?: CrashReporter;
  /** Sends the terminal what is not part of a frame. */
  readonly write: (sequence: string) => void;
  readonly tables: Tables;
  readonly drift: DriftWatch;
  readonly witness: Witness | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when the app ends: every timer of the app waits with it. */
  readonly ended: AbortController;
  hands: TerminalHands | undefined;
};

/** Why nothing may be changed when the user asked for that. */
export const askedReadOnly = 'read-only: :set rw allows changes again';

export function createApp(options: {
  readonly model: LiveModel;
  readonly workbench: Workbench;
  readonly clock: Clock;
  readonly options: AppOptions;
  readonly theme: Theme;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly preferences?: PreferencesStore;
  readonly history?: HistoryStore;
  readonly drafts?: DraftStore;
  readonly saveExport?: (name: string, text: string) => Promise<string>;
  readonly reportCrash?: CrashReporter;
  readonly write: (sequence: string) => void;
  readonly size: { readonly columns: number; readonly rows: number };
}): App {
  const { size, preferences, history, drafts, ...rest } = options;
  const { startView = { kind: 'clusters' }, readOnly } = options.options;
  const store = new Store(initialState(startView, options.clock.now(), size, readOnly ? askedReadOnly : undefined));
  const ended = new AbortController();
  const app: App = {
    ...rest,
    store,
    sessions: new Sessions(),
    runs: new Runs(options.workbench),
    contexts: new Contexts(options.options.contexts),
    policies: new Policies(options.workbench, ended.signal),
    rolePolicies: new RolePolicyWatch(options.workbench, ended.signal),
    preferences: new Preferences(store, preferences, text => say(app, 'warning', text), options.options),
    history: new PromptHistory(history, text => say(app, 'warning', text)),
    drafts: new Drafts({
      ui: store,
      store: drafts,
      clock: options.clock,
      ended: ended.signal,
      warn: text => app.log.add({ at: options.clock.now(), level: 'warning', source: 'app', text }),
    }),
    log: new AppLog(),
    tables: createTables(() => options.clock.now()),
    drift: new DriftWatch(options.model),
    witness: options.options.oracle && new Witness(options.options.oracle, options.clock),
    ended,
    hands: undefined,
  };
  return app;
}

export const layout = (state: UiState): Layout => layoutOf(state.columns, state.rows);

export const clusterRow = (app: App, arn: string | undefined): ClusterRow | undefined =>
  arn === undefined ? undefined : app.model.clusters().find(row => row.id === arn);

/** What the model saw and what the app said, oldest first. */
export const logLines = (app: App): readonly LogLine[] =>
  [...app.model.log(), ...app.log.lines()].sort((a, b) => a.at - b.at);

/** A cluster's full name; works from the ARN alone when the model has lost the row. */
export function clusterRef(arn: string): ClusterRef {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { arn, partition, region, account, name: arn.slice(arn.lastIndexOf('/') + 1) };
}

const flashSeconds: Readonly<Record<Flash['level'], number | undefined>> = { info: 4, warning: 8, error: undefined };

/** Says something on the bottom line: 4 s, warnings 8 s, errors until a key. */
export function say(app: App, level: Flash['level'], text: string): void {
  const message: Flash = { level, text, at: app.clock.now() };
  app.log.add({ at: message.at, level, source: 'app', text });
  app.store.update(state => ({ ...state, flash: message }));
  const seconds = flashSeconds[level];
  if (seconds === undefined) return;
  app.clock.sleep(seconds * 1000, app.ended.signal).then(
    () => app.store.update(state => (state.flash === message ? withoutFlash(state) : state)),
    () => {},
  );
}
