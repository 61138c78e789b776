import type { RowSet } from './list.ts';

/** How long a row that is gone is pointed at, in milliseconds. */
export const goneFor = 5_000;

/** A line where a row was: it stays for a while, so that what others take away does not vanish from under the eye. */
export type Gone<Row> = {
  readonly id: string;
  /** What the row was called. */
  readonly label: string;
  /** As it was last seen; absent: it had gone before this table was looked at. */
  readonly row?: Row;
  /** When it was seen to be gone, ms since the epoch. */
  readonly at: number;
  /** Rows of the list that stand before it. */
  readonly index: number;
  /** `hidden`: it is still there, and none of those that were asked for. `absent`: this table has not had it. */
  readonly why: 'gone' | 'hidden' | 'absent';
  /** One of many: a single line tells how many they are. */
  readonly folded: boolean;
};

/** Most rows that are remembered as gone at once. */
const most = 500;

/** How far from its old place a row is looked for before all of them are asked. */
const reach = 64;

/** Lines that go with the window before those that are gone are told in one line. */
export const goneRoom = (height: number): number => Math.max(3, Math.floor(height / 3));

export type ListChange<Row> = {
  readonly before: RowSet<Row>;
  readonly after: RowSet<Row>;
  /** Rows of `before` that were on screen: from `first` to, without, `last`. */
  readonly first: number;
  readonly last: number;
  /** Which of these ids the world still has, listed here or not. Asked about few. */
  readonly alive: (ids: readonly string[]) => ReadonlySet<string>;
  /** The row under the cursor, whose line is never folded. */
  readonly cursor: string | undefined;
  readonly now: number;
  /** Most lines of rows that are gone. */
  readonly room: number;
};

/**
 * The lines of rows that are gone, after the list has become another one. What was not on screen is not looked at, so
 * that it costs the same in a list of ten rows and of a hundred thousand.
 */
export function followGone<Row>(gone: readonly Gone<Row>[], change: ListChange<Row>): readonly Gone<Row>[] {
  const { before, after, alive, now } = change;
  const missing = missingRows(change);
  if (missing.length === 0 && gone.length === 0) return gone;
  const living = alive([...missing.map(index => before.idAt(index) ?? ''), ...gone.map(({ id }) => id)]);
  const came = missing.flatMap((index): Gone<Row>[] => {
    const row = before.rows[index];
    const id = before.idAt(index);
    if (row === undefined || id === undefined || living.has(id)) return [];
    return [{ id, label: before.labelAt(index), row, at: now, index, why: 'gone', folded: false }];
  });
  const stay = gone.flatMap((line): Gone<Row>[] => {
    if (line.why === 'absent') return [line];
    if (line.why === 'hidden') return [living.has(line.id) ? line : { ...line, why: 'gone', at: now }];
    return living.has(line.id) ? [] : [line];
  });
  const all = [...stay, ...came].sort((a, b) => a.index - b.index);
  return folded(inPlace(all, before, after), change).slice(-most);
}

/** Indices of the rows on screen that are not about where they were. */
function missingRows<Row>({ before, after, first, last }: ListChange<Row>): readonly number[] {
  const missing: number[] = [];
  let shift = 0;
  for (let index = first; index < last; index += 1) {
    const id = before.idAt(index);
    if (id === undefined) break;
    const found = after.near(id, index + shift, reach);
    if (found === undefined) missing.push(index);
    else shift = found - index;
  }
  return missing;
}

/** Each line where its neighbours are now. `gone` is in the order of `before`. */
function inPlace<Row>(gone: readonly Gone<Row>[], before: RowSet<Row>, after: RowSet<Row>): readonly Gone<Row>[] {
  let last: { readonly was: number; readonly is: number } | undefined;
  const moved = gone.map(line => {
    const is = placeAmong(line.index, before, after, last);
    last = { was: line.index, is };
    return is === line.index ? line : { ...line, index: is };
  });
  return moved.sort((a, b) => a.index - b.index);
}

/**
 * How many rows stand before a place between two rows of the list of before: as many as up to the nearest row above that
 * is still there.
 */
function placeAmong<Row>(
  index: number,
  before: RowSet<Row>,
  after: RowSet<Row>,
  last: { readonly was: number; readonly is: number } | undefined,
): number {
  const shift = last ? last.is - last.was : 0;
  for (let above = index - 1; above >= 0 && above >= index - reach; above -= 1) {
    if (last && above < last.was) return last.is;
    const at = after.near(before.idAt(above) ?? '', above + shift, reach);
    if (at !== undefined) return at + 1;
  }
  for (let below = index; below < before.length && below < index + reach; below += 1) {
    const at = after.near(before.idAt(below) ?? '', below + shift, reach);
    if (at !== undefined) return at;
  }
  // So many went at once that no neighbour is left: whoever stood above them all is looked for everywhere.
  for (let above = index - 1; above >= 0; above -= 1) {
    const at = after.indexOf(before.idAt(above) ?? '');
    if (at !== undefined) return at + 1;
  }
  return 0;
}

/** Many at once, as when a namespace goes, are one line: the rows that are left are what is looked at. */
function folded<Row>(
  gone: readonly Gone<Row>[],
  { room, cursor }: Pick<ListChange<Row>, 'room' | 'cursor'>,
): readonly Gone<Row>[] {
  const others = gone.filter(({ id }) => id !== cursor);
  if (others.length <= room && !others.some(line => line.folded)) return gone;
  return gone.map(line => (line.folded || line.id === cursor ? line : { ...line, folded: true }));
}

/**
 * Those that have not been shown long enough. The line under the cursor stays until it is left, where there are rows to
 * go to; a row that is not gone has a line only there.
 */
export function unexpired<Row>(
  gone: readonly Gone<Row>[],
  at: { readonly now: number; readonly cursor: string | undefined; readonly empty: boolean },
): readonly Gone<Row>[] {
  const stays = (line: Gone<Row>) => {
    const own = line.id === at.cursor;
    return (own && !at.empty) || ((own || line.why === 'gone') && at.now - line.at < goneFor);
  };
  return gone.every(stays) ? gone : gone.filter(stays);
}
