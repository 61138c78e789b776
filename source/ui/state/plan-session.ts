import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanRequest } from '../../plan/request.ts';
import type { CarryOutOptions, ReadProgress, Workbench } from '../../read/workbench.ts';
import type { Clock } from '../../run/clock.ts';
import type { RunEvent } from '../../run/event.ts';
import { PortError } from '../../run/ports.ts';
import { newRunId } from '../../run/run-id.ts';
import { advance, afterResume, newProgress, type RunProgress } from './run-progress.ts';
import { Store } from './store.ts';

/** What a session is for: a new plan, the way back from a run, or a run that is taken up again. */
export type SessionRequest =
  | PlanRequest
  | { readonly command: 'undo'; readonly run: string; readonly restartWorkloads: boolean }
  | { readonly command: 'resume'; readonly run: string; readonly plan: Plan; readonly before: RunProgress };

/** One change of the world on its way: read and planned, looked at, approved, carried out. */
export type SessionState =
  | { readonly phase: 'planning'; readonly progress: readonly ReadProgress[]; readonly startedAt: number }
  | { readonly phase: 'unplanned'; readonly failure: Failure }
  | (Planned & {
      readonly phase: 'ready';
      /** Of a run that is taken up again: what it has done so far. */
      readonly run?: RunProgress;
    })
  | (Planned & { readonly phase: 'running'; readonly run: RunProgress; readonly stopping: boolean })
  | (Planned & {
      readonly phase: 'finished';
      readonly run: RunProgress;
      /** The run broke off without a result. */
      readonly broken?: Failure;
    });

/** `snapshot`: the facts the plan was made of; a run that is taken up again is planned of none. */
type Planned = { readonly plan: Plan; readonly snapshot?: Snapshot };

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
  readonly request: SessionRequest;
  /** Id of its run; in the journal from the moment it is approved. */
  readonly run: string;
  readonly #store: Store<SessionState>;
  readonly #workbench: Workbench;
  readonly #clock: Clock;
  readonly #reading = new AbortController();
  #stopping = new AbortController();
  #stoppingNow = new AbortController();
  #sitting: Promise<void> = Promise.resolve();
  readonly #onFinished: (state: SessionState) => void;

  constructor(options: {
    readonly cluster: ClusterRef;
    readonly request: SessionRequest;
    readonly workbench: Workbench;
    readonly clock: Clock;
    /** Called at the end of each sitting of the run, however it ended. */
    readonly onFinished?: (state: SessionState) => void;
  }) {
    const { cluster, request, workbench, clock } = options;
    this.cluster = cluster;
    this.request = request;
    this.run = request.command === 'resume' ? request.run : newRunId(clock);
    this.#workbench = workbench;
    this.#clock = clock;
    this.#onFinished = options.onFinished ?? (() => {});
    this.#store = new Store<SessionState>(
      request.command === 'resume'
        ? { phase: 'ready', plan: request.plan, run: request.before }
        : { phase: 'planning', progress: [], startedAt: clock.now() },
    );
    void this.#plan();
  }

  readonly get = (): SessionState => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  async #plan(): Promise<void> {
    const { request } = this;
    if (request.command === 'resume') return;
    const options = {
      signal: this.#reading.signal,
      onProgress: (progress: ReadProgress) => this.#noteReading(progress),
    };
    try {
      const { plan, snapshot } =
        request.command === 'undo'
          ? await this.#planUndo(request, options)
          : await this.#workbench.plan(this.cluster, request, options);
      this.#store.update(state => (state.phase === 'planning' ? { phase: 'ready', plan, snapshot } : state));
    } catch (error) {
      this.#store.update(state =>
        state.phase === 'planning' ? { phase: 'unplanned', failure: asFailure(error) } : state,
      );
    }
  }

  #planUndo(
    { run, restartWorkloads }: Extract<SessionRequest, { command: 'undo' }>,
    options: Parameters<Workbench['plan']>[2],
  ): ReturnType<Workbench['plan']> {
    if (!this.#workbench.undo) throw new Error('runs are not written down here, so none can be undone');
    return this.#workbench.undo(run, { ...options, restartWorkloads });
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

  /** Carries out the plan that is ready, or goes on with its run; anything else is ignored. Resolves when it ended. */
  approve(concurrency?: number): Promise<void> {
    const state = this.get();
    if (state.phase !== 'ready') return Promise.resolve();
    const { plan, run: before } = state;
    if (before) return this.#resume(state, before, concurrency);
    const progress = newProgress(plan, this.#clock.now());
    return this.#sit(
      state,
      progress,
      options => this.#workbench.run(plan, { ...options, runId: this.run }),
      concurrency,
    );
  }

  /** Tries again what the run has left: what failed, was held, was skipped, or was in flight. */
  retry(concurrency?: number): Promise<void> {
    const state = this.get();
    return state.phase === 'finished' ? this.#resume(state, state.run, concurrency) : Promise.resolve();
  }

  #resume(planned: Planned, before: RunProgress, concurrency: number | undefined): Promise<void> {
    const progress = afterResume(before, planned.plan, this.#clock.now());
    const events = (options: CarryOutOptions) => {
      if (!this.#workbench.resume) throw new Error('runs are not written down here, so none can be taken up again');
      return this.#workbench.resume(this.run, options);
    };
    return this.#sit(planned, progress, events, concurrency);
  }

  #sit(
    { plan, snapshot }: Planned,
    run: RunProgress,
    events: (options: CarryOutOptions) => AsyncIterable<RunEvent>,
    concurrency: number | undefined,
  ): Promise<void> {
    this.#stopping = new AbortController();
    this.#stoppingNow = new AbortController();
    const planned = { plan, ...(snapshot ? { snapshot } : {}) };
    this.#store.update(() => ({ ...planned, phase: 'running', run, stopping: false }));
    const options = {
      signal: this.#stopping.signal,
      stopNow: this.#stoppingNow.signal,
      ...(concurrency === undefined ? {} : { concurrency }),
    };
    this.#sitting = this.#follow(planned, () => events(options));
    return this.#sitting;
  }

  async #follow(planned: Planned, events: () => AsyncIterable<RunEvent>): Promise<void> {
    let broken: Failure | undefined;
    try {
      for await (const event of events())
        this.#store.update(now => (now.phase === 'running' ? { ...now, run: advance(now.run, event) } : now));
    } catch (error) {
      broken = asFailure(error);
    }
    this.#store.update(now =>
      now.phase === 'running' ? { ...planned, phase: 'finished', run: now.run, ...(broken ? { broken } : {}) } : now,
    );
    this.#onFinished(this.get());
  }

  /** Stops a run after what is in flight. */
  stop(): void {
    this.#store.update(state => (state.phase === 'running' ? { ...state, stopping: true } : state));
    this.#stopping.abort();
  }

  /** Stops a run at once; what is in flight becomes unknown until the run is taken up again. */
  stopNow(): void {
    this.stop();
    this.#stoppingNow.abort();
  }

  /** Resolves when nothing of it runs any more. */
  ended(): Promise<void> {
    return this.#sitting;
  }

  /** Gives up reading; a run goes on. */
  close(): void {
    this.#reading.abort();
  }
}
