import { backoff } from './backoff.ts';

/** So many different things that fail, with none that works between them, mean that the source itself is in trouble. */
const TROUBLE = 5;

/**
 * Keeps many small readings of one source from being tried one after another while the source fails: after some
 * failures nothing is asked for a while, then one reading is tried, then all again or after a longer pause.
 * Times are milliseconds since the epoch.
 */
export class Circuit {
  readonly #random: () => number;
  readonly #failing = new Set<string>();
  #openings = 0;
  #openUntil = 0;
  #trying = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** When the source may be asked again; a time past: now. */
  get retryAt(): number {
    return this.#openUntil;
  }

  /** Whether a reading may start now; whoever starts one says so, and then how it went. */
  admits(now: number): boolean {
    return this.#openings === 0 || (now >= this.#openUntil && !this.#trying);
  }

  started(): void {
    this.#trying = this.#openings > 0;
  }

  worked(): void {
    this.#failing.clear();
    this.#openings = 0;
    this.#openUntil = 0;
    this.#trying = false;
  }

  /** The reading of `key` failed. Answers true when the source is now held to be in trouble, for another while. */
  broke(key: string, now: number): boolean {
    this.#trying = false;
    this.#failing.add(key);
    // Readings that were under way when the pause began say nothing new.
    if (now < this.#openUntil || (this.#openings === 0 && this.#failing.size < TROUBLE)) return false;
    this.#openings += 1;
    this.#openUntil = now + backoff(this.#openings, this.#random);
    return true;
  }
}
