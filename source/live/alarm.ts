import type { Clock } from '../run/clock.ts';

/** Why a wait ended: its time was up, things changed so that the time should be worked out again, or act at once. */
export type Wake = 'time' | 'look' | 'now';

/** Loops are rung with every answer, and an exception of its own for each would cost more than the wait. */
const RUNG = new DOMException('Rung.', 'AbortError');

/** A wait that others can cut short. One loop waits on it at a time. */
export class Alarm {
  readonly #clock: Clock;
  #nap: AbortController | undefined;
  #rung: Exclude<Wake, 'time'> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A ring while nobody waits ends the next wait at once; `now` outlives `look`. */
  ring(why: Exclude<Wake, 'time'>): void {
    if (this.#rung !== 'now') this.#rung = why;
    this.#nap?.abort(RUNG);
  }

  /** Waits `milliseconds` (Infinity: until rung). Rejects when `signal` aborts. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<Wake> {
    signal.throwIfAborted();
    if (this.#rung === undefined) await this.#sleep(milliseconds, signal);
    const why = this.#rung ?? 'time';
    this.#rung = undefined;
    return why;
  }

  async #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    const nap = new AbortController();
    const stop = () => nap.abort(RUNG);
    signal.addEventListener('abort', stop, { once: true });
    this.#nap = nap;
    try {
      await (milliseconds === Number.POSITIVE_INFINITY
        ? aborted(nap.signal)
        : this.#clock.sleep(Math.max(0, milliseconds), nap.signal));
    } catch (error) {
      if (signal.aborted || !nap.signal.aborted) throw error;
    } finally {
      this.#nap = undefined;
      signal.removeEventListener('abort', stop);
    }
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
