import { lastKnown } from '../../identity/reading.ts';
import type { AssociationRow, NamespaceRow, RoleRow, ServiceAccountRow } from '../../live/model.ts';
import { subjectKey } from '../../live/views/compare.ts';
import type { RowFacts } from '../actions/action.ts';
import { incompleteLines } from '../screens/table/sources.ts';
import { type PreviewArea, previewArea, tableHeight } from '../state/layout.ts';
import type { Line } from '../state/lines.ts';
import type { RowSet } from '../state/list.ts';
import { type PaneState, paneState, sourcesOf } from '../state/pane.ts';
import { ShownRows } from '../state/shown-rows.ts';
import { type Frame, topFrame, type UiState } from '../state/state.ts';
import { isFleet, isTable, type TableView, viewCluster } from '../state/view.ts';
import type { RowQuery, TableEngine } from '../tables/engine.ts';
import type { AnyRow } from '../tables/table.ts';
import { arnName } from '../text/arn.ts';
import { clean } from '../text/sanitise.ts';
import { type App, clusterRow, layout } from './app.ts';
import { subjectOfRow } from './drift.ts';

/** The table on screen with all that a key or a frame needs of it. Cheap: lists are cached. */
export type CurrentTable = {
  readonly frame: Frame;
  readonly view: TableView;
  readonly engine: TableEngine;
  readonly set: RowSet<AnyRow>;
  /** The rows with what stands among them. */
  readonly lines: ShownRows<AnyRow>;
  readonly pane: PaneState;
  /** Lines that fit. */
  readonly height: number;
  /** Cells of a row. */
  readonly width: number;
  /** Where more about the row under the cursor is shown; undefined: in the strip. */
  readonly preview: PreviewArea | undefined;
  /** What failed, under the rows. */
  readonly incomplete: readonly Line[];
};

/** What a place asks of its table. */
export function queryOf(app: App, { view, filter, sort, group, drift }: Frame): RowQuery {
  if (!isFleet(view)) return { filter, sort };
  if (!drift) return { filter, sort, group };
  const drifting = app.drift.all();
  return {
    filter,
    sort,
    group: group ?? 'service account',
    only: {
      of: drifting,
      keeps: row => {
        const { namespace, name } = subjectOfRow(row);
        return drifting.has(subjectKey(namespace, name));
      },
    },
  };
}

/** The rows of a place when nothing is filtered out. */
export const unfiltered = (app: App, table: CurrentTable): RowSet<AnyRow> =>
  table.engine.rowSet(app.model, table.view, { filter: '', sort: table.frame.sort });

export function currentTable(app: App, state: UiState): CurrentTable | undefined {
  const frame = topFrame(state);
  if (!isTable(frame.view)) return undefined;
  const engine = app.tables[frame.view.kind];
  const set = engine.rowSet(app.model, frame.view, queryOf(app, frame));
  const sources = sourcesOf(frame.view, app.model.sources(), clusterRow(app, viewCluster(frame.view)));
  const pane = paneState({ sources, rows: set.length, total: set.total });
  const room = layout(state);
  const preview = state.preview.show === 'nothing' ? undefined : previewArea(room, state.preview.place);
  const incomplete =
    pane.kind === 'failed' && pane.rows ? incompleteLines(pane.sources, pane.of, state.now, room.width) : [];
  const below = preview?.place === 'below' ? preview.rows : preview ? 0 : room.strip;
  return {
    frame,
    view: frame.view,
    engine,
    set,
    lines: new ShownRows(set, frame.gone),
    pane,
    preview,
    incomplete,
    width: room.width - (preview?.place === 'right' ? preview.cells : 0),
    height: tableHeight(room, below + incomplete.length),
  };
}

/** The row under the cursor, if it is still there. */
export function cursorRow(table: CurrentTable): AnyRow | undefined {
  const { id, ghost } = table.frame.cursor;
  return id === undefined || ghost ? undefined : table.set.byId(id, table.frame.cursor.index);
}

/** A row with its kind, so that actions can tell rows apart. */
export type KindedRow =
  | { readonly kind: 'clusters'; readonly cluster: string }
  | { readonly kind: 'namespaces'; readonly cluster: string; readonly row: NamespaceRow }
  | { readonly kind: 'service-accounts'; readonly cluster: string; readonly row: ServiceAccountRow }
  | { readonly kind: 'associations'; readonly cluster: string; readonly row: AssociationRow }
  | { readonly kind: 'roles'; readonly cluster: string; readonly row: RoleRow };

/** Rows say what they are by the view they are in. */
export function kinded(view: TableView, row: AnyRow): KindedRow {
  switch (view.kind) {
    case 'clusters':
      return { kind: 'clusters', cluster: row.id };
    case 'namespaces':
      return { kind: 'namespaces', cluster: view.cluster, row: row as NamespaceRow };
    case 'service-accounts': {
      const account = row as ServiceAccountRow;
      return { kind: 'service-accounts', cluster: account.cluster, row: account };
    }
    case 'associations': {
      const association = row as AssociationRow;
      return { kind: 'associations', cluster: association.cluster, row: association };
    }
    case 'roles':
      return { kind: 'roles', cluster: view.cluster, row: row as RoleRow };
  }
}

const ownerName = (ownerArn: string | undefined): { readonly owner?: string } =>
  ownerArn ? { owner: clean(ownerArn.split('/')[2] ?? arnName(ownerArn)) } : {};

/** What a row allows, for `disabledReason`. */
export function rowFacts(subject: KindedRow): RowFacts {
  if (subject.kind === 'associations') {
    const known = lastKnown(subject.row.association);
    return { ghost: false, association: known ? 'one' : 'unread', ...ownerName(subject.row.ownerArn) };
  }
  if (subject.kind === 'service-accounts') {
    const { association } = subject.row;
    const known = lastKnown(association);
    if (!known)
      return {
        ghost: false,
        association: subject.row.associationId || association.state !== 'read' ? 'unread' : 'none',
      };
    return { ghost: false, association: known.value ? 'one' : 'none', ...ownerName(known.value?.ownerArn) };
  }
  return { ghost: false, association: 'none' };
}
