import type { Clock } from '../run/clock.ts';
import { Deadline } from './failure.ts';

/** Something that can be ended from several sides: by the caller's signal, or by a time limit of ours. */
export type Limit = {
  readonly signal: AbortSignal;
  /** Starts (or replaces) the time limit; `sentence` tells what did not happen in time. */
  within(milliseconds: number, sentence: string): void;
  /** Lifts the time limit, keeps the caller's signal. */
  unlimited(): void;
  /** Ends everything with this reason. */
  abort(reason: unknown): void;
  /** Lets go of the caller's signal and the timer; call it exactly when the work is over. */
  release(): void;
};

/** Every call lifts limits of its own, and an exception made for each would cost more than the timer. */
const LIFTED = new DOMException('The limit was lifted.', 'AbortError');

/** Ties a piece of work to the caller's signal and to deadlines on the clock. */
export function limit(clock: Clock, caller?: AbortSignal): Limit {
  const work = new AbortController();
  let timer: AbortController | undefined;
  const stop = () => work.abort(caller?.reason);
  if (caller?.aborted) stop();
  caller?.addEventListener('abort', stop, { once: true });
  const unlimited = () => {
    timer?.abort(LIFTED);
    timer = undefined;
  };
  return {
    signal: work.signal,
    within(milliseconds, sentence) {
      unlimited();
      timer = new AbortController();
      clock.sleep(milliseconds, timer.signal).then(
        () => work.abort(new Deadline(sentence)),
        () => undefined,
      );
    },
    unlimited,
    abort: reason => work.abort(reason),
    release() {
      unlimited();
      caller?.removeEventListener('abort', stop);
    },
  };
}

/** Waits for `promise`, but no longer than the caller wants to; the promise itself goes on for others. */
export function orAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
  });
}
