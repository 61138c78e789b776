export type Waiter<T> = {
  readonly ticket: number;
  readonly grant: (turn: T) => void;
  /** Aborted while it waited: skipped when its turn comes. */
  gone: boolean;
};

/** First come, first served by ticket; retries, which hand in an old ticket, go to the front. */
export class TurnQueue<T> {
  /** Those before the head have had their turn; their slots are emptied, so that nothing of theirs is kept. */
  #waiters: (Waiter<T> | undefined)[] = [];
  #head = 0;
  #gone = 0;

  get size(): number {
    return this.#waiters.length - this.#head - this.#gone;
  }

  add(waiter: Waiter<T>): void {
    const last = this.#waiters.at(-1);
    if (last === undefined || this.#head === this.#waiters.length || last.ticket < waiter.ticket) {
      this.#waiters.push(waiter);
      return;
    }
    let at = this.#head;
    while ((this.#waiters[at]?.ticket ?? Number.POSITIVE_INFINITY) < waiter.ticket) at += 1;
    // The slots before the head are free: a retry that goes to the front costs nothing however long the queue is.
    if (at === this.#head && this.#head > 0) this.#waiters[--this.#head] = waiter;
    else this.#waiters.splice(at, 0, waiter);
  }

  take(): Waiter<T> | undefined {
    while (this.#head < this.#waiters.length) {
      const waiter = this.#waiters[this.#head];
      this.#waiters[this.#head] = undefined;
      this.#head += 1;
      if (this.#head > 1024 && this.#head * 2 > this.#waiters.length) this.#compact();
      if (waiter && !waiter.gone) return waiter;
      this.#gone -= 1;
    }
    return undefined;
  }

  drop(waiter: Waiter<T>): void {
    if (waiter.gone) return;
    waiter.gone = true;
    this.#gone += 1;
  }

  #compact(): void {
    this.#waiters = this.#waiters.slice(this.#head);
    this.#head = 0;
  }
}
