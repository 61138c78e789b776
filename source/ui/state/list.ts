import type { CursorList } from './cursor.ts';
import { type CellOf, type Filter, narrows, parseFilter } from './filter.ts';

export type SortKey = 'default' | 'name' | 'health';
export type Sort = { readonly by: SortKey; readonly descending: boolean };
export const defaultSort: Sort = { by: 'default', descending: false };

/** How a kind of row is listed: what it is called, what a filter searches, how it compares. */
export type ListSpec<Row> = {
  readonly id: (row: Row) => string;
  /** Names it on a ghost line or in a message. */
  readonly label: (row: Row) => string;
  /** Lower-case text that a filter searches. */
  readonly haystack: (row: Row) => string;
  readonly name: (row: Row) => string;
  /** Smaller is worse. */
  readonly severity: (row: Row) => number;
  /** Rows of a group stand together in the default order, groups by their text; absent: the model's order. */
  readonly group?: (row: Row) => string;
  /** Columns that a filter may name, and what they say of a row. */
  readonly cells?: { readonly titles: readonly string[]; readonly of: (row: Row) => CellOf };
};

/** Rows of a table in the order shown, with the answers a cursor needs. */
export class RowSet<Row> implements CursorList {
  readonly rows: readonly Row[];
  /** Rows before filtering. */
  readonly total: number;
  readonly #spec: ListSpec<Row>;
  #index: Map<string, number> | undefined;

  constructor(rows: readonly Row[], total: number, spec: ListSpec<Row>) {
    this.rows = rows;
    this.total = total;
    this.#spec = spec;
  }

  get length(): number {
    return this.rows.length;
  }

  indexOf(id: string, near?: number): number | undefined {
    const close = near === undefined ? undefined : this.#around(id, near);
    if (close !== undefined) return close;
    this.#index ??= new Map(this.rows.map((row, index) => [this.#spec.id(row), index]));
    return this.#index.get(id);
  }

  /** A row seldom moves far between two lists: a short look spares an index of all of them. */
  #around(id: string, near: number): number | undefined {
    for (let step = 0; step <= 64; step += 1) {
      if (this.idAt(near + step) === id) return near + step;
      if (this.idAt(near - step) === id) return near - step;
    }
    return undefined;
  }

  byId(id: string, near?: number): Row | undefined {
    const index = this.indexOf(id, near);
    return index === undefined ? undefined : this.rows[index];
  }

  idAt(index: number): string | undefined {
    const row = this.rows[index];
    return row === undefined ? undefined : this.#spec.id(row);
  }

  labelAt(index: number): string {
    const row = this.rows[index];
    return row === undefined ? '' : this.#spec.label(row);
  }
}

/** Rows side by side with what a filter searches: looking that up row by row costs more than searching it. */
type Narrowed<Row> = { readonly rows: readonly Row[]; readonly texts: readonly string[] };

/**
 * Sorts and filters rows, and keeps the answer until the rows (the model hands out the same array until a revision
 * changes it), the filter or the order change. Lower-case haystacks are kept per row object.
 */
export class ListCache<Row extends object> {
  readonly #spec: ListSpec<Row>;
  readonly #haystacks = new WeakMap<Row, string>();
  #key: { source: readonly Row[]; filter: string; sort: Sort } | undefined;
  #filter: Filter = parseFilter('');
  #set: RowSet<Row> | undefined;
  #grouped: { readonly source: readonly Row[]; readonly rows: readonly Row[] } | undefined;
  #narrowed: (Narrowed<Row> & { readonly from: readonly Row[]; readonly filter: Filter }) | undefined;
  /** All rows of the last list, with what a filter searches. */
  #searched: Narrowed<Row> | undefined;

  constructor(spec: ListSpec<Row>) {
    this.#spec = spec;
  }

  get(source: readonly Row[], filter: string, sort: Sort): RowSet<Row> {
    const key = this.#key;
    if (key && this.#set && key.source === source && key.filter === filter && sameSort(key.sort, sort))
      return this.#set;
    if (key?.filter !== filter) {
      const parsed = parseFilter(filter, this.#spec.cells?.titles);
      // A pattern that is still being typed may be bad: the last good one stays in force.
      if (parsed.ok) this.#filter = parsed;
    }
    this.#key = { source, filter, sort };
    const filtered = this.#filtered(this.#ordered(source));
    this.#set = new RowSet(this.#sorted(filtered, sort), source.length, this.#spec);
    return this.#set;
  }

  /** The default order of the rows; kept while they are the same. */
  #ordered(source: readonly Row[]): readonly Row[] {
    if (this.#grouped?.source !== source) {
      const { group } = this.#spec;
      this.#grouped = { source, rows: group ? grouped(source, group) : source };
    }
    return this.#grouped.rows;
  }

  /** Typing on narrows what the shorter filter left, instead of looking at every row again. */
  #filtered(ordered: readonly Row[]): readonly Row[] {
    const filter = this.#filter;
    if (!filter.ok || filter.empty) return ordered;
    const last = this.#narrowed;
    const { cells } = this.#spec;
    const cellOf = filter.asksCells && cells ? cells.of : undefined;
    const wide = last?.from === ordered && narrows(last.filter, filter) ? last : this.#searchable(ordered);
    const rows: Row[] = [];
    const texts: string[] = [];
    for (const [index, row] of wide.rows.entries()) {
      const text = wide.texts[index] ?? '';
      if (!filter.matches(text, cellOf?.(row))) continue;
      rows.push(row);
      texts.push(text);
    }
    this.#narrowed = { from: ordered, filter, rows, texts };
    return rows;
  }

  #searchable(rows: readonly Row[]): Narrowed<Row> {
    if (this.#searched?.rows !== rows) this.#searched = { rows, texts: rows.map(row => this.#haystack(row)) };
    return this.#searched;
  }

  #haystack(row: Row): string {
    let text = this.#haystacks.get(row);
    if (text === undefined) {
      text = this.#spec.haystack(row);
      this.#haystacks.set(row, text);
    }
    return text;
  }

  #sorted(rows: readonly Row[], sort: Sort): readonly Row[] {
    const { name, severity } = this.#spec;
    if (sort.by === 'default') return rows;
    const byName = (a: Row, b: Row) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0);
    const compare = sort.by === 'name' ? byName : (a: Row, b: Row) => severity(a) - severity(b) || byName(a, b);
    const sorted = [...rows].sort(compare);
    return sort.descending ? sorted.reverse() : sorted;
  }
}

/** Rows gathered by group, in the order they came within each: one pass, whatever their number. */
function grouped<Row>(rows: readonly Row[], group: (row: Row) => string): readonly Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = group(row);
    const members = groups.get(key);
    if (members) members.push(row);
    else groups.set(key, [row]);
  }
  if (groups.size <= 1) return rows;
  return [...groups.keys()].sort().flatMap(key => groups.get(key) ?? []);
}

const sameSort = (a: Sort, b: Sort): boolean => a.by === b.by && a.descending === b.descending;
