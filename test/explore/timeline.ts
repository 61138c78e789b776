import { setImmediate as nextTurn, setTimeout as realTime } from 'node:timers/promises';
import type { Clock } from '../../source/run/clock.ts';

type Sleeper = { readonly at: number; readonly wake: () => void; readonly owner: object };

/** Nobody sleeps, nothing goes on, and what was waited for is not there: it never will be. */
export class Stuck extends Error {}

/** Real time given to what is not on any clock: reading a file, compiling a module. */
const patienceMilliseconds = 2_000;
const longestDay = 12 * 3_600_000;

/**
 * One line of time for the world and everybody in it. It stands still while anybody has something to do and then jumps
 * to the next one who wakes, so a run of an hour is over in milliseconds and always the same.
 */
export class Timeline {
  now: number;
  /** Told before sleepers wake: the world lives through the time in between. */
  onPass: (now: number) => void = () => {};
  #sleepers: Sleeper[] = [];

  constructor(now: number) {
    this.now = now;
  }

  /** A process's own clock; when the process is killed, nothing in it ever wakes again. */
  clock(): Clock & { kill(): void } {
    const owner = {};
    let dead = false;
    return {
      now: () => this.now,
      sleep: (milliseconds, signal) => {
        if (dead) return new Promise(() => {});
        if (signal?.aborted) return Promise.reject(signal.reason);
        return new Promise((resolve, reject) => {
          const stop = () => {
            this.#sleepers = this.#sleepers.filter(each => each !== sleeper);
            reject(signal?.reason);
          };
          const wake = () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          };
          const sleeper = { at: this.now + milliseconds, wake, owner };
          this.#sleepers.push(sleeper);
          signal?.addEventListener('abort', stop, { once: true });
        });
      },
      kill: () => {
        dead = true;
        this.#sleepers = this.#sleepers.filter(each => each.owner !== owner);
      },
    };
  }

  /** Lets time pass until `work` is over. Throws `Stuck` when it can never be. */
  async drive<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => {
      over = true;
    };
    work.then(end, end);
    const began = this.now;
    let waited = 0;
    for (;;) {
      // By the second turn every promise that can go on has gone on.
      await nextTurn();
      await nextTurn();
      if (over) return work;
      if (this.#jump()) {
        waited = 0;
        if (this.now - began > longestDay) throw new Stuck('it goes on for more than half a day');
        continue;
      }
      if (waited > patienceMilliseconds) throw new Stuck('nothing goes on any more, and it is not over');
      await realTime(1);
      waited += 1;
    }
  }

  /** Time passes with nobody at work. */
  pass(milliseconds: number): void {
    this.now += milliseconds;
    this.onPass(this.now);
  }

  #jump(): boolean {
    let next = Number.POSITIVE_INFINITY;
    for (const { at } of this.#sleepers) next = Math.min(next, at);
    if (!Number.isFinite(next)) return false;
    this.now = Math.max(this.now, next);
    this.onPass(this.now);
    const woken = this.#sleepers.filter(({ at }) => at <= this.now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > this.now);
    for (const { wake } of woken) wake();
    return true;
  }
}
