/** How long a kept world waits for somebody to take it over, in milliseconds. */
const patience = 10 * 60_000;

/**
 * Who uses a sandbox besides the parent that started it: each holds a lease, an open connection. A holder that is about to
 * be killed asks for the world to be kept until the next one comes.
 */
export class Holders {
  #kept = false;
  #ended: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  readonly keep = (): void => {
    this.#kept = true;
  };

  /** Told whenever the number of leases changes. */
  readonly changed = (count: number): void => {
    if (count > 0) this.#kept = false;
    this.#settle(count);
  };

  /** Resolves when nobody uses the world any more; at once unless it was to be kept. */
  async lastGone(): Promise<void> {
    await new Promise<void>(resolve => {
      this.#ended = resolve;
      this.#settle(0);
    });
  }

  #settle(count: number): void {
    clearTimeout(this.#timer);
    if (count > 0 || !this.#ended) return;
    if (this.#kept) this.#timer = setTimeout(this.#ended, patience);
    else this.#ended();
  }
}
