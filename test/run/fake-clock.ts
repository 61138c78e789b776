import type { Clock } from '../../source/run/clock.ts';

type Sleeper = { readonly at: number; readonly wake: () => void };

/**
 * Time that passes only when everybody sleeps: it then jumps to the next one to wake. Work that needs no real I/O takes
 * no time at all, so a run of an hour is over in milliseconds and always the same.
 */
export class FakeClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #pumping = false;

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter(each => each !== sleeper);
        reject(signal.reason);
      });
      this.#pump();
    });
  }

  /** `setImmediate` comes after every promise that can go on has gone on. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      const next = Math.min(...this.#sleepers.map(({ at }) => at));
      if (!Number.isFinite(next)) return;
      this.#now = Math.max(this.#now, next);
      const woken = this.#sleepers.filter(({ at }) => at <= this.#now);
      this.#sleepers = this.#sleepers.filter(({ at }) => at > this.#now);
      for (const { wake } of woken) wake();
      if (this.#sleepers.length > 0) this.#pump();
    });
  }
}
