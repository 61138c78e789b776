import type { Clock } from '../../run/clock.ts';
import { Alarm } from '../alarm.ts';

/** Data is shown at most this often, milliseconds: 20 times a second is as fast as an eye follows a table. */
const COALESCE = 50;

/**
 * Gathers changes into commits. The first change after a quiet time is committed in the next turn of the event loop,
 * later ones 50 ms after the last commit, so that N changes cost one repaint and not N.
 */
export class Notifier {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  readonly #commit: () => void;
  readonly #listeners = new Set<() => void>();
  #last = Number.NEGATIVE_INFINITY;
  #due = Number.POSITIVE_INFINITY;

  /** `commit` is called before the listeners, to make the gathered changes visible. */
  constructor(clock: Clock, commit: () => void) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock);
    this.#commit = commit;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something changed and is to be shown within so many milliseconds: 0 for data, more for what only ages. */
  mark(within = 0): void {
    const due = Math.max(this.#last + COALESCE, this.#clock.now() + within);
    if (due >= this.#due) return;
    this.#due = due;
    this.#alarm.ring('look');
  }

  /** Shows at once: for what a user asked for. */
  flush(): void {
    this.#last = this.#clock.now();
    this.#due = Number.POSITIVE_INFINITY;
    this.#commit();
    for (const listener of [...this.#listeners]) listener();
  }

  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const why = await this.#alarm.wait(this.#due - this.#clock.now(), signal);
      if (why === 'time' && this.#due <= this.#clock.now()) this.flush();
    }
  }
}
