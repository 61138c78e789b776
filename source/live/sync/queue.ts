/**
 * What has to be read one by one, and how old each is: new keys first, in order of arrival; then those whose answer has
 * grown too old, oldest first. Keys being read are not handed out twice. Times are milliseconds since the epoch.
 */
export class RefreshQueue {
  /** Never read, in order of arrival. */
  readonly #fresh = new Set<string>();
  /** Answered, oldest first. */
  readonly #answered = new Map<string, number>();
  /** Failed, with the time to try again. */
  readonly #failed = new Map<string, number>();
  /** Failures in a row; kept while the key is read again. */
  readonly #failures = new Map<string, number>();
  readonly #reading = new Set<string>();

  get size(): number {
    return this.#fresh.size + this.#answered.size + this.#failed.size + this.#reading.size;
  }

  /** Keys that were never read and are not being read. */
  get waiting(): ReadonlySet<string> {
    return this.#fresh;
  }

  has(key: string): boolean {
    return this.#fresh.has(key) || this.#answered.has(key) || this.#failed.has(key) || this.#reading.has(key);
  }

  add(key: string): void {
    if (!this.has(key)) this.#fresh.add(key);
  }

  /** Also drops it when it is being read: its answer is then ignored by `answered` and `failed`. */
  delete(key: string): void {
    this.#failures.delete(key);
    this.#fresh.delete(key);
    this.#answered.delete(key);
    this.#failed.delete(key);
    this.#reading.delete(key);
  }

  /** Read `key` again as soon as possible, whatever its age. */
  renew(key: string): void {
    if (!this.#answered.delete(key) && !this.#failed.delete(key)) return;
    this.#fresh.add(key);
  }

  renewAll(): void {
    for (const key of [...this.#failed.keys(), ...this.#answered.keys()]) this.renew(key);
  }

  renewFailed(): void {
    for (const key of [...this.#failed.keys()]) this.renew(key);
  }

  /** The key to read now among `keys`, which are on screen and may be `maxAge` old. */
  takeAmong(keys: Iterable<string>, now: number, maxAge: number): string | undefined {
    let oldest: string | undefined;
    let oldestAt = now - maxAge;
    for (const key of keys) {
      if (this.#fresh.has(key)) return this.#take(key);
      const at = this.#answered.get(key);
      if (at === undefined || at > oldestAt) continue;
      if (oldest !== undefined && at === oldestAt) continue;
      oldest = key;
      oldestAt = at;
    }
    return oldest === undefined ? undefined : this.#take(oldest);
  }

  /** The next key of all: new, due again after a failure, or older than `maxAge`. */
  take(now: number, maxAge: number): string | undefined {
    for (const key of this.#fresh) return this.#take(key);
    for (const [key, retryAt] of this.#failed) if (retryAt <= now) return this.#take(key);
    for (const [key, at] of this.#answered) return at + maxAge <= now ? this.#take(key) : undefined;
    return undefined;
  }

  /** When `takeAmong` or `take` with the same arguments will next have something; Infinity: not before a change. */
  nextAt(among: Iterable<string>, visibleAge: number, maxAge: number): number {
    let next = this.#fresh.size > 0 ? 0 : Number.POSITIVE_INFINITY;
    for (const retryAt of this.#failed.values()) next = Math.min(next, retryAt);
    for (const at of this.#answered.values()) {
      next = Math.min(next, at + maxAge);
      break;
    }
    for (const key of among) {
      const at = this.#answered.get(key);
      if (at !== undefined) next = Math.min(next, at + visibleAge);
    }
    return next;
  }

  /** False when the key was dropped meanwhile: its answer is of no use. */
  answered(key: string, at: number): boolean {
    if (!this.#reading.delete(key)) return false;
    this.#failures.delete(key);
    this.#answered.set(key, at);
    return true;
  }

  /**
   * It will be tried again after `delay` of so many failures in a row. Answers when; undefined when it was dropped
   * meanwhile.
   */
  failed(key: string, at: number, delay: (failures: number) => number): number | undefined {
    if (!this.#reading.delete(key)) return undefined;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    const retryAt = at + delay(failures);
    this.#failures.set(key, failures);
    this.#failed.set(key, retryAt);
    return retryAt;
  }

  #take(key: string): string {
    this.#fresh.delete(key);
    this.#answered.delete(key);
    this.#failed.delete(key);
    this.#reading.add(key);
    return key;
  }
}
