import type { Health } from '../../identity/health.ts';
import type { LiveModel } from '../../live/model.ts';
import { type Filter, matchRanges, type Range } from '../state/filter.ts';
import { ListCache, type Query, type RowSet, type Sort } from '../state/list.ts';
import type { TableKind, TableView } from '../state/view.ts';
import { healthText } from '../text/health.ts';
import { associations } from './associations.ts';
import { clusters } from './clusters.ts';
import { columnStarts, headerText, inCells, placeColumns, rowText } from './geometry.ts';
import { namespaces } from './namespaces.ts';
import { roles } from './roles.ts';
import { serviceAccounts } from './service-accounts.ts';
import type { AnyRow, CellContext, Table } from './table.ts';

/** How much room a table has, and which of its columns are wanted. */
export type Geometry = {
  readonly width: number;
  readonly wide: boolean;
  readonly acrossClusters: boolean;
  readonly hidden?: readonly string[];
};

/** Which rows are wanted, in which order. */
export type RowQuery = {
  readonly filter: string;
  readonly sort: Sort;
  /** Name of a group of the table's; absent: the table's own. */
  readonly group?: string | undefined;
  readonly only?: Query<AnyRow>['only'];
};

/** A column as it is placed on the screen. */
export type ShownColumn = {
  readonly title: string;
  readonly start: number;
  readonly width: number;
};

/** A table whose row type is hidden: rows go out of it and come back to it only. */
export type TableEngine = {
  readonly kind: TableKind;
  rowSet(model: LiveModel, view: TableView, query: RowQuery): RowSet<AnyRow>;
  /** What a view is made of, before filter and order. */
  source(model: LiveModel, view: TableView): readonly AnyRow[];
  /** Names of the groups that rows of all clusters can stand in. */
  readonly groups: readonly string[];
  /**
   * Makes ready what a filter searches, of these columns too: done before anything is asked of it, a slice at a time.
   * Returns whether there is more to make.
   */
  prepareFilter(columns: readonly string[]): boolean;
  /** The filter in force, for underlining what it found. */
  filter(): Filter;
  columns(geometry: Geometry): readonly ShownColumn[];
  header(geometry: Geometry, sort: Sort, picked?: string): string;
  /** Where the filter in force is found in the text of a row. */
  found(row: AnyRow, geometry: Geometry, context: CellContext): readonly Range[];
  text(row: AnyRow, geometry: Geometry, context: CellContext): string;
  health(row: AnyRow): Health;
  healthText(row: AnyRow): string;
  stale(row: AnyRow): boolean;
  explain(row: AnyRow, context: CellContext): readonly string[];
  /** Columns that a filter may name, wide ones too. */
  readonly filterColumns: readonly string[];
  /** Those that say how long ago something was: that they move on is no change. */
  readonly aging: ReadonlySet<string>;
  /** What they say of a row. */
  cells(row: AnyRow, context: CellContext): readonly string[];
};

/** Title of the last column, which every table has. */
export const healthTitle = 'HEALTH';

/** What a filter that names a column asks: every column as it is shown, wide or not, and the health in all its words. */
function cellsOf<Row extends AnyRow>(table: Table<Row>, now: () => number) {
  const columns = new Map(table.columns.map(column => [column.title, column]));
  return {
    titles: [...columns.keys(), healthTitle],
    moving: new Set(table.columns.filter(({ ages }) => ages).map(({ title }) => title)),
    of: () => {
      const context = { now: now() };
      return (row: Row) => (title: string) => {
        if (title !== healthTitle) return columns.get(title)?.text(row, context);
        const health = table.health(row);
        return `${health.level} ${health.code} ${table.healthText?.(row) ?? ''}`;
      };
    },
  };
}

function engine<Row extends AnyRow>(table: Table<Row>, now: () => number): TableEngine {
  const byTitle = new Map(table.columns.map(column => [column.title, column]));
  const cache = new ListCache<Row>({
    ...table.list,
    cells: cellsOf(table, now),
    sortValue: (row, title) => {
      const column = byTitle.get(title);
      return column?.sort ? column.sort(row) : column?.text(row, { now: now() });
    },
  });
  // Rows handed in were handed out by `rowSet` of the same table.
  const own = (row: AnyRow): Row => row as Row;
  let placed: { geometry: Geometry; columns: ReturnType<typeof placeColumns<Row>> } | undefined;
  const columns = (geometry: Geometry) => {
    const same =
      placed &&
      placed.geometry.width === geometry.width &&
      placed.geometry.wide === geometry.wide &&
      placed.geometry.acrossClusters === geometry.acrossClusters &&
      placed.geometry.hidden === geometry.hidden;
    if (!placed || !same) placed = { geometry, columns: placeColumns(table.columns, geometry.width, geometry) };
    return placed.columns;
  };
  return {
    kind: table.kind,
    rowSet: (model, view, { group, ...query }) => {
      const of = group === undefined ? undefined : table.groups?.[group];
      const asked: Query<Row> = { ...query, ...(of && group !== undefined ? { group: { by: group, of } } : {}) };
      return cache.get(table.rows(model, view), asked) as unknown as RowSet<AnyRow>;
    },
    source: table.rows,
    groups: Object.keys(table.groups ?? {}),
    prepareFilter: columns => cache.prepare(columns),
    filter: () => cache.filter,
    columns: geometry => {
      const shown = columns(geometry);
      const starts = columnStarts(shown);
      return shown.map(({ column, width }, index) => ({
        title: column.title,
        start: starts[index] ?? 0,
        width,
      }));
    },
    header: (geometry, { by, descending }, picked) =>
      headerText(columns(geometry), { by, arrow: by === 'default' ? '' : descending ? 'v' : '^' }, picked),
    found: (row, geometry, context) => {
      const shown = columns(geometry);
      const starts = columnStarts(shown);
      return shown.flatMap(({ column, width }, index) => {
        const text = inCells(column, column.text(own(row), context), width);
        const start = starts[index] ?? 0;
        return matchRanges(cache.filter, text, column.title).map(([from, to]): Range => [start + from, start + to]);
      });
    },
    text: (row, geometry, context) => rowText(columns(geometry), own(row), context),
    health: row => table.health(own(row)),
    healthText: row => table.healthText?.(own(row)) ?? healthText(table.health(own(row))),
    stale: row => table.stale(own(row)),
    explain: (row, context) => table.explain(own(row), context),
    filterColumns: [...table.columns.map(column => column.title), healthTitle],
    aging: new Set(table.columns.filter(column => column.ages).map(column => column.title)),
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
