import { type Cursor, noCursor, settle } from '../state/cursor.ts';
import { concerns, type Followed } from '../state/following.ts';
import { followGone, type Gone, goneFor, goneRoom, unexpired } from '../state/gone.ts';
import type { RowSet } from '../state/list.ts';
import { lookedAt } from '../state/looked.ts';
import { changeTop } from '../state/navigation.ts';
import { ShownRows } from '../state/shown-rows.ts';
import { type Frame, isFrozen, type UiState } from '../state/state.ts';
import { isFleet } from '../state/view.ts';
import type { AnyRow } from '../tables/table.ts';
import { levelRank } from '../text/health.ts';
import type { App } from './app.ts';
import { cursorOnFollowed, FollowedRow, isAbsent, withRowId } from './follow.ts';
import { type CurrentTable, currentTable } from './table.ts';

/** What was on screen when the table was last looked at. */
type Seen = { readonly place: string; readonly set: RowSet<AnyRow>; readonly first: number; readonly last: number };

/** Indices of the rows in the window: from `first` to, without, `last`. */
export const rowsInWindow = (lines: ShownRows<AnyRow>, { top }: Cursor, height: number) => ({
  first: lines.rowsAbove(top),
  last: lines.rowsAbove(top + height),
});

/**
 * Keeps a table in step with its rows: the cursor on its own, lines where rows were that others took away, no marks of
 * rows that are no more. A frozen table stays as it is, and catches up when it is free again.
 */
export class Settler {
  readonly #app: App;
  #seen: Seen | undefined;
  /** Rows among which the marks were last looked for. */
  #marksOf: readonly AnyRow[] | undefined;
  readonly #row = new FollowedRow();
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(app: App) {
    this.#app = app;
  }

  readonly settle = (): void => this.#app.store.update(state => this.#settled(state));

  #settled(state: UiState): UiState {
    if (isFrozen(state)) return state;
    const table = currentTable(this.#app, state);
    if (!table) {
      this.#seen = undefined;
      return state;
    }
    const now = this.#app.clock.now();
    const { frame, set, height } = table;
    const kept = this.#goneOf(table, now);
    // On a list without rows nothing holds the cursor: after a while it says why it is empty.
    const left = set.length === 0 && frame.cursor.ghost && !kept.some(({ id }) => id === frame.cursor.id);
    const followed = concerns(state.followed, table.view) ? state.followed : undefined;
    const rowId = followed && this.#row.idIn(table, followed);
    const before = followed ? cursorOnFollowed(table, followed, rowId) : left ? noCursor : frame.cursor;
    const gone = withCursorsOwn(this.#app, table, { cursor: before, gone: kept, now, followed });
    const lines = new ShownRows(set, gone);
    const cursor = settle(before, lines, height, beginning(table));
    this.#seen = { place: placeKey(frame), set, ...rowsInWindow(lines, cursor, height) };
    const marks = this.#living(table);
    const { looked, at } = lookedAt(frame.looked, changeUnderCursor(frame, set, cursor), now);
    this.#wake(Math.min(at, ...endsOf(gone, set.length === 0 ? undefined : cursor.id)));
    const same = frame.cursor === cursor && frame.gone === gone && frame.marks === marks && frame.looked === looked;
    const next = same ? state : changeTop(state, top => ({ ...top, cursor, gone, marks, looked }));
    const known = followed && withRowId(followed, table, rowId);
    return known === followed || !known ? next : { ...next, followed: known };
  }

  #goneOf(table: CurrentTable, now: number): readonly Gone<AnyRow>[] {
    const { frame, set, height } = table;
    const { id, bound, ghost } = frame.cursor;
    const seen = this.#seen;
    // Another place, filter or order: what went before is of no interest there.
    if (seen?.place !== placeKey(frame)) return frame.gone.length === 0 ? frame.gone : nothing;
    const gone = unexpired(frame.gone, { now, cursor: ghost ? id : undefined, empty: set.length === 0 });
    if (seen.set === set) return gone;
    return followGone(gone, {
      before: seen.set,
      after: set,
      first: seen.first,
      last: seen.last,
      alive: ids => alive(this.#app, table, ids),
      cursor: bound ? id : undefined,
      now,
      room: goneRoom(height),
    });
  }

  /** Looks again by itself at a time, for what ends by itself. */
  #wake(at: number): void {
    if (at >= this.#wakeAt || at === Number.POSITIVE_INFINITY) return;
    this.#wakeAt = at;
    const { clock, ended } = this.#app;
    clock.sleep(Math.max(0, at - clock.now()), ended.signal).then(
      () => {
        if (this.#wakeAt === at) this.#wakeAt = Number.POSITIVE_INFINITY;
        this.settle();
      },
      () => {},
    );
  }

  /** The marks without those of rows that are no more. */
  #living({ engine, view, frame }: CurrentTable): Frame['marks'] {
    const { marks } = frame;
    if (marks.size === 0) return marks;
    const rows = engine.source(this.#app.model, view);
    if (this.#marksOf === rows) return marks;
    this.#marksOf = rows;
    const living = rows.flatMap(({ id }) => (marks.has(id) ? [id] : []));
    return living.length === marks.size ? marks : new Set(living);
  }
}

const nothing: readonly never[] = [];

/** When the lines of rows that are gone end, but that of the cursor. */
const endsOf = (gone: readonly Gone<AnyRow>[], cursor: string | undefined): readonly number[] =>
  gone.flatMap(({ id, at }) => (id === cursor ? [] : [at + goneFor]));

/** The change of the row that the cursor is on. */
function changeUnderCursor({ movedAt = 0 }: Frame, set: RowSet<AnyRow>, { index, ghost }: Cursor) {
  const row = ghost ? undefined : set.rows[index];
  return row && 'mark' in row && row.mark ? { id: row.id, changedAt: row.mark.at, since: movedAt } : undefined;
}

/** Tells a look at rows from another one of which nothing is to be compared. */
const placeKey = ({ id, view, filter, sort, group, drift }: Frame): string =>
  JSON.stringify([id, view, filter, sort, group, drift]);

/** Which of these rows the model has, whether they are listed or not. Each is looked for in its own cluster only. */
function alive({ model }: App, { engine, view }: CurrentTable, ids: readonly string[]): ReadonlySet<string> {
  const asked = new Set(ids);
  const views = isFleet(view) ? [...new Set(ids.map(clusterOf))].map(cluster => ({ ...view, cluster })) : [view];
  const found = views.flatMap(each => engine.source(model, each).filter(({ id }) => asked.has(id)));
  return new Set(found.map(({ id }) => id));
}

/** The cluster in the id of a row. */
const clusterOf = (id: string): string => id.slice(0, id.indexOf('|'));

type CursorsOwn = {
  readonly cursor: Cursor;
  readonly gone: readonly Gone<AnyRow>[];
  readonly now: number;
  readonly followed: Followed | undefined;
};

/** With the line of the row under the cursor, where that one is not among the rows. */
function withCursorsOwn(
  app: App,
  table: CurrentTable,
  { cursor, gone, now, followed }: CursorsOwn,
): readonly Gone<AnyRow>[] {
  const { set } = table;
  const { id, label, index, bound } = cursor;
  if (id === undefined || !bound) return gone;
  const own = gone.find(line => line.id === id);
  if (own?.why === 'gone') return gone;
  if (set.indexOf(id, index) !== undefined) return own ? gone.filter(line => line !== own) : gone;
  if (own) return gone;
  const why = isAbsent(followed, id) ? 'absent' : alive(app, table, [id]).has(id) ? 'hidden' : 'gone';
  const line: Gone<AnyRow> = { id, label, at: now, index: Math.min(index, set.length), why, folded: false };
  return [...gone, line].sort((a, b) => a.index - b.index);
}

/** Clusters begin at the worst one, which is what a user comes for; what is in them, at the top. */
function beginning({ engine, set, frame }: CurrentTable): number {
  if (engine.kind !== 'clusters' || frame.cursor.bound) return 0;
  const ranks = set.rows.map(row => levelRank[engine.health(row).level]);
  const worst = Math.min(...ranks);
  return worst <= levelRank.warning ? ranks.indexOf(worst) : 0;
}
