import type { Failure } from '../identity/reading.ts';
import type { Clock } from '../run/clock.ts';
import { type KubernetesCollection, PortError, type WatchEvent } from '../run/ports.ts';

export type ObjectEvent<T> = Exclude<WatchEvent<T>, { readonly type: 'bookmark' }>;

/** Times are milliseconds since the epoch. */
export type ReflectorState =
  | { readonly state: 'loading'; readonly loaded: number; readonly remaining?: number }
  /** What was told is what the server has, and changes follow. */
  | { readonly state: 'live'; readonly at: number }
  | { readonly state: 'failed'; readonly failure: Failure; readonly at: number; readonly retryAt: number };

export type ReflectorOptions<T> = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** 0 <= x < 1, for the spread of waiting times. */
  readonly random?: () => number;
  /** Everything there is; forget what was there before. */
  readonly onReplace: (items: readonly T[]) => void;
  readonly onEvent: (event: ObjectEvent<T>) => void;
  readonly onState?: (state: ReflectorState) => void;
};

const firstWait = 1_000;
const longestWait = 60_000;

/** A watch that ends sooner than this without an event was not served. */
const servedMilliseconds = 1_000;

/** When the server forgets a version sooner than this after a list, listing again at once would be a storm. */
const agedMilliseconds = 30_000;

/**
 * Keeps a mirror of a collection: lists it, follows its changes, and starts anew where the server asks for that.
 * Failures are told and tried again, at growing intervals, until `signal` aborts; then it resolves. It rejects only
 * with what a callback threw, or what is no `PortError`: a fault of the program.
 */
export async function reflect<T>(collection: KubernetesCollection<T>, options: ReflectorOptions<T>): Promise<void> {
  await new Reflector(collection, options).run();
}

class Reflector<T> {
  private readonly collection: KubernetesCollection<T>;
  private readonly options: ReflectorOptions<T>;
  /** Where the next watch starts; undefined: list first. */
  private version: string | undefined;
  /** In a row, without a sign of life between them. */
  private failures = 0;
  private live = false;
  private listedAt = 0;

  constructor(collection: KubernetesCollection<T>, options: ReflectorOptions<T>) {
    this.collection = collection;
    this.options = options;
  }

  async run(): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted) {
      try {
        this.version ??= await this.load();
        await this.follow(this.version);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof PortError)) throw error;
        await this.recover(error.failure);
      }
    }
  }

  private async load(): Promise<string> {
    this.live = false;
    this.tell({ state: 'loading', loaded: 0 });
    const items: T[] = [];
    let version = '';
    for await (const page of this.collection.list({ signal: this.options.signal })) {
      version = page.resourceVersion;
      for (const item of page.items) items.push(item);
      const remaining = page.remaining === undefined ? {} : { remaining: page.remaining };
      this.tell({ state: 'loading', loaded: items.length, ...remaining });
    }
    this.listedAt = this.options.clock.now();
    this.options.onReplace(items);
    this.isLive();
    return version;
  }

  /** Passes events on until the server ends the watch. */
  private async follow(version: string): Promise<void> {
    const { clock, signal, onEvent } = this.options;
    const opened = clock.now();
    let events = 0;
    for await (const event of this.collection.watch(version, { signal })) {
      if (event.type !== 'bookmark') {
        events += 1;
        this.failures = 0;
        onEvent(event);
      }
      this.version = event.resourceVersion;
      this.isLive();
    }
    if (events > 0 || clock.now() - opened >= servedMilliseconds) this.failures = 0;
    else await this.pause();
  }

  private async recover(failure: Failure): Promise<void> {
    // `invalid`: the server cannot make sense of the version, e.g. after an upgrade of its storage.
    const listAnew = failure.code === 'Expired' || failure.kind === 'invalid';
    const { version, listedAt } = this;
    if (listAnew) this.version = undefined;
    // A version of some age is gone in the normal course of things; a fresh one is not, nor the list itself.
    const aged = version !== undefined && this.options.clock.now() - listedAt >= agedMilliseconds;
    if (!(listAnew && aged)) await this.pause(failure);
  }

  /** Waits longer with each failure in a row, never as long as another reflector of the same age. */
  private async pause(failure?: Failure): Promise<void> {
    const { clock, signal, random = Math.random } = this.options;
    const longest = Math.min(firstWait * 2 ** this.failures, longestWait);
    const wait = Math.round(longest / 2 + (random() * longest) / 2);
    this.failures += 1;
    if (failure) {
      this.live = false;
      const at = clock.now();
      this.tell({ state: 'failed', failure, at, retryAt: at + wait });
    }
    await clock.sleep(wait, signal).catch(() => undefined);
  }

  private isLive(): void {
    if (this.live) return;
    this.live = true;
    this.tell({ state: 'live', at: this.options.clock.now() });
  }

  private tell(state: ReflectorState): void {
    this.options.onState?.(state);
  }
}
