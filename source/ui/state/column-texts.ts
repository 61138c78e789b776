import type { CellOf } from './filter.ts';

/** The columns of a kind of row that a filter may name. */
export type RowCells<Row> = {
  readonly titles: readonly string[];
  /** Those that say something else as time passes. */
  readonly moving: ReadonlySet<string>;
  /** What they say of a row at the moment of asking. */
  readonly of: () => (row: Row) => CellOf;
};

/** Rows whose texts are made in one go, ahead of being asked for: a few milliseconds. */
const slice = 8_000;

/** What the columns of a list say, for as long as its rows are the same; made as it is asked for. */
export class ColumnTexts<Row> {
  readonly rows: readonly Row[];
  readonly #cells: RowCells<Row>;
  /** By title, in the order of the rows. */
  readonly #kept = new Map<string, (string | undefined)[]>();

  /** How many of them are made ahead, by title. */
  readonly #ready = new Map<string, number>();

  constructor(rows: readonly Row[], cells: RowCells<Row>) {
    this.rows = rows;
    this.#cells = cells;
  }

  /** Goes from row to row, for somebody who asks the same of all of them. */
  reader(): { readonly cell: CellOf; readonly go: (place: number) => void } {
    const say = this.#cells.of();
    let place = 0;
    return {
      go: to => {
        place = to;
      },
      cell: title => {
        const kept = this.#textsOf(title);
        const before = kept?.[place];
        if (before !== undefined) return before;
        const row = this.rows[place];
        const text = row === undefined ? undefined : say(row)(title);
        if (kept) kept[place] = text;
        return text;
      },
    };
  }

  /** Makes the next texts of these columns ahead of being asked for; false when there are none left. */
  prepare(titles: readonly string[]): boolean {
    const { go, cell } = this.reader();
    let more = false;
    for (const title of titles) {
      if (this.#cells.moving.has(title)) continue;
      const from = this.#ready.get(title) ?? 0;
      const to = Math.min(from + slice, this.rows.length);
      for (let place = from; place < to; place += 1) {
        go(place);
        cell(title);
      }
      this.#ready.set(title, to);
      more ||= to < this.rows.length;
    }
    return more;
  }

  #textsOf(title: string): (string | undefined)[] | undefined {
    const kept = this.#kept.get(title);
    if (kept || this.#cells.moving.has(title)) return kept;
    const texts = new Array<string | undefined>(this.rows.length);
    this.#kept.set(title, texts);
    return texts;
  }
}
