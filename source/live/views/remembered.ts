/** A value worked out once for each state of what it is made of. */
export class Remembered<T> {
  #of: unknown;
  #value: { readonly value: T } | undefined;

  /** `of` stands for that state, e.g. a revision or an array: the value is made anew when it is another one. */
  get(of: unknown, make: () => T): T {
    if (!this.#value || this.#of !== of) {
      this.#value = { value: make() };
      this.#of = of;
    }
    return this.#value.value;
  }
}

/** One remembered list for each namespace asked for. */
export class ByNamespace<Row extends { readonly namespace: string }> {
  readonly #lists = new Map<string, Remembered<readonly Row[]>>();

  /** The rows of one namespace, or all of them: the same array as long as `rows` is the same. */
  of(rows: readonly Row[], namespace: string | undefined): readonly Row[] {
    if (namespace === undefined) return rows;
    const list = this.#lists.get(namespace) ?? new Remembered();
    this.#lists.set(namespace, list);
    return list.get(rows, () => rows.filter(row => row.namespace === namespace));
  }
}
