import type { App } from '../../controller/app.ts';
import { currentTable, cursorRow } from '../../controller/table.ts';
import { bind } from '../../state/cursor.ts';
import { defaultSort, type SortKey } from '../../state/list.ts';
import { changeTop } from '../../state/navigation.ts';
import type { Performs } from './perform.ts';

/** The same key again turns the order round, a third time brings the first order back. */
const sortBy = (by: SortKey) => (app: App) =>
  app.store.update(state =>
    changeTop(state, frame => {
      const { sort } = frame;
      const next =
        sort.by !== by ? { by, descending: false } : sort.descending ? defaultSort : { by, descending: true };
      return { ...frame, sort: next, cursor: { ...bind(frame.cursor), top: 0 } };
    }),
  );

export const tableActions: Performs = {
  wide: app => app.store.update(state => ({ ...state, wide: !state.wide })),
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
