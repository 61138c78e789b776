import { moveContexts } from '../actions/perform/contexts.ts';
import type { App } from '../controller/app.ts';
import { contextsOf } from '../controller/contexts.ts';
import { withCursor } from '../controller/keeper.ts';
import { currentTable } from '../controller/table.ts';
import { place } from '../state/cursor.ts';
import { changeTop } from '../state/navigation.ts';
import { topFrame } from '../state/state.ts';
import type { Named } from './order.ts';

/**
 * Puts the cursor on the row that a line names, and marks where it names several: what is done next is about them.
 *
 * @returns why not, as a sentence; undefined: it was done, or nothing was named
 */
export function rowsNamed(app: App, { numbers, subject }: Named): string | undefined {
  if (numbers.length === 0 && subject === undefined) return undefined;
  if (topFrame(app.store.get()).view.kind === 'contexts') return profileNamed(app, numbers[0]);
  const table = currentTable(app, app.store.get());
  if (!table) return 'There are no lines here that could be named.';
  const { set, lines, frame, height } = table;
  const labels = subject === undefined ? [] : set.rows.map((_, index) => set.labelAt(index));
  const at = subject === undefined ? numbers.map(number => number - 1) : [labels.indexOf(subject)];
  const wrong = at.findIndex(index => set.idAt(index) === undefined);
  if (wrong >= 0) return `There is no ${subject ?? numbers[wrong]}.`;
  const ids = at.flatMap(index => set.idAt(index) ?? []);
  app.store.update(state =>
    changeTop(withCursor(state, place(frame.cursor, lines, height, at[0] ?? 0)), top => ({
      ...top,
      marks: new Set(ids.length > 1 ? ids : []),
    })),
  );
  return undefined;
}

function profileNamed(app: App, number: number | undefined): string | undefined {
  const { rows } = contextsOf(app, app.store.get());
  if (number === undefined || rows[number - 1] === undefined) return 'There is no such profile: a number names one.';
  moveContexts(app, 'first');
  moveContexts(app, number - 1);
  return undefined;
}
