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
  /** Index at which the row was last seen. */
  readonly index: number;
  /** Index of the first line in the window. */
  readonly top: number;
  readonly ghost: boolean;
  /** The user has put it on its row. */
  readonly bound: boolean;
};

export const noCursor: Cursor = { label: '', index: 0, top: 0, ghost: false, bound: false };

/** Bound to the row it is on, as something has been done with that row. */
export const bind = (cursor: Cursor): Cursor =>
  cursor.bound || cursor.id === undefined ? cursor : { ...cursor, bound: true };

/** What the cursor needs to know of a list. */
export type CursorList = {
  readonly length: number;
  /** Index of a row, or undefined when the list does not have it; looked for around `near` first. */
  indexOf(id: string, near?: number): number | undefined;
  idAt(index: number): string | undefined;
  labelAt(index: number): string;
};

/** Lines in the list, the ghost's own included. */
export const lineCount = (cursor: Cursor, list: CursorList): number => list.length + (cursor.ghost ? 1 : 0);

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

function withTop(cursor: Cursor, list: CursorList, height: number, wanted: number): Cursor {
  const lines = lineCount(cursor, list);
  let top = clamp(wanted, 0, Math.max(0, lines - height));
  if (cursor.index < top) top = cursor.index;
  else if (cursor.index >= top + height) top = cursor.index - height + 1;
  top = Math.max(0, top);
  return top === cursor.top ? cursor : { ...cursor, top };
}

/**
 * The cursor after the list, or the height of the window, changed. The same object comes back when nothing did.
 * When new rows would push the cursor's row out of the window, it is kept at the same line of the screen.
 *
 * @param begin index of the row to be on before the user has moved
 */
export function settle(cursor: Cursor, list: CursorList, height: number, begin = 0): Cursor {
  if (cursor.id === undefined || !cursor.bound) return beginAt(cursor, list, height, begin);
  const index = list.indexOf(cursor.id, cursor.index);
  if (index === undefined) {
    const place = clamp(cursor.index, 0, list.length);
    const ghost = cursor.ghost && place === cursor.index ? cursor : { ...cursor, index: place, ghost: true };
    return withTop(ghost, list, height, ghost.top);
  }
  const line = cursor.index - cursor.top;
  const moved = index === cursor.index && !cursor.ghost ? cursor : { ...cursor, index, ghost: false };
  const visible = index >= cursor.top && index < cursor.top + height;
  return withTop(moved, list, height, visible ? cursor.top : index - clamp(line, 0, height - 1));
}

function beginAt(cursor: Cursor, list: CursorList, height: number, index: number): Cursor {
  const id = list.idAt(index);
  if (id === undefined) return cursor.id === undefined ? cursor : noCursor;
  const label = list.labelAt(index);
  const same = id === cursor.id && label === cursor.label && index === cursor.index;
  const here = same ? cursor : { ...noCursor, id, label, index };
  return withTop(here, list, height, here.top);
}

/** Puts the cursor on the row at an index of the list (the ghost, if any, is gone). */
export function place(cursor: Cursor, list: CursorList, height: number, index: number): Cursor {
  const target = clamp(index, 0, list.length - 1);
  const id = list.idAt(target);
  if (id === undefined) return cursor;
  if (id === cursor.id && target === cursor.index && !cursor.ghost)
    return withTop(bind(cursor), list, height, cursor.top);
  return withTop(
    { id, label: list.labelAt(target), index: target, top: cursor.top, ghost: false, bound: true },
    list,
    height,
    cursor.top,
  );
}

/** Moves by lines. From a ghost, down is the row that took its place and up the one before it. */
export function move(cursor: Cursor, list: CursorList, height: number, delta: number): Cursor {
  if (cursor.id === undefined) return bind(settle(cursor, list, height));
  const from = cursor.ghost && delta > 0 ? cursor.index - 1 : cursor.index;
  return place(cursor, list, height, from + delta);
}
