import { backoff } from './backoff.ts';

/** So many failures in a row mean that the source itself is in trouble, not what was asked of it. */
const TROUBLE = 5;

/**
 * Keeps many small readings of one source from being tried one after another while the source fails: after some
 * failures in a row nothing is asked for a while, then one reading is tried, then all again or a longer pause.
 */
export class Circuit {
  readonly #random: () => number;
  #failures = 0;
  #openings = 0;
  #closedUntil = 0;
  #trying = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** When it may be asked again; 0 or a time past: now. */
  get retryAt(): number {
    return this.#closedUntil;
  }

  /** Whether a reading may start now; whoever starts one says so, and then how it went. */
  admits(now: number): boolean {
    if (this.#openings === 0) return true;
    return now >= this.#closedUntil && !this.#trying;
  }

  started(): void {
    if (this.#openings > 0) this.#trying = true;
  }

  worked(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#closedUntil = 0;
    this.#trying = false;
  }

  /** Answers true when this failure made the source one in trouble, or kept it so. */
  broke(now: number): boolean {
    this.#trying = false;
    this.#failures += 1;
    if (this.#failures < TROUBLE || now < this.#closedUntil) return false;
    this.#openings += 1;
    this.#closedUntil = now + backoff(this.#openings, this.#random);
    return true;
  }

  /** The reading ended without saying anything about the source, e.g. it was given up. */
  unsure(): void {
    this.#trying = false;
  }

  /** Try again now, whatever happened. */
  reset(): void {
    this.worked();
  }
}
