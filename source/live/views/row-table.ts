/**
 * Rows by key, kept sorted, rebuilt one by one. The array that shows them is new when any of them is. There are none
 * until somebody wants them: a fleet has a hundred clusters, of which few are ever opened.
 */
export class RowTable<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #build: (key: string) => Row | undefined;
  readonly #compare: (a: Row, b: Row) => number;
  #keys: string[] | undefined;
  #shown: readonly Row[] | undefined;
  #wanted = false;

  /** `build` answers undefined for a key that has no row (any more). */
  constructor(build: (key: string) => Row | undefined, compare: (a: Row, b: Row) => number) {
    this.#build = build;
    this.#compare = compare;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Keeps the rows from now on; `keys` are those of today, asked for the first time only. */
  want(keys: () => Iterable<string>): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.rebuildAll(keys());
  }

  /** Builds the rows of these keys anew. */
  rebuild(keys: Iterable<string>): void {
    if (!this.#wanted) return;
    for (const key of keys) {
      const row = this.#build(key);
      const known = this.#rows.has(key);
      if (row === undefined && !known) continue;
      if (row === undefined) this.#rows.delete(key);
      else this.#rows.set(key, row);
      if (known !== (row !== undefined)) this.#keys = undefined;
      this.#shown = undefined;
    }
  }

  /** Builds all rows anew: those of `keys` and no others. */
  rebuildAll(keys: Iterable<string>): void {
    this.#rows.clear();
    this.#keys = undefined;
    this.#shown = undefined;
    this.rebuild(keys);
  }

  /** The same array until a row changes. */
  rows(): readonly Row[] {
    this.#shown ??= this.#sortedRows();
    return this.#shown;
  }

  #sortedRows(): Row[] {
    if (this.#keys) return this.#keys.flatMap(key => this.#rows.get(key) ?? []);
    const entries = [...this.#rows].sort(([, a], [, b]) => this.#compare(a, b));
    this.#keys = entries.map(([key]) => key);
    return entries.map(([, row]) => row);
  }
}

/** Order of texts by code unit: the same on every machine, and many times cheaper than a locale's. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
