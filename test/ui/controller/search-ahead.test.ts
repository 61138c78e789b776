import { expect, test } from 'vitest';
import { createApp } from '../../../source/ui/controller/app.ts';
import { searchAhead } from '../../../source/ui/controller/search-ahead.ts';
import type { UiState } from '../../../source/ui/state/state.ts';
import { fieldOf } from '../../../source/ui/state/text-field.ts';
import { themeOf } from '../../../source/ui/theme/theme.ts';
import { demoModel, FakeWorkbench, ManualClock, prod } from '../fakes.ts';

/** An app on a table that notes what is made ready; `slices` is how often there is more to make. */
function watched(slices: number) {
  const clock = new ManualClock();
  const app = createApp({
    model: demoModel(),
    workbench: new FakeWorkbench(),
    clock,
    options: { sandbox: false, version: '0', startView: { kind: 'associations', cluster: prod } },
    theme: themeOf('dark', 'truecolor'),
    environment: {},
    write: () => {},
    size: { columns: 100, rows: 30 },
  });
  const made: string[] = [];
  const associations = {
    ...app.tables.associations,
    prepareFilter: (columns: readonly string[]) => {
      made.push(columns.join());
      return columns.length > 0 && made.filter(text => text === columns.join()).length < slices;
    },
  };
  const type = (text: string) =>
    app.store.update(
      (state): UiState => ({ ...state, prompt: { kind: 'filter', before: '', pick: -1, field: fieldOf(text) } }),
    );
  const pass = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) {
      clock.advance(0);
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  return { app: { ...app, tables: { ...app.tables, associations } }, type, pass, made };
}

test('what rows say is made ready at once, what a column says when it is named, slice after slice', async () => {
  const { app, type, pass, made } = watched(3);
  type('');
  searchAhead(app);
  await pass(3);
  expect(made).toEqual(['']);
  type('role');
  await pass(3);
  expect(made).toEqual(['']);
  type('role:');
  await pass(1);
  // A key between two slices.
  type('role:x');
  await pass(5);
  expect(made).toEqual(['', 'ROLE', 'ROLE', 'ROLE']);
});

test('it ends with the prompt, and with the app', async () => {
  const { app, type, pass, made } = watched(100);
  type('');
  searchAhead(app);
  type('role:');
  await pass(3);
  expect(made).toEqual(['ROLE', 'ROLE', 'ROLE']);
  app.store.update(({ prompt: _, ...state }) => state);
  await pass(3);
  expect(made).toEqual(['ROLE', 'ROLE', 'ROLE', '']);
  type('role:');
  await pass(3);
  expect(made.length).toBe(4);
  searchAhead(app);
  app.ended.abort();
  await pass(3);
  expect(made.length).toBe(4);
});
