import type { Clock } from '../../run/clock.ts';
import { Store } from '../state/store.ts';

/** How the pods of a cluster fare, by somebody who knows and is not this program. */
export type PodCount = {
  /** Running pods of service accounts that have an identity, or had one. */
  readonly pods: number;
  readonly webIdentity: number;
  readonly podIdentity: number;
  /** Without credentials, though pods of their service account had some before. */
  readonly lost: number;
  /** Without credentials from the start. */
  readonly neverHad: number;
};

/** Asks the embedded world's oracle about a cluster, by ARN. Real accounts have nobody who could be asked. */
export type Oracle = (cluster: string, signal: AbortSignal) => Promise<PodCount>;

/** Milliseconds between two questions while somebody looks. */
const every = 1_000;

/** What the oracle last said of each cluster that is watched. */
export class Witness {
  readonly #store = new Store<ReadonlyMap<string, PodCount>>(new Map());
  readonly #ask: Oracle;
  readonly #clock: Clock;

  constructor(ask: Oracle, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  readonly get = (): ReadonlyMap<string, PodCount> => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  /** Asks about a cluster until the returned function is called; while the oracle is silent the last answer stands. */
  watch(cluster: string): () => void {
    const stop = new AbortController();
    void this.#follow(cluster, stop.signal).catch(() => {});
    return () => stop.abort();
  }

  async #follow(cluster: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const count = await this.#ask(cluster, signal).catch(() => undefined);
      if (signal.aborted) return;
      if (count && differs(this.get().get(cluster), count))
        this.#store.update(counts => new Map(counts).set(cluster, count));
      await this.#clock.sleep(every, signal);
    }
  }
}

const differs = (before: PodCount | undefined, now: PodCount): boolean =>
  !before || (Object.keys(now) as (keyof PodCount)[]).some(key => before[key] !== now[key]);
