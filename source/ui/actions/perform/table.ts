import type { App } from '../../controller/app.ts';
import { currentTable, cursorRow } from '../../controller/table.ts';
import { bind } from '../../state/cursor.ts';
import { defaultSort, type SortKey } from '../../state/list.ts';
import { type Look, lookOf, withLook } from '../../state/looks.ts';
import { changeTop } from '../../state/navigation.ts';
import { topFrame } from '../../state/state.ts';
import type { Performs } from './perform.ts';

/** Changes how this kind of table is looked at, here and wherever it is opened next. */
function changeLook(app: App, change: (look: Look) => Partial<Look>): void {
  app.store.update(state => {
    const { view } = topFrame(state);
    const looks = withLook(state.looks, view, change(lookOf(state.looks, view)));
    const { sort } = lookOf(looks, view);
    return changeTop({ ...state, looks }, frame =>
      frame.sort === sort ? frame : { ...frame, sort, cursor: { ...bind(frame.cursor), top: 0 } },
    );
  });
  app.preferences.keepLooks();
}

/** The same key again turns the order round, a third time brings the first order back. */
const sortBy = (by: SortKey) => (app: App) =>
  changeLook(app, ({ sort }) => ({
    sort: sort.by !== by ? { by, descending: false } : sort.descending ? defaultSort : { by, descending: true },
  }));

export const tableActions: Performs = {
  wide: app => changeLook(app, ({ wide }) => ({ wide: !wide })),
  'sort-name': sortBy('name'),
  'sort-health': sortBy('health'),
  mark: app => {
    const table = currentTable(app, app.store.get());
    const row = table && cursorRow(table);
    const id = table?.frame.cursor.id;
    if (!row || id === undefined) return;
    app.store.update(state =>
      changeTop(state, frame => {
        const marks = new Set(frame.marks);
        if (!marks.delete(id)) marks.add(id);
        return { ...frame, marks, cursor: bind(frame.cursor) };
      }),
    );
  },
};
