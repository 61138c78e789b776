import type { Health } from '../../identity/health.ts';

const mostShared = 100;

/**
 * The health of each service account of a cluster, by key. It is what the cluster's own row is made of, and a tenth of
 * what its rows take: those are made for whoever looks at them.
 */
export class HealthTable {
  readonly #healths = new Map<string, Health>();
  readonly #tell: (key: string) => Health | undefined;
  /** Most service accounts of a cluster are well, or not, in the same words: one object stands for all of them. */
  readonly #shared = new Map<string, Health>();

  /** `tell` answers undefined for a key that is no service account (any more). */
  constructor(tell: (key: string) => Health | undefined) {
    this.#tell = tell;
  }

  get(key: string): Health | undefined {
    return this.#healths.get(key);
  }

  entries(): Iterable<readonly [key: string, health: Health]> {
    return this.#healths;
  }

  renew(keys: Iterable<string>): void {
    for (const key of keys) {
      const health = this.#tell(key);
      if (health) this.#healths.set(key, this.#share(health));
      else this.#healths.delete(key);
    }
  }

  /** All anew: those of `keys` and no others. */
  renewAll(keys: Iterable<string>): void {
    this.#healths.clear();
    this.#shared.clear();
    this.renew(keys);
  }

  #share(health: Health): Health {
    const words = `${health.level} ${health.code} ${health.more} ${health.detail}`;
    const known = this.#shared.get(words);
    if (known) return known;
    // What names its subject is nobody else's, and fills the table: the words that many share are soon back in it.
    if (this.#shared.size >= mostShared) this.#shared.clear();
    this.#shared.set(words, health);
    return health;
  }
}
