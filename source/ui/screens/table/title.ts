import type { SourceState } from '../../../live/model.ts';
import type { TableSlice } from '../../hooks/use-table-slice.ts';
import type { Line } from '../../state/lines.ts';
import type { Frame } from '../../state/state.ts';
import { clusterName, type TableView } from '../../state/view.ts';
import { thousands } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';

const words: Readonly<Record<TableView['kind'], string>> = {
  clusters: 'clusters',
  namespaces: 'namespaces',
  'service-accounts': 'serviceaccounts',
  associations: 'associations',
  roles: 'roles',
};

function scope(view: TableView): string {
  if (view.kind === 'clusters') return 'all';
  const cluster = view.cluster === undefined ? '@all' : clean(clusterName(view.cluster));
  if (view.kind !== 'associations' && view.kind !== 'service-accounts') return cluster;
  return `${cluster}/${view.namespace ? clean(view.namespace) : 'all'}`;
}

/** `associations(prod-eu-1/all)[46] </refund>  2 marked  STALE`. */
export function tableTitle(view: TableView, frame: Frame, slice: TableSlice): Line {
  const { shown, total, pane, marks } = slice;
  const count = shown === total ? thousands(total) : `${thousands(shown)} of ${thousands(total)}`;
  const loading = pane.kind === 'loading' ? '…' : '';
  return [
    { text: words[view.kind], role: 'title' },
    { text: `(${scope(view)})`, role: 'text' },
    { text: `[${count}${loading}]`, role: 'accent' },
    ...(frame.filter === '' ? [] : [{ text: ` </${clean(frame.filter)}>`, role: 'warning' as const }]),
    ...(frame.sort.by === 'default'
      ? []
      : [{ text: `  by ${frame.sort.by}${frame.sort.descending ? ', reversed' : ''}`, role: 'dim' as const }]),
    ...(frame.group ? [{ text: `  by ${frame.group}`, role: 'dim' as const }] : []),
    ...(frame.drift ? [{ text: '  only what differs', role: 'warning' as const }] : []),
    ...(marks > 0 ? [{ text: `  ${marks} marked`, role: 'mark' as const }] : []),
    ...((pane.kind === 'failed' && pane.rows) || (pane.kind === 'filtered' && pane.sources.length > 0)
      ? [{ text: isAllStale(pane.sources, pane.of) ? '  STALE' : '  INCOMPLETE', role: 'error' as const }]
      : []),
  ];
}

/** Whether every source was read once and fails now: what is shown is old, but whole. */
const isAllStale = (failing: readonly SourceState[], of: number): boolean =>
  failing.length === of && failing.every(({ at }) => at !== undefined);
