import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { read, unread } from '../../../source/identity/reading.ts';
import type { AssociationRow } from '../../../source/live/model.ts';
import type { ActionId } from '../../../source/ui/actions/actions.ts';
import { currentTable } from '../../../source/ui/controller/table.ts';
import { goneFor } from '../../../source/ui/state/gone.ts';
import { changeTop, setFilter, withoutDialog } from '../../../source/ui/state/navigation.ts';
import { newDialog } from '../../../source/ui/state/state.ts';
import { association, health, prod } from '../fakes.ts';
import { sitting } from './sitting.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `r${String(index).padStart(4, '0')}`);

describe('a table that others change', () => {
  it('shows for five seconds what was taken away, with true counts at once', async () => {
    const { take, lines, pass, slice } = sitting(['a', 'b', 'c']);
    take('b');
    expect(lines()).toEqual(['>a', '-b', 'c']);
    expect(slice()).toMatchObject({ total: 2, shown: 2, position: '1-2/2' });
    await pass(goneFor - 1);
    expect(lines()).toEqual(['>a', '-b', 'c']);
    await pass(1);
    expect(lines()).toEqual(['>a', 'c']);
  });

  it('lets the cursor pass over what is gone', () => {
    const { take, lines, press } = sitting(['a', 'b', 'c', 'd']);
    take('b', 'c');
    press('down');
    expect(lines()).toEqual(['a', '-b', '-c', '>d']);
    press('up');
    expect(lines()).toEqual(['>a', '-b', '-c', 'd']);
    press('last');
    expect(lines()).toEqual(['a', '-b', '-c', '>d']);
  });

  it('keeps the line under the cursor until it is left, longer than the others', async () => {
    const { take, lines, press, pass, slice } = sitting(['a', 'b', 'c', 'd']);
    press('down');
    await pass(100);
    take('b', 'c');
    await pass(goneFor);
    expect(lines()).toEqual(['a', '>-b', 'd']);
    expect(slice()?.strip).toMatchObject({ subject: 'team/b', health: 'gone', detail: 'not there since 10:00:00' });
    press('down');
    expect(lines()).toEqual(['a', '>d']);
  });

  it('tells a row that a filter let go from one that is gone', async () => {
    const { app, commit, rowOf, slice, press, pass } = sitting(['a', 'b']);
    app.store.update(state => changeTop(state, frame => setFilter(frame, 'pods:4')));
    press('down');
    await pass(100);
    commit(rows => rows.map(row => (row.serviceAccount === 'b' ? rowOf('b', { pods: 5 }) : row)));
    expect(slice()?.lines.map(({ text }) => text.split('  ')[0])).toEqual([
      'team',
      'team/b is not among these; nothing here acts on it',
    ]);
    expect(slice()?.strip).toMatchObject({ health: 'hidden' });
    commit(rows => rows.filter(row => row.serviceAccount !== 'b'));
    expect(slice()?.lines[1]?.text).toContain('team/b is gone');
  });

  it('says that it is empty, a while after its last row has gone', async () => {
    const { take, lines, press, pass, frame } = sitting(['a']);
    press('down');
    take('a');
    expect(lines()).toEqual(['>-a']);
    await pass(goneFor);
    expect(lines()).toEqual([]);
    expect(frame().cursor.id).toBeUndefined();
  });

  it('tells many at once in one line, and shows the rows that are left', async () => {
    const all = names(1200);
    const { commit, lines, press, pass, slice, frame } = sitting(all);
    press('last');
    for (let page = 0; page < 10; page += 1) press('page-up');
    await pass(100);
    const id = frame().cursor.id;
    commit(rows => rows.filter((_, index) => index < 50 || index >= 1150));
    expect(slice()).toMatchObject({ total: 100, shown: 100 });
    expect(frame().cursor).toMatchObject({ id, ghost: true });
    expect(lines().filter(line => line.startsWith('>-'))).toHaveLength(1);
    const folded = lines().findIndex(line => line.startsWith('-('));
    expect(lines().filter(line => line.startsWith('-'))).toHaveLength(1);
    expect(lines().slice(folded - 1, folded + 2)).toEqual(['>-r1029', expect.stringMatching(/^-\(\d+\)$/), 'r1150']);
    expect(frame().cursor.index).toBe(50);
    await pass(goneFor);
    expect(lines().filter(line => line.includes('-'))).toHaveLength(1);
    press('down');
    expect(lines()).toContain('>r1150');
  });

  it('drops what is gone with another filter, order or place', () => {
    const { app, take, lines, press } = sitting(['a', 'b', 'c']);
    take('b');
    press('sort-name');
    expect(lines()).toEqual(['>a', 'c']);
    take('c');
    expect(lines()).toEqual(['>a', '-c']);
    app.store.update(state => changeTop(state, frame => setFilter(frame, 'a')));
    expect(lines()).toEqual(['>a']);
  });

  it('forgets the marks of rows that are no more, on screen or not', () => {
    const { take, frame, press, idOf } = sitting(names(100));
    press('mark');
    press('last');
    press('mark');
    expect(frame().marks.size).toBe(2);
    take('r0000');
    expect(frame().marks).toEqual(new Set([idOf('r0099')]));
  });

  it('does not move under a dialog that asks about it, and catches up when it is free', async () => {
    const { app, take, frame, pass, lines } = sitting(['a', 'b', 'c']);
    take('a');
    const before = frame();
    app.store.update(state => ({ ...state, dialog: newDialog('delete', prod, 0) }));
    take('b');
    await pass(goneFor);
    expect(frame()).toBe(before);
    app.store.update(withoutDialog);
    expect(lines()).toEqual(['-b', '>c']);
    await pass(goneFor);
    expect(lines()).toEqual(['>c']);
  });

  it('goes on under the question that the app asks by itself', () => {
    const { app, commit, rowOf, lines } = sitting(['a']);
    app.store.update(state => ({ ...state, dialog: newDialog('interrupted', prod, 0) }));
    commit(rows => [rowOf('0'), ...rows]);
    expect(lines()).toEqual(['>0', 'a']);
  });

  it('points at a change until the cursor has rested on it, and keeps what was before in the strip', async () => {
    const { commit, rowOf, slice, press, pass, clock } = sitting(['a', 'b', 'c']);
    const change = (name: string, more: Partial<AssociationRow>) =>
      commit(rows =>
        rows.map(row =>
          row.serviceAccount === name ? { ...row, ...more, mark: { kind: 'changed', at: clock.now() } } : row,
        ),
      );
    const deltas = () => (slice()?.lines ?? []).map(({ text, health: end }) => `${text}${end}`.split('Δ').length - 1);
    expect(deltas()).toEqual([0, 0, 0]);
    change('b', { pods: 5, association: rowOf('other').association });
    change('c', { pods: 6 });
    expect(deltas()).toEqual([0, 2, 1]);
    await pass(3_000);
    expect(deltas()).toEqual([0, 2, 1]);
    press('down');
    await pass(1_999);
    expect(deltas()).toEqual([0, 2, 1]);
    expect(slice()?.strip?.was).toBe('ROLE was b, PODS was 4');
    await pass(1);
    expect(deltas()).toEqual([0, 0, 1]);
    expect(slice()?.strip?.was).toBe('ROLE was b, PODS was 4');
    // Another change of a row that has been looked at is a new one, and only that.
    change('b', { pods: 7 });
    expect(deltas()).toEqual([0, 1, 1]);
    expect(slice()?.strip?.was).toBe('ROLE was b, PODS was 5');
    await pass(1_999);
    expect(deltas()).toEqual([0, 1, 1]);
    await pass(3_001);
    expect(deltas()).toEqual([0, 0, 0]);
    await pass(10_000);
    expect(slice()?.strip?.was).toBe('');
  });

  it('points at the end of the row at what is not shown, and at nothing that is read for the first time', () => {
    const { commit, slice, clock, rowOf } = sitting(['a', 'b']);
    commit(rows => rows.map(row => ({ ...row, association: unread })));
    slice();
    commit(rows =>
      rows.map(row => ({
        ...rowOf(row.serviceAccount),
        ...(row.serviceAccount === 'b' ? { mark: { kind: 'changed' as const, at: clock.now() } } : {}),
      })),
    );
    expect(slice()?.lines.map(line => [line.text.includes('Δ'), line.health])).toEqual([
      [false, 'ok'],
      [false, 'ok Δ'],
    ]);
  });

  it('puts its signs where they belong in rows of wide characters', () => {
    const { commit, slice, clock, rowOf } = sitting(['a']);
    slice();
    const wide = association('team', 'a', '役割', { tags: {} });
    commit(rows =>
      rows.map(row => ({
        ...rowOf('a', { namespace: '名前空間名前空間' }),
        id: row.id,
        association: read(wide, 0),
        mark: { kind: 'changed' as const, at: clock.now() },
      })),
    );
    const text = slice()?.lines[0]?.text ?? '';
    expect(text).toMatch(/^名前空間名前~? *Δ/);
    expect(text).toMatch(/役割 +Δ/);
    expect(stringWidth(text)).toBe(stringWidth(slice()?.header ?? ''));
  });

  it('keeps its laws through any changes, keys and time', async () => {
    const name = fc.integer({ min: 0, max: 45 }).map(index => `r${String(index).padStart(4, '0')}`);
    const some = fc.uniqueArray(name, { maxLength: 25 });
    const step = fc.oneof(
      { weight: 4, arbitrary: some.map(list => ({ does: 'take' as const, list })) },
      { weight: 3, arbitrary: some.map(list => ({ does: 'bring' as const, list })) },
      { weight: 2, arbitrary: some.map(list => ({ does: 'worsen' as const, list })) },
      {
        weight: 4,
        arbitrary: fc
          .constantFrom<ActionId>('down', 'up', 'page-down', 'page-up', 'first', 'last', 'mark', 'sort-health')
          .map(key => ({ does: 'press' as const, key })),
      },
      { weight: 2, arbitrary: fc.nat({ max: 6000 }).map(ms => ({ does: 'wait' as const, ms })) },
      { weight: 1, arbitrary: fc.constantFrom('', '1', '!2').map(text => ({ does: 'filter' as const, text })) },
    );
    await fc.assert(
      fc.asyncProperty(some, fc.array(step, { maxLength: 25 }), async (begin, steps) => {
        const at = sitting([...begin].sort(), 18);
        const { app, commit, rowOf, frame, press, pass, clock } = at;
        for (const todo of steps) {
          const before = frame();
          if (todo.does === 'take') at.take(...todo.list);
          else if (todo.does === 'bring')
            commit(rows => {
              const there = new Map(rows.map(row => [row.serviceAccount, row]));
              for (const each of todo.list) there.set(each, there.get(each) ?? rowOf(each));
              return [...there.values()].sort((a, b) => (a.serviceAccount < b.serviceAccount ? -1 : 1));
            });
          else if (todo.does === 'worsen')
            commit(rows =>
              rows.map(row =>
                todo.list.includes(row.serviceAccount)
                  ? rowOf(row.serviceAccount, { health: health('error', 'TRUST') })
                  : row,
              ),
            );
          else if (todo.does === 'press') press(todo.key);
          else if (todo.does === 'wait') await pass(todo.ms);
          else app.store.update(state => changeTop(state, now => setFilter(now, todo.text)));

          const table = currentTable(app, app.store.get());
          const slice = at.slice();
          if (!table || !slice) throw new Error('there is a table');
          const { cursor, gone, marks } = frame();
          const world = new Set(at.model.associationRows.map(({ id }) => id));
          expect(slice.total).toBe(world.size);
          expect(slice.shown).toBe(table.set.length);
          expect(slice.lines.length).toBe(Math.max(0, Math.min(table.height, table.lines.lines - cursor.top)));
          const ids = slice.lines.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          for (const id of marks) expect(world.has(id)).toBe(true);
          for (const line of gone) {
            const own = line.id === cursor.id;
            if (line.why === 'hidden') expect(own && world.has(line.id)).toBe(true);
            else expect(world.has(line.id)).toBe(false);
            if (!own) expect(clock.now() - line.at).toBeLessThan(goneFor);
          }
          if (cursor.id !== undefined) {
            expect(cursor.ghost).toBe(table.set.indexOf(cursor.id) === undefined);
            expect(slice.lines.filter(({ selected }) => selected)).toHaveLength(1);
            expect(slice.lines[cursor.line - cursor.top]?.selected).toBe(true);
          } else expect(table.set.length).toBe(0);
          // What others do, and time, never take the cursor to another row, nor its row to another line while there is
          // room above and below.
          const byOthers = todo.does !== 'press' && todo.does !== 'filter';
          if (byOthers && before.cursor.bound && cursor.id !== undefined) {
            expect(cursor.id).toBe(before.cursor.id);
            const atEnd = cursor.top === 0 || cursor.top + table.height >= table.lines.lines;
            if (!atEnd) expect(cursor.line - cursor.top).toBe(before.cursor.line - before.cursor.top);
          }
        }
        at.stop();
        app.ended.abort();
      }),
      { numRuns: 300 },
    );
  }, 20_000);
});
