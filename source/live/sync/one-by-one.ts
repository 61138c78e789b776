import type { Failure } from '../../identity/reading.ts';
import type { CallOptions } from '../../run/ports.ts';
import { backoff } from './backoff.ts';
import { Circuit } from './circuit.ts';
import { failureOf, type SyncContext } from './context.ts';
import { RefreshQueue } from './queue.ts';

/** Milliseconds that an answer may grow old: of what is on screen, and of the rest. */
export type Ages = { readonly onScreen: number; readonly other: number };

export type Reader<T> = {
  readonly read: (key: string, options: CallOptions) => Promise<T>;
  readonly put: (key: string, value: T, at: number) => void;
  /** It is tried again at `retryAt`. */
  readonly fail: (key: string, failure: Failure, at: number, retryAt: number) => void;
  /** The service says that there is no such thing: no failure, it is dropped. Absent: it is one. */
  readonly gone?: (key: string) => void;
  /** It answers. */
  readonly works?: (at: number) => void;
  /** So many failures in a row that it is the source that fails; nothing is asked until `retryAt`. */
  readonly broken?: (failure: Failure, retryAt: number) => void;
};

/** Reads things that can only be asked for one at a time, again and again, each with its own age and failures. */
export class OneByOne<T> {
  readonly queue = new RefreshQueue();
  readonly #circuit: Circuit;
  readonly #context: SyncContext;
  readonly #reader: Reader<T>;

  constructor(context: SyncContext, reader: Reader<T>) {
    this.#circuit = new Circuit(context.random);
    this.#context = context;
    this.#reader = reader;
  }

  /** The next reading: of `onScreen` first, in that order. Undefined when nothing is due. */
  next(now: number, onScreen: readonly string[], ages: Ages, signal: AbortSignal): (() => Promise<void>) | undefined {
    if (!this.#circuit.admits(now)) return undefined;
    const visible = this.queue.takeAmong(onScreen, now, ages.onScreen);
    const key = visible ?? this.queue.take(now, ages.other);
    if (key === undefined) return undefined;
    this.#circuit.started();
    return () => this.#read(key, { priority: visible === undefined ? 'background' : 'visible', signal }, signal);
  }

  /** When `next` has something again; Infinity: not before a change. */
  nextAt(now: number, onScreen: readonly string[], ages: Ages): number {
    if (this.#circuit.admits(now)) return this.queue.nextAt(onScreen, ages.onScreen, ages.other);
    return this.#circuit.retryAt > now ? this.#circuit.retryAt : Number.POSITIVE_INFINITY;
  }

  /** Reads everything again, or only what failed. */
  again(what: 'all' | 'failed'): void {
    this.#circuit.worked();
    if (what === 'all') this.queue.renewAll();
    else this.queue.renewFailed();
  }

  async #read(key: string, options: CallOptions, signal: AbortSignal): Promise<void> {
    try {
      const value = await this.#reader.read(key, options);
      if (!signal.aborted) this.#answered(key, value);
    } catch (error) {
      if (!signal.aborted) this.#failed(key, failureOf(error));
    }
  }

  #answered(key: string, value: T): void {
    const at = this.#context.clock.now();
    this.#circuit.worked();
    this.#reader.works?.(at);
    if (this.queue.answered(key, at)) this.#reader.put(key, value, at);
  }

  #failed(key: string, failure: Failure): void {
    const { clock, random } = this.#context;
    const at = clock.now();
    if (failure.kind === 'not-found' && this.#reader.gone) {
      this.#circuit.worked();
      this.#reader.works?.(at);
      this.queue.delete(key);
      this.#reader.gone(key);
      return;
    }
    const retryAt = this.queue.failed(key, at, failures => backoff(failures, random));
    if (retryAt !== undefined) this.#reader.fail(key, failure, at, retryAt);
    if (!this.#circuit.broke(key, at)) return;
    this.#reader.broken?.(failure, this.#circuit.retryAt);
    // What waits will not be asked for a while: it could not be read either, and must not look like loading for ever.
    for (const waiting of this.queue.waiting) this.#reader.fail(waiting, failure, at, this.#circuit.retryAt);
  }
}
