import type { App } from '../../controller/app.ts';
import { copiesFor } from '../../controller/copies.ts';
import { subjectOfRow } from '../../controller/drift.ts';
import { type CurrentTable, cursorRow, type KindedRow, kinded } from '../../controller/table.ts';
import type { PreviewPane } from '../../hooks/use-table-slice.ts';
import { type Line, line } from '../../state/lines.ts';
import type { UiState } from '../../state/state.ts';
import type { DetailSubject } from '../../state/view.ts';
import { plural } from '../../text/numbers.ts';
import { detailLines } from '../detail/lines.ts';
import { namespaceLines } from '../detail/namespace-lines.ts';
import { compareLines } from './compare-lines.ts';

const types: Readonly<Record<KindedRow['kind'], DetailSubject['type'] | undefined>> = {
  clusters: 'cluster',
  namespaces: undefined,
  'service-accounts': 'service-account',
  associations: 'association',
  roles: 'role',
};

/** What a detail screen says of the row first. */
function detailOf(app: App, state: UiState, subject: KindedRow, id: string, width: number): readonly Line[] {
  const type = types[subject.kind];
  if (type) return detailLines(app, state, { type, cluster: subject.cluster, id }, 0, width);
  return subject.kind === 'namespaces' ? namespaceLines(subject.row) : [];
}

/** More about the row under the cursor, in the room that there is; its own keys scroll it. */
export function previewOf(app: App, state: UiState, table: CurrentTable): PreviewPane | undefined {
  const { preview: area } = table;
  if (!area) return undefined;
  const row = cursorRow(table);
  const { show, scroll } = state.preview;
  const label = table.frame.cursor.label;
  if (!row) return { area, title: 'preview', lines: [line('no row', 'dim')] };
  const width = area.place === 'right' ? area.cells - 3 : table.width - 4;
  const height = area.place === 'right' ? table.height + 1 : area.rows - 2;
  const subject = subjectOfRow(row);
  const comparison =
    show === 'compare' && subject.name !== '' ? app.drift.of(subject.namespace, subject.name) : undefined;
  const all = comparison
    ? compareLines(comparison, copiesFor(app, comparison, subject.id), width)
    : detailOf(app, state, kinded(table.view, row), row.id, width);
  const top = Math.max(0, Math.min(scroll, all.length - height));
  const across = comparison ? ` across ${plural(comparison.stances.length, 'cluster')}` : '';
  const rest = all.length > height ? `   ${top + 1}-${Math.min(all.length, top + height)}/${all.length} { }` : '';
  return {
    area,
    title: `${comparison ? 'compare' : 'preview'}  ${label}${across}${rest}`,
    lines: all.slice(top, top + height),
  };
}
