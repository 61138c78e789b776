/**
 * The loops that are running, so that all of them can be stopped and waited for. A group may have sub-groups (one per
 * cluster): closing a group closes them, closing a sub-group leaves the rest alone.
 */
export class Tasks {
  readonly #running = new Set<Promise<void>>();
  readonly #controller = new AbortController();
  readonly #crashed: (error: unknown) => void;
  readonly #parent: Tasks | undefined;
  readonly #stopWithParent = () => this.#controller.abort(this.#parent?.signal.reason);

  /** `crashed` hears of errors that a loop did not handle itself: a defect, never a failed call. */
  constructor(crashed: (error: unknown) => void, parent?: Tasks) {
    this.#crashed = crashed;
    this.#parent = parent;
    if (parent?.signal.aborted) this.#controller.abort(parent.signal.reason);
    else parent?.signal.addEventListener('abort', this.#stopWithParent, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How many loops have not ended yet. */
  get size(): number {
    return this.#running.size;
  }

  /** Starts `work`; it must end soon after the group's signal aborts. Does nothing when the group is closed. */
  spawn(work: (signal: AbortSignal) => Promise<void>): void {
    if (this.signal.aborted) return;
    const running = this.#guard(work);
    this.#hold(running);
    void running.finally(() => this.#release(running));
  }

  child(): Tasks {
    return new Tasks(this.#crashed, this);
  }

  /** Aborts every loop of this group and below; resolves when none is left. */
  async close(): Promise<void> {
    this.#controller.abort();
    this.#parent?.signal.removeEventListener('abort', this.#stopWithParent);
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #guard(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      // Whoever starts a loop goes on first.
      await undefined;
      if (!this.signal.aborted) await work(this.signal);
    } catch (error) {
      if (!this.signal.aborted) this.#crashed(error);
    }
  }

  #hold(running: Promise<void>): void {
    this.#running.add(running);
    if (this.#parent) this.#parent.#hold(running);
  }

  #release(running: Promise<void>): void {
    this.#running.delete(running);
    if (this.#parent) this.#parent.#release(running);
  }
}
