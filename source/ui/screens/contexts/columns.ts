import type { ContextRow } from '../../state/contexts.ts';
import { headerText, placeColumns, rowText } from '../../tables/geometry.ts';
import type { Column } from '../../tables/table.ts';
import { count } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';

/** `eu-west-1 +2`: the first of them, and how many more. */
const regionsText = ([first, ...more]: readonly string[]): string =>
  first === undefined ? '-' : `${clean(first)}${more.length > 0 ? ` +${more.length}` : ''}`;

/** `3h12m`, `41m`, `expired`; `-` for what does not run out, `?` for what was not asked. */
export function expiryText(expiresAt: ContextRow['expiresAt'], now: number): string {
  if (expiresAt === undefined) return '?';
  if (expiresAt === 'never') return '-';
  const minutes = Math.floor((expiresAt - now) / 60_000);
  if (minutes < 0) return 'expired';
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? (hours > 0 ? `${hours}h${minutes % 60}m` : `${minutes}m`) : `${Math.floor(hours / 24)}d`;
}

const columns: readonly Column<ContextRow>[] = [
  { title: 'PROFILE', width: 16, max: 32, priority: 1, named: true, text: row => clean(row.name) },
  { title: 'ACCOUNT', width: 12, priority: 1, text: row => row.account ?? '?' },
  { title: 'ALIAS', width: 12, max: 24, priority: 6, text: row => clean(row.alias ?? '-') },
  { title: 'AUTH', width: 12, priority: 3, text: row => row.auth },
  { title: 'EXPIRES', width: 8, priority: 2, text: (row, { now }) => expiryText(row.expiresAt, now) },
  { title: 'REGIONS', width: 15, max: 20, priority: 5, text: row => regionsText(row.regions) },
  { title: 'CLUSTERS', width: 8, align: 'right', priority: 4, text: row => count(row.clusters) },
  { title: 'ROLE-ARN', width: 20, max: 48, priority: 7, wide: true, text: row => clean(row.roleArn ?? '-') },
  { title: 'SOURCE', width: 12, max: 24, priority: 8, wide: true, text: row => clean(row.source ?? '-') },
  { title: 'ENDPOINT', width: 16, max: 32, priority: 9, wide: true, text: row => clean(row.endpoint ?? '-') },
];

/** The wide view gives up the ways to sign in, regions and counts first: the strip tells them of the row in question. */
const wideFirst: readonly Column<ContextRow>[] = columns.map(column =>
  column.wide
    ? { ...column, priority: column.priority - 4 }
    : column.priority > 2
      ? { ...column, priority: column.priority + 4 }
      : column,
);

/** The heading and the cells of rows, as many columns as fit. */
export function contextTable(width: number, wide: boolean) {
  const placed = placeColumns(wide ? wideFirst : columns, width, { wide, acrossClusters: false });
  return {
    header: headerText(placed, { by: '', arrow: '' }),
    text: (row: ContextRow, now: number) => rowText(placed, row, { now }),
  };
}
