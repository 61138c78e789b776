import type { CursorList } from './cursor.ts';
import type { Gone } from './gone.ts';
import type { RowSet } from './list.ts';

/** A line of a table: a row, a row that is gone, or how many of them are. */
export type ShownLine<Row> =
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'gone'; readonly gone: Gone<Row> }
  | { readonly kind: 'folded'; readonly count: number };

/** A line that is none of the list's rows, and how many rows stand before it. */
type Extra<Row> = {
  readonly index: number;
  readonly line: Exclude<ShownLine<Row>, { readonly kind: 'row' }>;
};

/** The lines of a table: its rows, and among them the few of rows that are gone. Indices are of rows, lines of both. */
export class ShownRows<Row> implements CursorList {
  readonly #set: RowSet<Row>;
  readonly #gone: readonly Gone<Row>[];
  readonly #extras: readonly Extra<Row>[];

  constructor(set: RowSet<Row>, gone: readonly Gone<Row>[]) {
    this.#set = set;
    this.#gone = gone;
    this.#extras = gone.length === 0 ? none : extrasOf(gone, set.length);
  }

  get length(): number {
    return this.#set.length;
  }

  get lines(): number {
    return this.#set.length + this.#extras.length;
  }

  indexOf(id: string, near?: number): number | undefined {
    // What is gone from the world is not looked for among a hundred thousand rows.
    if (this.#gone.some(line => line.id === id && line.why === 'gone')) return undefined;
    return this.#set.indexOf(id, near);
  }

  idAt(index: number): string | undefined {
    return this.#set.idAt(index);
  }

  labelAt(index: number): string {
    return this.#set.labelAt(index);
  }

  lineOf(index: number): number {
    let above = 0;
    for (const extra of this.#extras) if (extra.index <= index) above += 1;
    return index + above;
  }

  placeOfGone(id: string): { readonly index: number; readonly line: number } | undefined {
    const at = this.#extras.findIndex(({ line }) => line.kind === 'gone' && line.gone.id === id);
    const index = this.#extras[at]?.index;
    return index === undefined ? undefined : { index, line: index + at };
  }

  /** How many rows stand above a line. */
  rowsAbove(line: number): number {
    let above = 0;
    for (const [at, extra] of this.#extras.entries()) if (extra.index + at < line) above += 1;
    return Math.min(this.#set.length, line - above);
  }

  lineAt(line: number): ShownLine<Row> | undefined {
    const index = this.rowsAbove(line);
    const extra = this.#extras[line - index];
    if (extra?.index === index) return extra.line;
    const row = this.#set.rows[index];
    return row === undefined ? undefined : { kind: 'row', row };
  }
}

const none: readonly never[] = [];

function extrasOf<Row>(gone: readonly Gone<Row>[], length: number): readonly Extra<Row>[] {
  const count = gone.filter(line => line.folded).length;
  let told = false;
  return gone.flatMap((line): Extra<Row>[] => {
    // Between a commit of the model and what follows from it, a list can be shorter than what is remembered of it.
    const index = Math.min(line.index, length);
    if (!line.folded) return [{ index, line: { kind: 'gone', gone: line } }];
    if (told) return [];
    told = true;
    return [{ index, line: { kind: 'folded', count } }];
  });
}
