import type { Comparison } from '../../live/views/compare.ts';
import { type Copies, type Copy, copiesOf, copySource } from '../../live/views/copies.ts';
import { topFrame, type UiState } from '../state/state.ts';
import { clusterIsProd } from './account.ts';
import { type App, clusterRow } from './app.ts';
import { subjectOfRow } from './drift.ts';
import { currentTable, cursorRow } from './table.ts';

/** Comparisons are made anew when the model changes, and their copies with them. */
const made = new WeakMap<Comparison, Map<string, Copies | undefined>>();

/** Where the association that `id` stands for can be copied to; undefined: nobody has one to be followed. */
export function copiesFor(app: App, comparison: Comparison, id: string): Copies | undefined {
  const byRow = made.get(comparison) ?? new Map<string, Copies | undefined>();
  made.set(comparison, byRow);
  if (!byRow.has(id)) {
    const from = copySource(comparison, id);
    byRow.set(id, from && withProduction(app, copiesOf(app.model, comparison, from)));
  }
  return byRow.get(id);
}

/** Says where pods that are not of production would get what production's have. */
function withProduction(app: App, { from, to }: Copies): Copies {
  const source = clusterRow(app, from.row.cluster);
  if (!source || !clusterIsProd(app, source)) return { from, to };
  const warned = (copy: Copy): Copy => {
    if (copy.roleArn !== from.association.roleArn || clusterIsProd(app, copy.cluster)) return copy;
    const text = `${source.name} is production and ${copy.cluster.name} is not: its pods would get production's role`;
    return { ...copy, remarks: [{ level: 'warning', text }, ...copy.remarks] };
  };
  return { from, to: to.map(warned) };
}

/** The clusters that have the service account under the cursor and give it something else than most. */
export function suggestions(app: App): readonly Copy[] {
  const state = app.store.get();
  const table = currentTable(app, state);
  const row = table && cursorRow(table);
  if (!row) return [];
  const { namespace, name, id } = subjectOfRow(row);
  if (name === '') return [];
  return copiesFor(app, app.drift.of(namespace, name), id)?.to.filter(({ now }) => now) ?? [];
}

/** The list on screen, and which of its clusters the cursor is on. */
export function copiesShown(app: App, state: UiState): { readonly copies: Copies | undefined; readonly at: number } {
  const { view } = topFrame(state);
  if (view.kind !== 'copies') return { copies: undefined, at: 0 };
  const copies = copiesFor(app, app.drift.of(view.namespace, view.serviceAccount), view.id);
  const at = copies?.to.findIndex(({ cluster }) => cluster.id === state.copyCursor) ?? 0;
  return { copies, at: Math.max(0, at) };
}
