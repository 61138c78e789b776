import type { ClusterRow } from '../model.ts';

/** More rows than any terminal shows. */
const most = 100;

const column = (text: string, width: number): string => text.slice(0, width).padEnd(width);

/** The clusters as plain text, one line each: what the first paint of the next sitting shows. */
export function frameText(rows: readonly ClusterRow[], at: number): string {
  const lines = rows.slice(0, most).map(row => {
    const { cluster } = row;
    const known =
      cluster.state === 'read' ? cluster.value : cluster.state === 'failed' ? cluster.last?.value : undefined;
    return [
      column(row.name, 24),
      column(row.region, 15),
      column(known?.version ?? '', 6),
      column(known?.status ?? '', 10),
      String(row.associations ?? '?').padStart(7),
    ].join(' ');
  });
  return [`as of ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC, not read again yet`, ...lines].join(
    '\n',
  );
}
