import { Text } from 'ink';
import { Table } from 'ink-table';
import type { PropsWithChildren } from 'react';
import { cells, cut } from '../text/pad.ts';
import { useRole } from '../theme/context.ts';

type Props = { readonly records: readonly Readonly<Record<string, string>>[]; readonly width: number };

/**
 * A short table that does not move: pods of a service account, victims, results. Its cells must be sanitised already.
 * Live lists use `RowList`: this one draws a rule between rows and measures everything at each render.
 */
export function StaticTable({ records, width }: Props) {
  return <Table data={shrink(records, width)} header={Heading} skeleton={Rule} />;
}

const Heading = ({ children }: PropsWithChildren) => <Text {...useRole('title')}>{children}</Text>;
const Rule = ({ children }: PropsWithChildren) => <Text {...useRole('border')}>{children}</Text>;

/** Cuts the widest columns until the table fits: two cells of padding and a border for each column. */
function shrink(records: Props['records'], width: number): Record<string, string>[] {
  const columns = Object.keys(records[0] ?? {});
  const widths = columns.map(column => Math.max(column.length, ...records.map(record => cells(record[column] ?? ''))));
  const room = width - columns.length * 3 - 1;
  const sum = () => widths.reduce((total, value) => total + value, 0);
  while (sum() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    const value = widths[widest] ?? 0;
    if (value <= 4) break;
    widths[widest] = value - 1;
  }
  return records.map(record =>
    Object.fromEntries(columns.map((column, index) => [column, cut(record[column] ?? '', widths[index] ?? 4)])),
  );
}
