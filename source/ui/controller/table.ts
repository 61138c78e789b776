import { lastKnown } from '../../identity/reading.ts';
import type { AssociationRow, NamespaceRow, RoleRow, ServiceAccountRow } from '../../live/model.ts';
import type { RowFacts } from '../actions/action.ts';
import { tableHeight } from '../state/layout.ts';
import type { RowSet } from '../state/list.ts';
import { noticeHeight, type PaneState, paneState, sourcesOf } from '../state/pane.ts';
import { type Frame, topFrame, type UiState } from '../state/state.ts';
import { isTable, type TableView, viewCluster } from '../state/view.ts';
import type { TableEngine } from '../tables/engine.ts';
import type { AnyRow } from '../tables/table.ts';
import { arnName } from '../text/arn.ts';
import { clean } from '../text/sanitise.ts';
import { type App, clusterRow, layout } from './app.ts';

/** The table on screen with all that a key or a frame needs of it. Cheap: lists are cached. */
export type CurrentTable = {
  readonly frame: Frame;
  readonly view: TableView;
  readonly engine: TableEngine;
  readonly set: RowSet<AnyRow>;
  readonly pane: PaneState;
  /** Lines of rows that fit. */
  readonly height: number;
};

export function currentTable(app: App, state: UiState): CurrentTable | undefined {
  const frame = topFrame(state);
  if (!isTable(frame.view)) return undefined;
  const engine = app.tables[frame.view.kind];
  const set = engine.rowSet(app.model, frame.view, frame.filter, frame.sort);
  const sources = sourcesOf(frame.view, app.model.sources(), clusterRow(app, viewCluster(frame.view)));
  const pane = paneState({ sources, rows: set.length, total: set.total });
  return { frame, view: frame.view, engine, set, pane, height: tableHeight(layout(state), noticeHeight(pane)) };
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
    case 'service-accounts':
      return { kind: 'service-accounts', cluster: view.cluster, row: row as ServiceAccountRow };
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
