import type { ShownColumn } from '../tables/engine.ts';

/** How long a change is pointed at, in milliseconds. */
export const pointedAt = 10_000;
/** Most rows whose cells are remembered. */
const remembered = 2000;

const nothing: readonly string[] = [];

type Seen = { readonly cells: ReadonlyMap<string, string>; readonly changed: ReadonlyMap<string, number> };

/**
 * Remembers what the visible rows of a table said, and tells for a while which cells changed. Ages only grow older: they
 * do not count, nor does what is read for the first time.
 */
export class ChangeMarks {
  readonly #seen = new Map<string, Seen>();
  #place: unknown;

  /** Begins a look at a table; `place` stands for the table and its columns, and marks do not outlive a change of it. */
  begin(place: unknown): void {
    if (place !== this.#place || this.#seen.size > remembered) this.#seen.clear();
    this.#place = place;
  }

  /** Titles of the columns, and `HEALTH`, that changed in a row which is on screen as `text` and `health`. */
  of(id: string, text: string, health: string, columns: readonly ShownColumn[], now: number): readonly string[] {
    const cells = new Map<string, string>(
      columns.filter(({ ages }) => !ages).map(({ title, start, width }) => [title, text.slice(start, start + width)]),
    );
    cells.set('HEALTH', health);
    const before = this.#seen.get(id);
    const changed = new Map([...(before?.changed ?? [])].filter(([, at]) => now - at < pointedAt));
    if (before) {
      for (const [title, cell] of cells) {
        const was = before.cells.get(title);
        if (was !== undefined && was !== cell && isKnown(was) && isKnown(cell)) changed.set(title, now);
      }
    }
    this.#seen.set(id, { cells, changed });
    return changed.size === 0 ? nothing : [...changed.keys()];
  }
}

/** What was not read yet does not change when it is. */
const isKnown = (cell: string): boolean => !/^\s*[…?]/.test(cell);
