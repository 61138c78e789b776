import { firstKey } from '../screens/help/key-text.ts';
import { type Cursor, noCursor } from '../state/cursor.ts';
import { concerns, covers, type Followed, isFollowed, subjectType } from '../state/following.ts';
import type { Line } from '../state/lines.ts';
import type { RowSet } from '../state/list.ts';
import type { UiState } from '../state/state.ts';
import { clusterName } from '../state/view.ts';
import type { AnyRow } from '../tables/table.ts';
import { cut } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import type { CurrentTable, KindedRow } from './table.ts';

/** The subject of a row, to follow it. */
export function subjectToFollow(subject: KindedRow, id: string, label: string): Followed {
  const { kind, cluster } = subject;
  const found = { type: subjectType[kind], cluster, label, ids: { [kind]: id } };
  switch (subject.kind) {
    case 'namespaces':
      return { ...found, namespace: subject.row.name };
    case 'service-accounts':
      return { ...found, namespace: subject.row.namespace, account: subject.row.name };
    case 'associations':
      return { ...found, namespace: subject.row.namespace, account: subject.row.serviceAccount };
    default:
      return found;
  }
}

/** Finds the followed row of a list; the answer is kept as long as the list is the same. */
export class FollowedRow {
  #last: { readonly set: RowSet<AnyRow>; readonly followed: Followed; readonly id: string | undefined } | undefined;

  /** The id of its row, looked for under the cursor first. */
  idIn({ set, view, frame }: CurrentTable, followed: Followed): string | undefined {
    const { id, index } = frame.cursor;
    const here = id === undefined ? undefined : set.rows[index];
    if (here?.id === id && here && isFollowed(here, view.kind, followed)) return id;
    if (this.#last?.set === set && this.#last.followed === followed) return this.#last.id;
    const found = set.rows.find(row => isFollowed(row, view.kind, followed))?.id;
    this.#last = { set, followed, id: found };
    return found;
  }
}

/** The id of the line that stands for a followed row which a table has never had. */
const absentId = ({ cluster, label }: Followed): string => `${cluster}|absent ${label}`;

/** Whether a line is that of a followed row which a table has never had. */
export const isAbsent = (followed: Followed | undefined, id: string): boolean =>
  followed !== undefined && id === absentId(followed);

/** Nothing of a table has been read: nobody knows what it has, and its notice says why. */
const isUnread = ({ pane }: CurrentTable): boolean => pane.kind === 'loading' || (pane.kind === 'failed' && !pane.rows);

/**
 * The cursor on the followed row, wherever that is now, or on the line that says where it is not. In a table that cannot
 * have it the cursor is free, and in one that was not read it is on no row.
 *
 * @param id of its row in the table, if it has one
 */
export function cursorOnFollowed(table: CurrentTable, followed: Followed, id: string | undefined): Cursor {
  const { frame, view, set, height } = table;
  const { cursor } = frame;
  if (!covers(view, followed)) return cursor;
  if (isUnread(table)) return noCursor;
  const wanted = id ?? followed.ids[view.kind] ?? absentId(followed);
  if (cursor.id === wanted) return cursor.bound ? cursor : { ...cursor, bound: true };
  // Into the middle of the window, where the cursor has not been anywhere yet.
  const line = cursor.id === undefined ? Math.floor(height / 2) : cursor.line;
  const top = cursor.id === undefined ? 0 : cursor.top;
  const index = id === undefined ? cursor.index : (set.indexOf(id, cursor.index) ?? cursor.index);
  return { ...cursor, id: wanted, label: followed.label, index, line, top, bound: true };
}

/** With the id of its row in a table, so that it is known there when it has gone. */
export const withRowId = (followed: Followed, { view }: CurrentTable, id: string | undefined): Followed =>
  id === undefined || followed.ids[view.kind] === id
    ? followed
    : { ...followed, ids: { ...followed.ids, [view.kind]: id } };

/** Where the followed row is not: in words, and where there is little room in one. */
const troubles = {
  elsewhere: ['not in this table', 'not here'],
  unread: ['not read here', 'not read'],
  absent: ['not in this table', 'not here'],
  gone: ['it is gone', 'gone'],
  filtered: ['hidden by the filter', 'hidden'],
  hidden: ['not among these', 'hidden'],
} as const;

/** Undefined: the cursor is on it. */
function troubleOf(table: CurrentTable, followed: Followed): keyof typeof troubles | undefined {
  const { frame, view } = table;
  if (!covers(view, followed)) return 'elsewhere';
  if (isUnread(table)) return 'unread';
  const line = frame.cursor.ghost ? frame.gone.find(({ id }) => id === frame.cursor.id) : undefined;
  return line?.why === 'hidden' && frame.filter !== '' ? 'filtered' : line?.why;
}

/** What is followed in the table on screen, how that stands and what ends it; nothing: nothing is. */
export function followLine(state: UiState, table: CurrentTable): Line {
  const { followed } = state;
  if (!concerns(followed, table.view)) return [];
  const narrow = state.columns < 80;
  const trouble = troubleOf(table, followed);
  const words = trouble ? `: ${troubles[trouble][narrow ? 1 : 0]}` : '';
  const where = trouble === 'elsewhere' && !narrow ? ` of ${clean(clusterName(followed.cluster))}` : '';
  return [
    { text: `following ${cut(followed.label, narrow ? 12 : 40)}${where}`, role: trouble ? 'text' : 'info' },
    { text: words, role: 'warning' },
    { text: narrow ? ' ' : '  ' },
    { text: `<${firstKey('follow-row', state.keyMap)}>`, role: 'key' },
    ...(narrow ? [] : ([{ text: ' or ' }, { text: '<esc>', role: 'key' }, { text: ' ends' }] as const)),
  ];
}
