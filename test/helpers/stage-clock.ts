import { setImmediate as nextTurn, setTimeout as realTime } from 'node:timers/promises';
import type { Clock } from '../../source/run/clock.ts';

type Sleeper = { readonly at: number; readonly wake: () => void };

/** Turns of the event loop without any activity, after which nothing goes on without time: streams take a turn a chunk. */
const quietTurns = 3;

/** More than any scene needs: what comes to more goes in a circle. */
const mostTurns = 20_000;

/** Files are read, and closed, in real time, which nothing else here waits for. */
const filesAreRead = (): boolean => process.getActiveResourcesInfo().some(each => /^(FSReq|FileHandle)/.test(each));

/**
 * The one time of a world and of the app that looks at it. It stands still until a scene lets it pass; then it goes
 * from each moment in which something is due to the next, and between two of them everything that can go on has gone on.
 */
export class StageClock implements Clock {
  /** When the world does something by itself the next time, ms since the epoch. */
  nextEvent: () => number | undefined = () => undefined;
  /** Told of each moment before sleepers wake: the world lives up to it. */
  onPass: (now: number) => void = () => {};
  /** Asked when nothing goes on; answers whether something does now. */
  onQuiet: () => boolean = () => false;
  #now: number;
  #activity = 0;
  #sleepers: Sleeper[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    this.stir();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        this.#sleepers = this.#sleepers.filter(each => each !== sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper = { at: this.#now + Math.max(0, milliseconds), wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    });
  };

  /** Something goes on: what waits until all is quiet goes on waiting. */
  stir(): void {
    this.#activity += 1;
  }

  /** Lets everything go on that can without time. */
  async settle(): Promise<void> {
    let turns = 0;
    for (let quiet = 0; quiet < quietTurns || this.onQuiet(); ) {
      if (turns++ > mostTurns)
        throw new Error(`something goes on for ever without time: ${process.getActiveResourcesInfo()}`);
      const before = this.#activity;
      await nextTurn();
      if (filesAreRead()) await realTime(1);
      quiet = this.#activity !== before || filesAreRead() || quiet >= quietTurns ? 0 : quiet + 1;
    }
  }

  /** Lets so much time pass. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    let moments = 0;
    await this.settle();
    for (let next = this.#next(); next <= end; next = this.#next()) {
      if (moments++ > mostTurns) throw new Error(`something is always due again at ${new Date(next).toISOString()}`);
      this.#reach(Math.max(this.#now, next));
      await this.settle();
    }
    this.#reach(end);
    await this.settle();
  }

  #next(): number {
    let next = this.nextEvent() ?? Number.POSITIVE_INFINITY;
    for (const { at } of this.#sleepers) next = Math.min(next, at);
    return next;
  }

  #reach(now: number): void {
    this.#now = now;
    this.onPass(now);
    const due = this.#sleepers.filter(({ at }) => at <= now);
    this.#sleepers = this.#sleepers.filter(({ at }) => at > now);
    for (const { wake } of due) {
      this.stir();
      wake();
    }
  }
}
