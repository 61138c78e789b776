import type { Failure } from '../../identity/reading.ts';
import type { Workbench } from '../../read/workbench.ts';
import type { RunSummary } from '../../run/summary.ts';
import { asFailure } from '../state/plan-session.ts';
import { Store } from '../state/store.ts';

/** A run as its journal tells it, or why the journal cannot be read. */
export type KnownRun =
  | { readonly run: string; readonly summary: RunSummary }
  | { readonly run: string; readonly unreadable: string };

export type RunList = {
  readonly phase: 'unread' | 'reading' | 'read' | 'failed';
  /** Newest first; those of the last reading while a new one goes on. */
  readonly runs: readonly KnownRun[];
  readonly failure?: Failure;
};

/** The runs of this user in this world, read from their journals when somebody looks. */
export class Runs {
  readonly #store = new Store<RunList>({ phase: 'unread', runs: [] });
  readonly #journals: Workbench['journals'];

  constructor(workbench: Workbench) {
    this.#journals = workbench.journals;
  }

  readonly get = (): RunList => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** False: nothing is written down here, so there is nothing to list. */
  get kept(): boolean {
    return this.#journals !== undefined;
  }

  find(run: string): KnownRun | undefined {
    return this.get().runs.find(item => item.run === run);
  }

  /** Never rejects: what went wrong is in the list. */
  async read(): Promise<void> {
    if (!this.#journals || this.get().phase === 'reading') return;
    this.#store.update(list => ({ phase: 'reading', runs: list.runs }));
    try {
      // Loaded when it is needed: it draws in what carries plans out.
      const [entries, { summarise }] = await Promise.all([this.#journals.list(), import('../../run/summary.ts')]);
      const runs = entries.map((entry): KnownRun => {
        if ('unreadable' in entry) return entry;
        const { content } = entry;
        try {
          return { run: content.run, summary: summarise(content) };
        } catch (error) {
          return { run: content.run, unreadable: asFailure(error).message };
        }
      });
      this.#store.update(() => ({ phase: 'read', runs }));
    } catch (error) {
      this.#store.update(({ runs }) => ({ phase: 'failed', runs, failure: asFailure(error) }));
    }
  }
}
