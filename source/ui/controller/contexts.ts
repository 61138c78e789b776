import { type Failure, lastKnown } from '../../identity/reading.ts';
import type { ProfileChoice } from '../../read/scopes.ts';
import {
  type ContextFacts,
  type ContextRow,
  contextRows,
  type RegionAnswer,
  regionRows,
  type ScopeSession,
} from '../state/contexts.ts';
import { parseFilter } from '../state/filter.ts';
import { asFailure } from '../state/plan-session.ts';
import { topFrame, type UiState } from '../state/state.ts';
import { Store } from '../state/store.ts';
import type { App } from './app.ts';

/** Where the profiles that there are, and those in scope, are known. Nothing of it asks AWS. */
export type ContextSource = {
  /** Reads the shared configuration anew. */
  profiles(): Promise<readonly ProfileChoice[]>;
  sessions(): readonly ScopeSession[];
  /** Regions that every profile is asked in, by flag; empty: each in its own. */
  regions(): readonly string[];
  /** The region that the environment names for all. */
  usual?(): string | undefined;
  /** What changes the scope while it is looked at; absent: it stays as it is. */
  readonly control?: ScopeControl;
};

/** `id` is a row's: a profile, or empty for the default chain. */
export type ScopeControl = {
  /** Regions that a profile could be asked in: those of the partition of a region that it knows. */
  choices(region: string): Promise<readonly string[]>;
  /** Reads the profile in the region from now on. Rejects with why it cannot. */
  join(id: string, region: string): Promise<void>;
  /** Reads a session no more; resolves when nothing of it is left. */
  leave(session: string): Promise<void>;
  /** Asks a region that is not read for its clusters; rejects with why it does not tell. */
  tryRegion(id: string, region: string, signal: AbortSignal): Promise<void>;
};

export type ContextList = {
  readonly phase: 'unread' | 'reading' | 'read' | 'failed';
  readonly profiles: readonly ProfileChoice[];
  readonly failure?: Failure;
  /** More columns, at the cost of others. */
  readonly wide: boolean;
  /** Regions that could be read, by row. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  /** What regions answered when they were tried, by row. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, RegionAnswer>>;
  /** Profiles in scope, once that was changed in this sitting. */
  readonly names?: readonly string[];
};

/** The profiles there are, read when somebody looks. */
export class Contexts {
  readonly source: ContextSource | undefined;
  #reading: Promise<void> | undefined;
  readonly #store = new Store<ContextList>({
    phase: 'unread',
    profiles: [],
    wide: false,
    choices: new Map(),
    answers: new Map(),
  });

  constructor(source: ContextSource | undefined) {
    this.source = source;
  }

  readonly get = (): ContextList => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  turnWide(): void {
    this.#store.update(list => ({ ...list, wide: !list.wide }));
  }

  /** Learns where a profile could be asked; nothing is asked of AWS. */
  async choose(id: string, region: string): Promise<void> {
    const regions = await this.source?.control?.choices(region);
    if (regions) this.#store.update(list => ({ ...list, choices: new Map(list.choices).set(id, regions) }));
  }

  answered(id: string, region: string, answer: RegionAnswer | undefined): void {
    this.#store.update(list => {
      const answers = new Map(list.answers.get(id));
      if (answer) answers.set(region, answer);
      else answers.delete(region);
      return { ...list, answers: new Map(list.answers).set(id, answers) };
    });
  }

  /** Sessions came or went: the screens look again, and the header names who is in scope. */
  rescoped(): void {
    const sessions = this.source?.sessions() ?? [];
    const names = [...new Set(sessions.map(({ profile }) => profile ?? 'default'))];
    this.#store.update(list => ({ ...list, names }));
  }

  /** Reads them afresh, once at a time. Never rejects: what went wrong is in the list. */
  read(): Promise<void> {
    const { source } = this;
    if (!source) return Promise.resolve();
    this.#reading ??= this.#read(source).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(source: ContextSource): Promise<void> {
    this.#store.update(({ failure: _, ...list }) => ({ ...list, phase: 'reading' }));
    try {
      const profiles = await source.profiles();
      this.#store.update(list => ({ ...list, phase: 'read', profiles }));
    } catch (error) {
      this.#store.update(list => ({ ...list, phase: 'failed', failure: asFailure(error) }));
    }
  }
}

/** What a filter may name. */
export const contextColumns: readonly string[] = ['PROFILE', 'ACCOUNT', 'ALIAS', 'AUTH', 'REGIONS', 'STATUS'];

const cellOf = (row: ContextRow) => (column: string) =>
  ({
    PROFILE: row.name,
    ACCOUNT: row.account ?? '?',
    ALIAS: row.alias ?? '-',
    AUTH: row.auth,
    REGIONS: row.regions.join(' '),
    STATUS: row.status.word,
  })[column];

/** What the rows are made of now. */
export function contextFacts(app: App, state: UiState): ContextFacts {
  const usual = app.contexts.source?.usual?.();
  return {
    profiles: app.contexts.get().profiles,
    regions: app.contexts.source?.regions() ?? [],
    kept: state.keptRegions,
    sessions: app.contexts.source?.sessions() ?? [],
    sources: app.model.sources(),
    clusters: app.model.clusters(),
    readOnly: state.readOnlyAccounts,
    aliasOf: account => lastKnown(app.model.accountAlias(account))?.value,
    ...(usual === undefined ? {} : { usual }),
  };
}

/** The regions that have the keys, with the cursor's place among them; undefined: the profiles have them. */
export function regionsOf(app: App, state: UiState, profile = state.regions?.profile) {
  if (profile === undefined) return undefined;
  const { choices, answers } = app.contexts.get();
  const rows = regionRows(
    contextFacts(app, state),
    profile,
    choices.get(profile) ?? [],
    answers.get(profile) ?? new Map(),
  );
  // Until it is moved it is on the first one that is read.
  const wanted = state.regions?.cursor ?? rows.find(row => row.session)?.region;
  return {
    profile,
    rows,
    at: Math.max(
      0,
      rows.findIndex(({ region }) => region === wanted),
    ),
  };
}

/** All rows, and those that the filter leaves, with the place of the cursor among them. */
export function contextsOf(app: App, state: UiState) {
  const { filter, cursor } = topFrame(state);
  const all = contextRows(contextFacts(app, state));
  const parsed = parseFilter(filter, contextColumns);
  const rows = parsed.ok
    ? all.filter(row => {
        const text = `${row.name} ${row.account ?? ''} ${row.alias ?? ''} ${row.auth} ${row.regions.join(' ')} ${row.status.word}`;
        return parsed.matches(text.toLowerCase(), cellOf(row));
      })
    : all;
  // Until it is moved it is on the first row in scope, whichever that comes to be.
  const wanted = cursor.id ?? rows.find(row => row.inScope)?.id;
  const found = rows.findIndex(({ id }) => id === wanted);
  const at = found >= 0 ? found : Math.max(0, Math.min(cursor.index, rows.length - 1));
  return { all, rows, at };
}
