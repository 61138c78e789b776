import type { Health } from '../../identity/health.ts';
import { lastKnown, type Reading } from '../../identity/reading.ts';
import type {
  AssociationRow,
  ClusterRow,
  LiveModel,
  NamespaceRow,
  RoleRow,
  ServiceAccountRow,
} from '../../live/model.ts';
import type { ListSpec, SortValue } from '../state/list.ts';
import type { TableKind, TableView } from '../state/view.ts';
import { age } from '../text/numbers.ts';
import type { Role } from '../theme/theme.ts';

export type AnyRow = ClusterRow | NamespaceRow | ServiceAccountRow | AssociationRow | RoleRow;

export type CellContext = { readonly now: number };

export type Column<Row> = {
  readonly title: string;
  /** Least cells it is useful with. */
  readonly width: number;
  /** Most cells it grows to; absent: it does not grow. */
  readonly max?: number;
  readonly align?: 'right';
  /** 1 is always shown; the highest go first when there is no room. */
  readonly priority: number;
  /** Only with the wide view on. */
  readonly wide?: boolean;
  /** Only when the view spans clusters. */
  readonly acrossClusters?: boolean;
  /** Only when the view is of one cluster: what is read of a cluster in view alone, or has no room beside others. */
  readonly withinCluster?: boolean;
  /** Names of which many begin alike: where there is no room for all of one, its middle goes. */
  readonly alike?: boolean;
  /** Sorting by name orders by this column. */
  readonly named?: boolean;
  readonly text: (row: Row, context: CellContext) => string;
  /** What an order by this column compares; absent: its text. */
  readonly sort?: (row: Row) => SortValue;
  /** It says how long ago: that it moves on is no change. */
  readonly ages?: boolean;
};

/** One kind of table: where its rows come from, what its columns say, how a row explains itself. */
export type Table<Row extends AnyRow> = {
  readonly kind: TableKind;
  readonly columns: readonly Column<Row>[];
  readonly list: ListSpec<Row>;
  /** Groups that the rows of all clusters can stand in, by what they are called. */
  readonly groups?: Readonly<Record<string, (row: Row) => string>>;
  readonly rows: (model: LiveModel, view: TableView) => readonly Row[];
  readonly health: (row: Row) => Health;
  /** What the HEALTH column says, when it is not the worst finding. */
  readonly healthText?: (row: Row) => string;
  /** Rows kept from before a failure are drawn dim. */
  readonly stale: (row: Row) => boolean;
  /** One or two lines under the table about the row under the cursor, beyond its health. */
  readonly explain: (row: Row, context: CellContext) => readonly string[];
};

export const healthWidth = 14;

/** A cell of something read: `…` until it was, `?` when it could not be, the last value while it is stale. */
export function cell<T>(reading: Reading<T>, text: (value: T) => string): string {
  if (reading.state === 'unread') return '…';
  const last = lastKnown(reading);
  return last ? text(last.value) : '?';
}

/** A value of something read to sort by; what is not known has none. */
export const sortCell = <T>(reading: Reading<T>, value: (value: T) => SortValue): SortValue => {
  const last = lastKnown(reading);
  return last ? value(last.value) : undefined;
};

/** How long ago it was read: `4s`, `?` when never. */
export const readAge = (reading: Reading<unknown>, now: number): string => {
  const last = lastKnown(reading);
  return last ? age(now - last.at) : '?';
};

/** The youngest reading first. */
export const byReadAge = (reading: Reading<unknown>): SortValue => {
  const last = lastKnown(reading);
  return last && -last.at;
};

/** How long ago, the youngest first. */
export const byAge = (at: number | undefined): SortValue => (at === undefined ? undefined : -at);

export const isStale = (reading: Reading<unknown>): boolean => reading.state === 'failed' && reading.last !== undefined;

/** Role of a row's text when nothing else colours it. */
export const rowRole = (stale: boolean, level: Health['level']): Role =>
  stale || level === 'pending' ? 'dim' : 'text';
