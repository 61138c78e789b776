import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Workbench } from '../../read/workbench.ts';
import type { RunGlance, RunOutline, UnreadableRun } from '../../run/journal.ts';
import type { ActionRecord, RunSummary } from '../../run/summary.ts';
import { asFailure } from '../state/plan-session.ts';
import { Store } from '../state/store.ts';

/** A run as the list shows it; its documents stay in the journal until somebody looks. */
export type RunRow = {
  readonly run: string;
  readonly command: Plan['command'];
  readonly cluster: ClusterRef;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
  readonly state: RunGlance['state'];
  /** The process that carries it out, e.g. `process 123 on host`. */
  readonly holder?: string;
  readonly torn: boolean;
  /** Absent: its journal just ends, and is too long to be read for a list. */
  readonly tally?: RunTally;
  /** It restarted workloads, or may have: its way back does, too. */
  readonly restarts: boolean;
};

export type RunTally = Pick<RunOutline, 'done' | 'of' | 'failed' | 'held' | 'unknown'>;

export type Unreadable = UnreadableRun;

export type RunList = {
  readonly phase: 'unread' | 'reading' | 'read' | 'failed';
  /** Newest first; those of the last reading while a new one goes on. */
  readonly rows: readonly (RunRow | Unreadable)[];
  readonly failure?: Failure;
  /** The run that was looked at last, in full. */
  readonly shown?: { readonly run: string; readonly summary: RunSummary } | Unreadable;
};

type Journals = NonNullable<Workbench['journals']>;

/** The runs of this user in this world, read from their journals when somebody looks. */
export class Runs {
  readonly #store = new Store<RunList>({ phase: 'unread', rows: [] });
  readonly #journals: Workbench['journals'];
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(workbench: Workbench) {
    this.#journals = workbench.journals;
  }

  readonly get = (): RunList => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** False: nothing is written down here, so there is nothing to list. */
  get kept(): boolean {
    return this.#journals !== undefined;
  }

  /**
   * Lists the runs afresh; resolves when the list is as new as this call: what is being read now may be older than a run
   * that has just ended. Never rejects: what went wrong is in the list.
   */
  read(): Promise<void> {
    if (!this.#journals) return Promise.resolve();
    if (!this.#reading) return this.#begin(this.#journals);
    const journals = this.#journals;
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      return this.#reading ?? this.#begin(journals);
    });
    return this.#next;
  }

  #begin(journals: Journals): Promise<void> {
    this.#reading = this.#list(journals).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #list(journals: Journals): Promise<void> {
    this.#store.update(({ failure: _, ...list }) => ({ ...list, phase: 'reading' }));
    try {
      const entries = await journals.list();
      const rows = entries.map(entry => ('unreadable' in entry ? entry : rowOf(entry)));
      this.#store.update(list => ({ ...list, phase: 'read', rows }));
    } catch (error) {
      this.#store.update(list => ({ ...list, phase: 'failed', failure: asFailure(error) }));
    }
  }

  /** Reads one run in full. Never rejects: what went wrong takes its place. */
  async show(run: string): Promise<RunSummary | undefined> {
    if (!this.#journals) return undefined;
    try {
      // Loaded when it is needed: it draws in what carries plans out.
      const [content, { summarise }] = await Promise.all([this.#journals.read(run), import('../../run/summary.ts')]);
      const summary = summarise(content);
      this.#store.update(list => ({ ...list, shown: { run, summary } }));
      return summary;
    } catch (error) {
      this.#store.update(list => ({ ...list, shown: { run, unreadable: asFailure(error).message } }));
      return undefined;
    }
  }
}

const rowOf = ({ run, command, place, at, state, holder, torn, outline }: RunGlance): RunRow => ({
  run,
  command,
  cluster: place.cluster,
  begunAt: at,
  state,
  ...(holder && { holder: `process ${holder.pid} on ${holder.host}` }),
  torn,
  ...(outline && { tally: outline }),
  restarts: outline?.restarts ?? true,
});

/** How many actions ended in each way. */
export function tallyOf({ actions }: RunSummary): RunTally {
  const count = (...wanted: readonly ActionRecord['outcome'][]) =>
    actions.filter(({ outcome }) => wanted.includes(outcome)).length;
  return {
    done: count('done', 'already'),
    of: actions.filter(({ node, outcome }) => node.onlyIfFails === undefined || outcome !== 'waiting').length,
    failed: count('failed'),
    held: count('held'),
    unknown: count('in-flight'),
  };
}
