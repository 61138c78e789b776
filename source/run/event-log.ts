/**
 * Every event in order, for any number of readers, each from the first one on. Writing never waits and nothing is ever
 * dropped: a run must not depend on how fast, or whether, somebody looks. Its size is bounded by the plan's.
 */
export class EventLog<T> implements AsyncIterable<T> {
  readonly #events: T[] = [];
  #closed = false;
  #wake: (() => void)[] = [];

  push(event: T): void {
    this.#events.push(event);
    this.#notify();
  }

  /** No more events; readers end when they have read what is there. */
  close(): void {
    this.#closed = true;
    this.#notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (let next = 0; ; next += 1) {
      while (next >= this.#events.length) {
        if (this.#closed) return;
        await new Promise<void>(resolve => this.#wake.push(resolve));
      }
      yield this.#events[next] as T;
    }
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
