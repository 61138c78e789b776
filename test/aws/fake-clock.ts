import type { Clock } from '../../source/run/clock.ts';

type Sleeper = { readonly at: number; readonly order: number; readonly wake: () => void };

/** A clock that tests own: nothing moves until `advance` or `runUntil` says so. */
export class FakeClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: Sleeper[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter(other => other !== sleeper);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  /** Wakes sleepers in order of time until the next one is later than `milliseconds` from now. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let next = this.#next(); next && next.at <= end; next = this.#next()) await this.#wake(next);
    this.#now = end;
    await settle();
  }

  /** Jumps from sleeper to sleeper until `done`; throws when nobody sleeps and it is still not done. */
  async runUntil(done: () => boolean): Promise<void> {
    await settle();
    while (!done()) {
      const next = this.#next();
      if (!next) throw new Error('Nothing sleeps, and what was waited for has not happened.');
      await this.#wake(next);
    }
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (!first || sleeper.at < first.at || (sleeper.at === first.at && sleeper.order < first.order)) first = sleeper;
    }
    return first;
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#sleepers = this.#sleepers.filter(other => other !== sleeper);
    this.#now = Math.max(this.#now, sleeper.at);
    sleeper.wake();
    await settle();
  }
}

/** Lets promise chains run to their next wait. */
export async function settle(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

/** A clock for tests that wait for sockets: every sleep ends at once, and time jumps to its end. */
export class JumpingClock implements Clock {
  #now: number;
  /** How long was slept in all. */
  slept = 0;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.#now += milliseconds;
    this.slept += milliseconds;
  }
}
