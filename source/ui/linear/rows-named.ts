import { moveContexts } from '../actions/perform/contexts.ts';
import type { App } from '../controller/app.ts';
import { contextsOf } from '../controller/contexts.ts';
import { withCursor } from '../controller/keeper.ts';
import { currentTable } from '../controller/table.ts';
import { place } from '../state/cursor.ts';
import { changeTop } from '../state/navigation.ts';
import { topFrame } from '../state/state.ts';
import type { Named } from './order.ts';

/** What stands behind each number of the place that was said last. */
export type Numbered = readonly string[];

/** Why a number means nothing now: none was said, or what was said with it is there no more. */
export const noneOf = (said: Numbered, number: number): string =>
  said[number - 1] === undefined ? `There is no ${number}.` : `What was ${number} is not here any more: list.`;

/**
 * Puts the cursor on the row that a line names, and marks where it names several: what is done next is about them. A
 * number means the row that it was said with, wherever that is by now.
 *
 * @returns why not, as a sentence; undefined: it was done, or nothing was named
 */
export function rowsNamed(app: App, { numbers, subject }: Named, said: Numbered): string | undefined {
  if (numbers.length === 0 && subject === undefined) return undefined;
  if (topFrame(app.store.get()).view.kind === 'contexts') return profileNamed(app, numbers[0], said);
  const table = currentTable(app, app.store.get());
  if (!table) return 'There are no lines here that could be named.';
  const { set, lines, frame, height } = table;
  const labels = subject === undefined ? [] : set.rows.map((_, index) => set.labelAt(index));
  const at =
    subject === undefined
      ? numbers.map(number => set.indexOf(said[number - 1] ?? '', number - 1) ?? -1)
      : [labels.indexOf(subject)];
  const wrong = at.indexOf(-1);
  if (wrong >= 0) return subject === undefined ? noneOf(said, numbers[wrong] ?? 0) : `There is no ${subject}.`;
  const ids = at.flatMap(index => set.idAt(index) ?? []);
  app.store.update(state =>
    changeTop(withCursor(state, place(frame.cursor, lines, height, at[0] ?? 0)), top => ({
      ...top,
      marks: new Set(ids.length > 1 ? ids : []),
    })),
  );
  return undefined;
}

/** Puts the cursor of the profiles on the one that a number was said with. @returns why not, as a sentence */
export function profileNamed(app: App, number: number | undefined, said: Numbered): string | undefined {
  if (number === undefined) return 'A number names a profile.';
  const at = contextsOf(app, app.store.get()).rows.findIndex(({ id }) => id === said[number - 1]);
  if (at < 0) return noneOf(said, number);
  moveContexts(app, 'first');
  moveContexts(app, at);
  return undefined;
}
