import { ColumnTexts, type RowCells } from './column-texts.ts';
import { type Filter, narrows, parseFilter } from './filter.ts';
import { rowChanges } from './row-changes.ts';

/** `default`, `name`, `health`, or the title of a column. */
export type SortKey = string;
export type Sort = { readonly by: SortKey; readonly descending: boolean };
export const defaultSort: Sort = { by: 'default', descending: false };

/** What a row is sorted by; undefined comes last, whichever way round. */
export type SortValue = string | number | undefined;

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
  /** Columns that a filter may name. */
  readonly cells?: RowCells<Row>;
  /** What an order by a column compares. */
  readonly sortValue?: (row: Row, title: string) => SortValue;
};

/** Which rows are wanted, in which order. */
export type Query<Row> = {
  readonly filter: string;
  readonly sort: Sort;
  /** Rows that have the same stand together, in place of the default groups. */
  readonly group?: { readonly by: string; readonly of: (row: Row) => string } | undefined;
  /** Keeps these only; `of` stands for what the choice depends on. */
  readonly only?: { readonly of: unknown; readonly keeps: (row: Row) => boolean } | undefined;
};

/** Rows of a table in the order shown. */
export class RowSet<Row> {
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
    const close = near === undefined ? undefined : this.near(id, near);
    if (close !== undefined) return close;
    this.#index ??= new Map(this.rows.map((row, index) => [this.#spec.id(row), index]));
    return this.#index.get(id);
  }

  /** A row seldom moves far between two lists: a short look spares an index of all of them. */
  near(id: string, index: number, reach = 64): number | undefined {
    for (let step = 0; step <= reach; step += 1) {
      if (this.idAt(index + step) === id) return index + step;
      if (this.idAt(index - step) === id) return index - step;
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
type Narrowed<Row> = {
  readonly rows: readonly Row[];
  readonly texts: readonly string[];
  /** Where they stand among all rows; absent: these are all. */
  readonly places?: readonly number[];
};

/** A step of the way from the model's rows to those on screen, with what it was made of. */
type Step<Row> = { readonly from: readonly Row[]; readonly key: unknown; readonly rows: readonly Row[] };

/**
 * Sorts and filters rows, and keeps the answer until the rows (the model hands out the same array until a revision
 * changes it), the filter or the order change. Where few rows changed the order is kept up, not made anew. Lower-case
 * haystacks are kept per row object.
 */
export class ListCache<Row extends object> {
  readonly #spec: ListSpec<Row>;
  readonly #haystacks = new WeakMap<Row, string>();
  #key: { readonly source: readonly Row[]; readonly query: Query<Row> } | undefined;
  #set: RowSet<Row> | undefined;
  #filter: Filter = parseFilter('');
  #filterText = '';
  #kept: Step<Row> | undefined;
  #ordered: Step<Row> | undefined;
  #narrowed: (Narrowed<Row> & { readonly from: readonly Row[]; readonly filter: Filter }) | undefined;
  /** All rows of the last list, with what a filter searches. */
  #searched: Narrowed<Row> | undefined;
  /** What its columns say, once a filter has named one. */
  #columns: ColumnTexts<Row> | undefined;
  #sorted: Step<Row> | undefined;
  #shownBeforeFilter: readonly Row[] | undefined;

  constructor(spec: ListSpec<Row>) {
    this.#spec = spec;
  }

  get(source: readonly Row[], query: Query<Row>): RowSet<Row> {
    const key = this.#key;
    if (key && this.#set && key.source === source && sameQuery(key.query, query)) return this.#set;
    this.#parse(query.filter);
    this.#key = { source, query };
    const kept = this.#only(source, query.only);
    const rows = query.sort.by === 'default' ? this.#grouped(kept, query.group) : this.#inOrder(kept, query.sort);
    this.#shownBeforeFilter = rows;
    this.#set = new RowSet(this.#filtered(rows), source.length, this.#spec);
    return this.#set;
  }

  /** The filter in force: a pattern that is still being typed may be bad, then it is the last good one. */
  get filter(): Filter {
    return this.#filter;
  }

  /**
   * Makes ready what a filter searches, so that its first letter finds it; of the columns with these titles a slice at a
   * time.
   *
   * @returns whether there is more to make
   */
  prepare(titles: readonly string[]): boolean {
    const rows = this.#shownBeforeFilter;
    if (!rows) return false;
    this.#searchable(rows);
    return titles.length > 0 && (this.#columnsOf(rows)?.prepare(titles) ?? false);
  }

  #parse(text: string): void {
    if (text === this.#filterText) return;
    this.#filterText = text;
    const parsed = parseFilter(text, this.#spec.cells?.titles);
    if (parsed.ok) this.#filter = parsed;
  }

  #only(source: readonly Row[], only: Query<Row>['only']): readonly Row[] {
    if (!only) return source;
    if (this.#kept?.from !== source || this.#kept.key !== only.of)
      this.#kept = { from: source, key: only.of, rows: source.filter(only.keeps) };
    return this.#kept.rows;
  }

  /** The default order of the rows; kept while they are the same. */
  #grouped(source: readonly Row[], chosen: Query<Row>['group']): readonly Row[] {
    const key = chosen?.by ?? 'default';
    const group = chosen?.of ?? this.#spec.group;
    const last = this.#ordered;
    if (last?.from === source && last.key === key) return last.rows;
    const rows = group ? (inPlace(last, source, key, group, this.#spec.id) ?? grouped(source, group)) : source;
    this.#ordered = { from: source, key, rows };
    return rows;
  }

  /** In the order of a column. What changed is put where it belongs among what did not. */
  #inOrder(source: readonly Row[], sort: Sort): readonly Row[] {
    const key = `${sort.by}${sort.descending ? ' down' : ''}`;
    const last = this.#sorted;
    if (last?.from === source && last.key === key) return last.rows;
    const changes = last?.key === key ? rowChanges(last.from, source, this.#spec.id) : undefined;
    const rows =
      last && changes
        ? merged(
            last.rows.filter(row => !changes.removed.has(row) && !changes.replaced.has(row)),
            this.#sort([...changes.added, ...changes.replaced.values()], sort),
            this.#comparison(sort),
          )
        : this.#sort(source, sort);
    this.#sorted = { from: source, key, rows };
    return rows;
  }

  /** What rows are compared by is looked up once for each row, and not for each comparison. */
  #sort(rows: readonly Row[], sort: Sort): Row[] {
    const keyOf = this.#sortKey(sort);
    const compare = comparison<Row>(sort, this.#spec.id);
    return rows
      .map(keyOf)
      .sort(compare)
      .map(({ row }) => row);
  }

  #comparison(sort: Sort): (a: Row, b: Row) => number {
    const keyOf = this.#sortKey(sort);
    const compare = comparison<Row>(sort, this.#spec.id);
    return (a, b) => compare(keyOf(a), keyOf(b));
  }

  #sortKey({ by }: Sort): (row: Row) => SortEntry<Row> {
    const { name, severity, sortValue } = this.#spec;
    if (by === 'name') return row => ({ row, value: name(row), name: '' });
    if (by === 'health') return row => ({ row, value: severity(row), name: name(row) });
    return row => ({ row, value: sortValue?.(row, by), name: name(row) });
  }

  /** Typing on narrows what the shorter filter left, instead of looking at every row again. */
  #filtered(ordered: readonly Row[]): readonly Row[] {
    const filter = this.#filter;
    if (!filter.ok || filter.empty) return ordered;
    const last = this.#narrowed;
    if (last?.from === ordered && last.filter === filter) return last.rows;
    const cells = filter.asksCells ? this.#columnsOf(ordered)?.reader() : undefined;
    const wide = last?.from === ordered && narrows(last.filter, filter) ? last : this.#searchable(ordered);
    const left = letThrough(wide, (text, place) => {
      cells?.go(place);
      return filter.matches(text, cells?.cell);
    });
    this.#narrowed = { ...left, from: ordered, filter };
    return left.rows;
  }

  #columnsOf(rows: readonly Row[]): ColumnTexts<Row> | undefined {
    const { cells } = this.#spec;
    if (cells && this.#columns?.rows !== rows) this.#columns = new ColumnTexts(rows, cells);
    return this.#columns;
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
}

/** Those of a list that are let through; when all are, the list itself: the first letters of a name are in every row. */
function letThrough<Row>(wide: Narrowed<Row>, lets: (text: string, place: number) => boolean): Narrowed<Row> {
  const { rows, texts, places } = wide;
  const placeAt = (at: number): number => (places ? (places[at] ?? 0) : at);
  const letsAt = (at: number): boolean => lets(texts[at] ?? '', placeAt(at));
  let same = 0;
  while (same < rows.length && letsAt(same)) same += 1;
  if (same === rows.length) return wide;
  const left = {
    rows: rows.slice(0, same),
    texts: texts.slice(0, same),
    places: places?.slice(0, same) ?? Array.from({ length: same }, (_, at) => at),
  };
  // Iterators would cost more than what most filters ask.
  for (let at = same + 1; at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined || !letsAt(at)) continue;
    left.rows.push(row);
    left.texts.push(texts[at] ?? '');
    left.places.push(placeAt(at));
  }
  return left;
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

/** The last order with each changed row where it was; undefined when rows came, went or changed their group. */
function inPlace<Row>(
  last: Step<Row> | undefined,
  source: readonly Row[],
  key: unknown,
  group: (row: Row) => string,
  id: (row: Row) => string,
): readonly Row[] | undefined {
  if (!last || last.key !== key || last.from.length !== source.length) return undefined;
  const changes = rowChanges(last.from, source, id);
  if (!changes || changes.removed.size + changes.added.length > 0) return undefined;
  for (const [was, is] of changes.replaced) if (group(was) !== group(is)) return undefined;
  return last.rows.map(row => changes.replaced.get(row) ?? row);
}

/** Two sorted lists as one. */
function merged<Row>(many: readonly Row[], few: readonly Row[], compare: (a: Row, b: Row) => number): readonly Row[] {
  const rows: Row[] = [];
  let next = 0;
  for (const row of many) {
    for (let other = few[next]; other !== undefined && compare(other, row) < 0; other = few[next]) {
      rows.push(other);
      next += 1;
    }
    rows.push(row);
  }
  return rows.concat(few.slice(next));
}

type SortEntry<Row> = { readonly row: Row; readonly value: SortValue; readonly name: string };

function comparison<Row>({ descending }: Sort, id: (row: Row) => string) {
  const sign = descending ? -1 : 1;
  return (a: SortEntry<Row>, b: SortEntry<Row>): number => {
    if (a.value !== b.value) {
      if (a.value === undefined) return 1;
      if (b.value === undefined) return -1;
      return a.value < b.value ? -sign : sign;
    }
    if (a.name !== b.name) return a.name < b.name ? -sign : sign;
    return id(a.row) < id(b.row) ? -1 : 1;
  };
}

const sameQuery = (a: Query<never>, b: Query<never>): boolean =>
  a.filter === b.filter &&
  a.sort.by === b.sort.by &&
  a.sort.descending === b.sort.descending &&
  a.group?.by === b.group?.by &&
  a.only?.of === b.only?.of;
