import { pointedAt } from '../state/looked.ts';
import { healthTitle, type TableEngine } from '../tables/engine.ts';
import type { AnyRow, CellContext } from '../tables/table.ts';

/** Most rows that are remembered. */
const remembered = 2000;

/** A cell that says something else than before: since when, and what it said. */
export type CellChange = { readonly title: string; readonly at: number; readonly was: string };

const nothing: readonly CellChange[] = [];

type Seen = { readonly row: AnyRow; readonly changes: readonly CellChange[] };

/**
 * Remembers the visible rows of a table, and tells for a while which of their cells changed, shown or not. Ages only grow
 * older: they do not count, nor does what is read for the first time. As long as a row is the same object, which is what
 * a step of the cursor finds, nothing is looked at.
 */
export class ChangeMarks {
  readonly #seen = new Map<string, Seen>();
  #place: unknown;

  /** Begins a look at a table; marks do not outlive a change of `place`. */
  begin(place: unknown): void {
    if (place !== this.#place || this.#seen.size > remembered) this.#seen.clear();
    this.#place = place;
  }

  /** What changed lately in a row that is on screen, the last change of a cell alone. */
  of(row: AnyRow, engine: TableEngine, context: CellContext, now: number): readonly CellChange[] {
    const before = this.#seen.get(row.id);
    if (!before) {
      this.#seen.set(row.id, { row, changes: nothing });
      return nothing;
    }
    const fresh = before.row === row ? nothing : differences(before.row, row, engine, context, now);
    if (fresh === nothing && before.changes === nothing) {
      if (before.row !== row) this.#seen.set(row.id, { row, changes: nothing });
      return nothing;
    }
    const titles = new Set(fresh.map(({ title }) => title));
    const changes = [...before.changes.filter(({ title, at }) => now - at < pointedAt && !titles.has(title)), ...fresh];
    this.#seen.set(row.id, { row, changes: changes.length === 0 ? nothing : changes });
    return changes;
  }
}

function differences(
  before: AnyRow,
  after: AnyRow,
  engine: TableEngine,
  context: CellContext,
  now: number,
): readonly CellChange[] {
  const is = engine.cells(after, context);
  const found = engine.cells(before, context).flatMap((was, index): CellChange[] => {
    const title = engine.filterColumns[index] ?? healthTitle;
    const cell = is[index] ?? '';
    const differs = was !== cell && isKnown(was) && isKnown(cell) && !engine.aging.has(title);
    return differs ? [{ title, at: now, was }] : [];
  });
  return found.length === 0 ? nothing : found;
}

/** What was not read yet does not change when it is. */
const isKnown = (cell: string): boolean => !/^\s*[…?]/.test(cell);
