/**
 * The cursor of a list is bound to the id of a row. Rows that appear or vanish elsewhere never move it to another row;
 * when its own row vanishes it stays where it was, on a ghost line, until it is moved. Before the user has first used it
 * it is bound to nothing and stays where the list begins, whichever row that is while rows come in: on the first one, or
 * on the worst.
 */
export type Cursor = {
  /** Row under the cursor; undefined while the list has had no row. */
  readonly id?: string;
  /** What the row was called when it was last seen, for the ghost line. */
  readonly label: string;
  /** Index at which the row was last seen, among the rows. */
  readonly index: number;
  /** Its line, among the lines of rows and of rows that are gone. */
  readonly line: number;
  /** First line in the window. */
  readonly top: number;
  readonly ghost: boolean;
  /** The user has put it on its row. */
  readonly bound: boolean;
};

export const noCursor: Cursor = { label: '', index: 0, line: 0, top: 0, ghost: false, bound: false };

/** Bound to the row it is on, as something has been done with that row. */
export const bind = (cursor: Cursor): Cursor =>
  cursor.bound || cursor.id === undefined ? cursor : { ...cursor, bound: true };

/** What the cursor needs to know of a list. Indices are of rows; lines are of rows and of those that are gone. */
export type CursorList = {
  readonly length: number;
  readonly lines: number;
  /** Index of a row, or undefined when the list does not have it; looked for around `near` first. */
  indexOf(id: string, near?: number): number | undefined;
  idAt(index: number): string | undefined;
  labelAt(index: number): string;
  lineOf(index: number): number;
  /** Where a row was that is gone: how many rows stand before it, and its line. */
  placeOfGone(id: string): { readonly index: number; readonly line: number } | undefined;
};

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** The window at `wanted`, as far as the list goes and the cursor is in it. */
function withTop(cursor: Cursor, list: CursorList, height: number, wanted: number): Cursor {
  const { line } = cursor;
  const lines = Math.max(list.lines, line + 1);
  const top = Math.max(0, clamp(clamp(wanted, 0, Math.max(0, lines - height)), line - height + 1, line));
  return top === cursor.top ? cursor : { ...cursor, top };
}

/**
 * The cursor after the list, or the height of the window, changed. The same object comes back when nothing did. Its row
 * stays at the same line of the screen, whatever comes, goes or is sorted anew around it, as far as the list reaches.
 *
 * @param begin index of the row to be on before the user has moved
 */
export function settle(cursor: Cursor, list: CursorList, height: number, begin = 0): Cursor {
  if (cursor.id === undefined || !cursor.bound) return beginAt(cursor, list, height, begin);
  const found = list.indexOf(cursor.id, cursor.index);
  const ghost = found === undefined;
  const { index, line } = ghost ? ghostPlace(cursor, list) : { index: found, line: list.lineOf(found) };
  const same = index === cursor.index && line === cursor.line && ghost === cursor.ghost;
  const here = same ? cursor : { ...cursor, index, line, ghost };
  return withTop(here, list, height, line - clamp(cursor.line - cursor.top, 0, height - 1));
}

function ghostPlace({ id = '', index }: Cursor, list: CursorList): { readonly index: number; readonly line: number } {
  const gone = list.placeOfGone(id);
  if (gone) return gone;
  const last = clamp(index, 0, list.length);
  return { index: last, line: list.lineOf(last) };
}

function beginAt(cursor: Cursor, list: CursorList, height: number, index: number): Cursor {
  const id = list.idAt(index);
  if (id === undefined) return cursor.id === undefined ? cursor : noCursor;
  const label = list.labelAt(index);
  const line = list.lineOf(index);
  const same = id === cursor.id && label === cursor.label && index === cursor.index && line === cursor.line;
  const here = same ? cursor : { ...noCursor, id, label, index, line };
  return withTop(here, list, height, here.top);
}

/** Puts the cursor on the row at an index of the list (the ghost, if any, is gone). */
export function place(cursor: Cursor, list: CursorList, height: number, index: number): Cursor {
  const target = clamp(index, 0, list.length - 1);
  const id = list.idAt(target);
  if (id === undefined) return cursor;
  const line = list.lineOf(target);
  const here =
    id === cursor.id && target === cursor.index && line === cursor.line && !cursor.ghost
      ? bind(cursor)
      : { id, label: list.labelAt(target), index: target, line, top: cursor.top, ghost: false, bound: true };
  return withTop(here, list, height, cursor.top);
}

/** Moves by lines. From a ghost, down is the row that took its place and up the one before it. */
export function move(cursor: Cursor, list: CursorList, height: number, delta: number): Cursor {
  if (cursor.id === undefined) return bind(settle(cursor, list, height));
  const from = cursor.ghost && delta > 0 ? cursor.index - 1 : cursor.index;
  return place(cursor, list, height, from + delta);
}
