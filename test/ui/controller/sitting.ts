/** The app without a terminal, on a table that tests change. */
import type { AssociationRow } from '../../../source/live/model.ts';
import type { ActionId } from '../../../source/ui/actions/actions.ts';
import { performOf } from '../../../source/ui/actions/perform/all.ts';
import { createApp } from '../../../source/ui/controller/app.ts';
import { keep } from '../../../source/ui/controller/keeper.ts';
import { ChangeMarks } from '../../../source/ui/hooks/change-marks.ts';
import { buildSlice } from '../../../source/ui/hooks/use-table-slice.ts';
import { topFrame } from '../../../source/ui/state/state.ts';
import { themeOf } from '../../../source/ui/theme/theme.ts';
import { association, associationRow, demoModel, FakeModel, FakeWorkbench, ManualClock, prod } from '../fakes.ts';

/** On the associations of the first cluster, one for each name. */
export function sitting(names: readonly string[], rows = 30) {
  const model = new FakeModel();
  model.clusterRows = demoModel().clusterRows;
  const clock = new ManualClock();
  const app = createApp({
    model,
    workbench: new FakeWorkbench(),
    clock,
    options: { sandbox: false, version: '0', startView: { kind: 'associations', cluster: prod } },
    theme: themeOf('dark', 'truecolor'),
    environment: {},
    write: () => {},
    size: { columns: 100, rows },
  });
  const rowOf = (name: string, more: Partial<AssociationRow> = {}) =>
    associationRow(prod, association('team', name, name), more);
  model.associationRows = names.map(name => rowOf(name));
  const stop = keep(app);
  const pointers = new ChangeMarks();
  const commit = (change: (rows: readonly AssociationRow[]) => readonly AssociationRow[]) => {
    model.associationRows = change(model.associationRows);
    model.commit();
  };
  const idOf = (name: string) => rowOf(name).id;
  return {
    app,
    model,
    clock,
    rowOf,
    idOf,
    commit,
    stop,
    take: (...names: string[]) => commit(rows => rows.filter(row => !names.includes(row.serviceAccount))),
    press: (id: ActionId) => performOf(id)?.(app),
    /** Lets the timers that are due do their work. */
    pass: async (milliseconds: number) => {
      clock.advance(milliseconds);
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    },
    frame: () => topFrame(app.store.get()),
    /** A word a line: `-b` is gone, `*c` is marked, `>` is the cursor. */
    lines: () =>
      (buildSlice(app, app.store.get(), pointers)?.lines ?? []).map(({ text, mark, selected, id }) => {
        const name = id === 'folded' ? `(${text.split(' ')[0]})` : (/team\W+(\w+)/.exec(text)?.[1] ?? text);
        return `${selected ? '>' : ''}${mark.trim()}${name}`;
      }),
    slice: () => buildSlice(app, app.store.get(), pointers),
  };
}
