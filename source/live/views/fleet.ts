/** Rows of all clusters in one list, which stays the same array until the rows of some cluster change. */
export class FleetRows<Row> {
  /** By namespace: what the list was made of, and the list. */
  readonly #lists = new Map<
    string | undefined,
    { readonly parts: readonly (readonly Row[])[]; readonly rows: readonly Row[] }
  >();

  /** @param parts the rows of each cluster, limited to the namespace, in the order of the clusters */
  of(namespace: string | undefined, parts: readonly (readonly Row[])[]): readonly Row[] {
    const before = this.#lists.get(namespace);
    if (before && sameItems(before.parts, parts)) return before.rows;
    const rows = parts.flat();
    this.#lists.set(namespace, { parts, rows });
    return rows;
  }
}

export const sameItems = <T>(before: readonly T[], after: readonly T[]): boolean =>
  before.length === after.length && after.every((item, index) => item === before[index]);
