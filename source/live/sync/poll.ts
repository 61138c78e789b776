import type { Failure } from '../../identity/reading.ts';
import { Alarm } from '../alarm.ts';
import type { SourcePart } from '../store/sources.ts';
import { backoff, spread } from './backoff.ts';
import { failureOf, type SyncContext } from './context.ts';

export type PollOptions = {
  readonly part: SourcePart;
  /** One reading; throws when it failed. */
  readonly read: (signal: AbortSignal) => Promise<void>;
  readonly failed: (failure: Failure, at: number) => void;
  /** Milliseconds after a good answer until the next reading; asked again whenever the loop is told to look. */
  readonly every: () => number;
};

/** Reads something over and over: at its pace while that works, with growing pauses while it fails. */
export class Poll {
  readonly #alarm: Alarm;
  readonly #context: SyncContext;
  readonly #options: PollOptions;

  constructor(context: SyncContext, options: PollOptions) {
    this.#alarm = new Alarm(context.clock);
    this.#context = context;
    this.#options = options;
  }

  /** Reads at once, even while it waits after a failure. */
  now(): void {
    this.#alarm.ring('now');
  }

  /** The pace may have changed: it came into view, or left it. */
  look(): void {
    this.#alarm.ring('look');
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#context;
    for (let failures = 0; ; ) {
      const failure = await this.#read(signal);
      const at = clock.now();
      if (failure === undefined) {
        failures = 0;
        const factor = spread(random);
        this.#options.part.live(at);
        await this.#rest(() => at + this.#options.every() * factor, signal);
      } else {
        failures += 1;
        const retryAt = at + backoff(failures, random);
        this.#options.failed(failure, at);
        this.#options.part.failed(failure, retryAt);
        await this.#rest(() => retryAt, signal);
      }
    }
  }

  async #read(signal: AbortSignal): Promise<Failure | undefined> {
    this.#options.part.loading();
    try {
      await this.#options.read(signal);
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      return failureOf(error);
    }
  }

  async #rest(until: () => number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = until() - this.#context.clock.now();
      if (left <= 0 || (await this.#alarm.wait(left, signal)) === 'now') return;
    }
  }
}
