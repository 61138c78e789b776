import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanRequest } from '../../plan/request.ts';
import type { ReadProgress, Workbench } from '../../read/workbench.ts';
import type { Clock } from '../../run/clock.ts';
import { PortError } from '../../run/ports.ts';
import { advance, newProgress, type RunProgress } from './run-progress.ts';
import { Store } from './store.ts';

/** One change of the world on its way: read and planned, looked at, approved, carried out. */
export type SessionState =
  | { readonly phase: 'planning'; readonly progress: readonly ReadProgress[]; readonly startedAt: number }
  | { readonly phase: 'unplanned'; readonly failure: Failure }
  | { readonly phase: 'ready'; readonly plan: Plan; readonly snapshot: Snapshot }
  | {
      readonly phase: 'running';
      readonly plan: Plan;
      readonly snapshot: Snapshot;
      readonly run: RunProgress;
      readonly stopping: boolean;
    }
  | {
      readonly phase: 'finished';
      readonly plan: Plan;
      readonly snapshot: Snapshot;
      readonly run: RunProgress;
      /** The run broke off without a result. */
      readonly broken?: Failure;
    };

/** Any thrown thing as a failure that can be shown. */
export function asFailure(error: unknown): Failure {
  if (error instanceof PortError) return error.failure;
  return { kind: 'unknown', message: error instanceof Error ? error.message : String(error) };
}

/**
 * Holds a plan and its run outside the screens, so that a run outlives the screen it was started from.
 * Nothing is written before `approve`.
 */
export class PlanSession {
  readonly cluster: ClusterRef;
  readonly request: PlanRequest;
  readonly #store: Store<SessionState>;
  readonly #workbench: Workbench;
  readonly #clock: Clock;
  readonly #reading = new AbortController();
  readonly #running = new AbortController();
  readonly #onFinished: (state: SessionState) => void;

  constructor(options: {
    readonly cluster: ClusterRef;
    readonly request: PlanRequest;
    readonly workbench: Workbench;
    readonly clock: Clock;
    /** Called once, when a run ended however it ended. */
    readonly onFinished?: (state: SessionState) => void;
  }) {
    this.cluster = options.cluster;
    this.request = options.request;
    this.#workbench = options.workbench;
    this.#clock = options.clock;
    this.#onFinished = options.onFinished ?? (() => {});
    this.#store = new Store<SessionState>({ phase: 'planning', progress: [], startedAt: options.clock.now() });
    void this.#plan();
  }

  readonly get = (): SessionState => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  async #plan(): Promise<void> {
    try {
      const { plan, snapshot } = await this.#workbench.plan(this.cluster, this.request, {
        signal: this.#reading.signal,
        onProgress: progress => this.#noteReading(progress),
      });
      this.#store.update(state => (state.phase === 'planning' ? { phase: 'ready', plan, snapshot } : state));
    } catch (error) {
      this.#store.update(state =>
        state.phase === 'planning' ? { phase: 'unplanned', failure: asFailure(error) } : state,
      );
    }
  }

  #noteReading(progress: ReadProgress): void {
    this.#store.update(state => {
      if (state.phase !== 'planning') return state;
      const known = state.progress.some(item => item.what === progress.what);
      const next = known
        ? state.progress.map(item => (item.what === progress.what ? progress : item))
        : [...state.progress, progress];
      return { ...state, progress: next };
    });
  }

  /** Starts the run of the plan that is ready; anything else is ignored. Resolves when the run ended. */
  async approve(): Promise<void> {
    const state = this.get();
    if (state.phase !== 'ready') return;
    const { plan, snapshot } = state;
    const run = newProgress(plan, this.#clock.now());
    this.#store.update(() => ({ phase: 'running', plan, snapshot, run, stopping: false }));
    let broken: Failure | undefined;
    try {
      for await (const event of this.#workbench.run(plan, { signal: this.#running.signal })) {
        this.#store.update(now => (now.phase === 'running' ? { ...now, run: advance(now.run, event) } : now));
      }
    } catch (error) {
      broken = asFailure(error);
    }
    this.#store.update(now =>
      now.phase === 'running'
        ? { phase: 'finished', plan, snapshot, run: now.run, ...(broken ? { broken } : {}) }
        : now,
    );
    this.#onFinished(this.get());
  }

  /** Stops a run after what is in flight. */
  stop(): void {
    this.#store.update(state => (state.phase === 'running' ? { ...state, stopping: true } : state));
    this.#running.abort();
  }

  /** Gives up reading; a run goes on. */
  close(): void {
    this.#reading.abort();
  }
}
