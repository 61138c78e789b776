import type { Failure } from '../identity/reading.ts';
import type { ActionNode } from '../plan/plan.ts';
import type { RunEvent, RunResult } from './event.ts';
import type { EventLog } from './event-log.ts';
import { HeldError, type Outputs } from './perform/context.ts';
import { PortError } from './ports.ts';
import type { RunJournal } from './run-journal.ts';
import type { Schedule, Skip } from './schedule.ts';

/** What is known of an action while it runs. */
export type Flight = { readonly node: ActionNode; readonly requestIds: string[]; wrote: boolean };

type Remark = RunResult['failed'][number];

/** Where outcomes go. */
type Told = {
  readonly events: EventLog<RunEvent>;
  readonly journal: RunJournal;
  readonly schedule: Schedule;
  readonly now: () => number;
};

/**
 * What has become of the actions of a run: written to the journal first, then told as events and counted for the result.
 * What needs an action that is not done is skipped with it.
 */
export class Outcomes {
  readonly #run: Told;
  readonly #outputs: Map<string, Outputs>;
  readonly #failed: Remark[] = [];
  readonly #skipped: Remark[] = [];
  readonly #held: Remark[] = [];
  readonly #unknown: Remark[] = [];
  #writes = 0;
  #done = 0;

  /** @param outputs by id of the actions that earlier sittings have done */
  constructor(outputs: ReadonlyMap<string, Outputs>, run: Told) {
    this.#outputs = new Map(outputs);
    this.#run = run;
  }

  /** What an action that is done has made; undefined: nothing yet. */
  outputsOf(id: string): Outputs | undefined {
    return this.#outputs.get(id);
  }

  /** Done in an earlier sitting. */
  async earlier(id: string, outputs: Outputs): Promise<void> {
    this.#done += 1;
    this.#tell({ type: 'done', at: this.#now(), id, outcome: 'already', outputs });
    await this.skip(this.#run.schedule.settle(id, 'done'));
  }

  /** @param counts asked once the journal has it: false when the run was stopped at once meanwhile */
  async landed(flight: Flight, outputs: Outputs, counts: () => boolean): Promise<void> {
    const { id } = flight.node;
    const { journal, schedule } = this.#run;
    // Begun in an earlier sitting and found as wanted now: that was us.
    const outcome = flight.wrote || journal.begun(id) ? 'done' : 'already';
    await journal.after({ id, outcome, outputs, ...requestIdsOf(flight) });
    if (!counts()) return;
    this.#outputs.set(id, outputs);
    this.#done += 1;
    if (flight.wrote) this.#writes += 1;
    this.#tell({ type: 'done', at: this.#now(), id, outcome, outputs });
    await this.skip(schedule.settle(id, 'done'));
  }

  /** Failed, or held: a gate is not passed. `counts` as for `landed`. */
  async lost(flight: Flight, error: unknown, counts: () => boolean): Promise<void> {
    const { id, action } = flight.node;
    const { journal, schedule } = this.#run;
    const held = error instanceof HeldError;
    const failure: Failure = held ? { kind: 'unknown', message: error.message } : failureOf(error);
    const outcome = held ? 'held' : 'failed';
    await journal.after({ id, outcome, failure, ...requestIdsOf(flight) });
    if (!counts()) return;
    if (flight.wrote) this.#writes += 1;
    (held ? this.#held : this.#failed).push({ id, subject: action.subject, reason: failure.message });
    if (held) this.#tell({ type: 'held', at: this.#now(), id, reason: failure.message });
    else this.#tell({ type: 'failed', at: this.#now(), id, failure });
    await this.skip(schedule.settle(id, outcome));
  }

  /** Stopped at once: what may have been sent is unknown, what was only looked at was not done. */
  async abandoned({ node, wrote }: Flight): Promise<void> {
    const { id } = node;
    if (!this.#run.journal.begun(id)) return this.skip([{ node, reason: 'the run was stopped', as: 'skipped' }]);
    if (wrote) this.#writes += 1;
    this.#unknown.push({ id, subject: node.action.subject, reason: 'the run was stopped while it was in flight' });
    this.#tell({ type: 'unknown', at: this.#now(), id });
  }

  async skip(skips: readonly Skip[]): Promise<void> {
    const kept = skips.map(({ node, reason, as }) =>
      this.#run.journal.after({ id: node.id, outcome: shown(as), failure: { kind: 'unknown', message: reason } }),
    );
    for (const { node, reason, as } of skips) {
      const { id, action } = node;
      // A clean-up that nothing calls for is no shortfall of the run.
      if (as !== 'unneeded') (as === 'held' ? this.#held : this.#skipped).push({ id, subject: action.subject, reason });
      this.#tell({ type: shown(as), at: this.#now(), id, reason });
    }
    await Promise.all(kept);
  }

  result(milliseconds: number): RunResult {
    return {
      writes: this.#writes,
      done: this.#done,
      failed: this.#failed,
      skipped: this.#skipped,
      held: this.#held,
      ...(this.#unknown.length > 0 ? { unknown: this.#unknown } : {}),
      milliseconds,
    };
  }

  #tell(event: RunEvent): void {
    this.#run.events.push(event);
  }

  #now(): number {
    return this.#run.now();
  }
}

const shown = (as: Skip['as']): 'held' | 'skipped' => (as === 'held' ? 'held' : 'skipped');

const requestIdsOf = ({ requestIds }: Flight) => (requestIds.length > 0 ? { requestIds } : {});

/** Ports throw `PortError` only; anything else is a defect of ours and is told as one, without a stack trace. */
function failureOf(error: unknown): Failure {
  if (error instanceof PortError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'unknown', message: `unexpected: ${message}` };
}
