import type { Failure } from '../../identity/reading.ts';
import type { ProfileChoice } from '../../read/scopes.ts';
import { type ContextRow, contextRows, type ScopeSession } from '../state/contexts.ts';
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
  /** Regions that every profile is asked in, by flag or environment; empty: each in its own. */
  regions(): readonly string[];
};

export type ContextList = {
  readonly phase: 'unread' | 'reading' | 'read' | 'failed';
  readonly profiles: readonly ProfileChoice[];
  readonly failure?: Failure;
  /** More columns, at the cost of others. */
  readonly wide: boolean;
};

/** The profiles there are, read when somebody looks. */
export class Contexts {
  readonly source: ContextSource | undefined;
  #reading: Promise<void> | undefined;
  readonly #store = new Store<ContextList>({ phase: 'unread', profiles: [], wide: false });

  constructor(source: ContextSource | undefined) {
    this.source = source;
  }

  readonly get = (): ContextList => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  turnWide(): void {
    this.#store.update(list => ({ ...list, wide: !list.wide }));
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
export const contextColumns: readonly string[] = ['PROFILE', 'ACCOUNT', 'AUTH', 'REGIONS', 'STATUS'];

const cellOf = (row: ContextRow) => (column: string) =>
  ({
    PROFILE: row.name,
    ACCOUNT: row.account ?? '?',
    AUTH: row.auth,
    REGIONS: row.regions.join(' '),
    STATUS: row.status.word,
  })[column];

/** All rows, and those that the filter leaves, with the place of the cursor among them. */
export function contextsOf(app: App, state: UiState) {
  const { filter, cursor } = topFrame(state);
  const all = contextRows({
    profiles: app.contexts.get().profiles,
    regions: app.contexts.source?.regions() ?? [],
    sessions: app.contexts.source?.sessions() ?? [],
    sources: app.model.sources(),
    clusters: app.model.clusters(),
  });
  const parsed = parseFilter(filter, contextColumns);
  const rows = parsed.ok
    ? all.filter(row => {
        const text = `${row.name} ${row.account ?? ''} ${row.auth} ${row.regions.join(' ')} ${row.status.word}`;
        return parsed.matches(text.toLowerCase(), cellOf(row));
      })
    : all;
  // Until it is moved it is on the first row in scope, whichever that comes to be.
  const wanted = cursor.id ?? rows.find(row => row.inScope)?.id;
  const found = rows.findIndex(({ id }) => id === wanted);
  const at = found >= 0 ? found : Math.max(0, Math.min(cursor.index, rows.length - 1));
  return { all, rows, at };
}
