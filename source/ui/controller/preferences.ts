import { parseKeys } from '../actions/parse-keys.ts';
import { parseConcurrency } from '../state/concurrency.ts';
import { parseAccounts, parseRegions } from '../state/kept-scope.ts';
import { parseLooks, storedLooks } from '../state/looks.ts';
import { type UiState, usualConcurrency } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { isTable } from '../state/view.ts';
import { clean } from '../text/sanitise.ts';
import { isThemeName, type ThemeName } from '../theme/theme.ts';
import { parseViews } from './views.ts';

/** Where preferences are kept. Both may reject; the app then goes on without. */
export type PreferencesStore = {
  read(): Promise<Readonly<Record<string, unknown>>>;
  /** Sets these keys and keeps the others. */
  save(patch: Readonly<Record<string, unknown>>): Promise<void>;
};

/** Takes over what the user chose in earlier sittings, and keeps what they choose in this one. */
export class Preferences {
  readonly #ui: Store<UiState>;
  readonly #store: PreferencesStore | undefined;
  readonly #warn: (text: string) => void;
  /** Everything asked of the store, one after the other. */
  #queue: Promise<void> = Promise.resolve();
  /** The store failed: said once, and left alone from then on. */
  #off = false;

  /** What is kept of accounts and profiles is of the real ones: a sandbox is a new world each time. */
  readonly #real: boolean;

  constructor(
    ui: Store<UiState>,
    store: PreferencesStore | undefined,
    warn: (text: string) => void,
    { sandbox }: { readonly sandbox: boolean },
  ) {
    this.#ui = ui;
    this.#store = store;
    this.#warn = warn;
    this.#real = !sandbox;
  }

  /** Reads in the background; what the user has changed meanwhile stays. */
  load(): void {
    this.#then(async store => {
      const stored = await store.read();
      const looks = parseLooks(stored.tables);
      const views = parseViews(stored.views);
      const keys = parseKeys(stored.keys);
      this.#ui.update(state => ({
        ...withStored(state, looks),
        concurrency: chosenOr(state.concurrency, parseConcurrency(stored.concurrency)),
        keyMap: keys.map,
        views: { ...views, ...state.views },
        ...(this.#real ? withKeptScope(state, stored) : {}),
        still: state.still || stored.noMotion === true,
        ...(state.ascii === undefined && typeof stored.ascii === 'boolean' ? { ascii: stored.ascii } : {}),
        ...(state.theme === undefined && isThemeName(stored.theme) ? { theme: stored.theme } : {}),
      }));
      if (keys.problem !== undefined) this.#warn(`config.json: ${clean(keys.problem)}; no key was changed`);
    });
  }

  /** Keeps the places that have a name now. */
  keepViews(): void {
    this.#then(store => store.save({ views: this.#ui.get().views }));
  }

  /** Keeps how many actions of a run go at once. */
  keepConcurrency(): void {
    this.#then(store => store.save({ concurrency: this.#ui.get().concurrency }));
  }

  /** Keeps where a profile is asked; what another sitting has kept of others stays. */
  keepRegions(profile: string): void {
    if (!this.#real) return;
    this.#then(async store => {
      const kept = parseRegions((await store.read()).regions);
      await store.save({ regions: { ...kept, [profile]: this.#ui.get().keptRegions[profile] ?? [] } });
    });
  }

  /** Keeps whether something may be changed in an account; what another sitting has kept of others stays. */
  keepReadOnly(account: string): void {
    if (!this.#real) return;
    this.#then(async store => {
      const kept = new Set(parseAccounts((await store.read()).readOnlyAccounts));
      if (this.#ui.get().readOnlyAccounts.has(account)) kept.add(account);
      else kept.delete(account);
      await store.save({ readOnlyAccounts: [...kept] });
    });
  }

  /** Keeps the colours. */
  keepTheme(name: ThemeName): void {
    this.#then(store => store.save({ theme: name }));
  }

  /** Keeps whether nothing but ASCII is drawn. */
  keepAscii(ascii: boolean): void {
    this.#then(store => store.save({ ascii }));
  }

  /** Keeps how the tables are looked at now. */
  keepLooks(): void {
    this.#then(store => store.save({ tables: storedLooks(this.#ui.get().looks) }));
  }

  /** Settles when nothing is being read or written any more. */
  settled(): Promise<void> {
    return this.#queue;
  }

  #then(work: (store: PreferencesStore) => Promise<void>): void {
    const store = this.#store;
    if (!store) return;
    this.#queue = this.#queue.then(async () => {
      if (this.#off) return;
      try {
        await work(store);
      } catch (error) {
        this.#off = true;
        const reason = error instanceof Error ? error.message : String(error);
        this.#warn(`preferences are not kept in this sitting: ${clean(reason)}`);
      }
    });
  }
}

/** What was stored, unless something was chosen since the start. */
const chosenOr = (now: number, stored: number | undefined): number =>
  stored !== undefined && now === usualConcurrency ? stored : now;

/** Where profiles are asked, and which accounts are read-only. */
const withKeptScope = (
  state: UiState,
  stored: Readonly<Record<string, unknown>>,
): Pick<UiState, 'keptRegions' | 'readOnlyAccounts'> => ({
  keptRegions: { ...parseRegions(stored.regions), ...state.keptRegions },
  readOnlyAccounts: new Set([...state.readOnlyAccounts, ...parseAccounts(stored.readOnlyAccounts)]),
});

/** Stored looks under those that were changed since the start, in the tables that are open too. */
function withStored(state: UiState, stored: UiState['looks']): UiState {
  const stack = state.stack.map(frame => {
    if (!isTable(frame.view) || state.looks[frame.view.kind]) return frame;
    const look = stored[frame.view.kind];
    return look ? { ...frame, sort: look.sort } : frame;
  });
  return { ...state, stack, looks: { ...stored, ...state.looks } };
}
