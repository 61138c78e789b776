import type { Health } from '../../identity/health.ts';
import type { LiveModel } from '../../live/model.ts';
import { ListCache, type RowSet, type Sort } from '../state/list.ts';
import type { TableKind, TableView } from '../state/view.ts';
import { healthText } from '../text/health.ts';
import { associations } from './associations.ts';
import { clusters } from './clusters.ts';
import { headerText, placeColumns, rowText } from './geometry.ts';
import { namespaces } from './namespaces.ts';
import { roles } from './roles.ts';
import { serviceAccounts } from './service-accounts.ts';
import type { AnyRow, CellContext, Table } from './table.ts';

/** How much room a table has, and which of its columns are wanted. */
export type Geometry = { readonly width: number; readonly wide: boolean; readonly acrossClusters: boolean };

/** A table whose row type is hidden: rows go out of it and come back to it only. */
export type TableEngine = {
  readonly kind: TableKind;
  rowSet(model: LiveModel, view: TableView, filter: string, sort: Sort): RowSet<AnyRow>;
  header(geometry: Geometry, arrow: string): string;
  text(row: AnyRow, geometry: Geometry, context: CellContext): string;
  health(row: AnyRow): Health;
  healthText(row: AnyRow): string;
  stale(row: AnyRow): boolean;
  explain(row: AnyRow, context: CellContext): readonly string[];
  /** Columns that a filter may name, wide ones too. */
  readonly filterColumns: readonly string[];
  /** What they say of a row. */
  cells(row: AnyRow, context: CellContext): readonly string[];
};

/** Title of the last column, which every table has. */
const healthTitle = 'HEALTH';

/** What a filter that names a column asks: every column as it is shown, wide or not, and the health in all its words. */
function cellsOf<Row extends AnyRow>(table: Table<Row>, now: () => number) {
  const columns = new Map(table.columns.map(column => [column.title, column]));
  return {
    titles: [...columns.keys(), healthTitle],
    of: (row: Row) => (title: string) => {
      if (title !== healthTitle) return columns.get(title)?.text(row, { now: now() });
      const health = table.health(row);
      return `${health.level} ${health.code} ${table.healthText?.(row) ?? ''}`;
    },
  };
}

function engine<Row extends AnyRow>(table: Table<Row>, now: () => number): TableEngine {
  const cache = new ListCache<Row>({ ...table.list, cells: cellsOf(table, now) });
  // Rows handed in were handed out by `rowSet` of the same table.
  const own = (row: AnyRow): Row => row as Row;
  let placed: { geometry: Geometry; columns: ReturnType<typeof placeColumns<Row>> } | undefined;
  const columns = (geometry: Geometry) => {
    const same =
      placed &&
      placed.geometry.width === geometry.width &&
      placed.geometry.wide === geometry.wide &&
      placed.geometry.acrossClusters === geometry.acrossClusters;
    if (!placed || !same) placed = { geometry, columns: placeColumns(table.columns, geometry.width, geometry) };
    return placed.columns;
  };
  return {
    kind: table.kind,
    rowSet: (model, view, filter, sort) =>
      cache.get(table.rows(model, view), filter, sort) as unknown as RowSet<AnyRow>,
    header: (geometry, arrow) => headerText(columns(geometry), arrow),
    text: (row, geometry, context) => rowText(columns(geometry), own(row), context),
    health: row => table.health(own(row)),
    healthText: row => table.healthText?.(own(row)) ?? healthText(table.health(own(row))),
    stale: row => table.stale(own(row)),
    explain: (row, context) => table.explain(own(row), context),
    filterColumns: [...table.columns.map(column => column.title), healthTitle],
    cells: (row, context) => [
      ...table.columns.map(column => column.text(own(row), context)),
      table.healthText?.(own(row)) ?? healthText(table.health(own(row))),
    ],
  };
}

export type Tables = Readonly<Record<TableKind, TableEngine>>;

/** One set per app: each table keeps its last sorted and filtered list. */
export const createTables = (now: () => number = Date.now): Tables => ({
  clusters: engine(clusters, now),
  namespaces: engine(namespaces, now),
  'service-accounts': engine(serviceAccounts, now),
  associations: engine(associations, now),
  roles: engine(roles, now),
});
