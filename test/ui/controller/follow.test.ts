import { describe, expect, it } from 'vitest';
import type { AssociationRow } from '../../../source/live/model.ts';
import type { ActionId } from '../../../source/ui/actions/actions.ts';
import { actionsIn } from '../../../source/ui/actions/key-map.ts';
import { reasonAgainst } from '../../../source/ui/actions/reasons.ts';
import { actionContext } from '../../../source/ui/controller/subject.ts';
import { goneFor } from '../../../source/ui/state/gone.ts';
import { lineText } from '../../../source/ui/state/lines.ts';
import { changeTop, jump, pop, push, setFilter } from '../../../source/ui/state/navigation.ts';
import type { View } from '../../../source/ui/state/view.ts';
import { accountRow, association, associationRow, health, prod, staging } from '../fakes.ts';
import { sitting } from './sitting.ts';

const names = ['a', 'b', 'c', 'd'];

const following = (start = names) => {
  const at = sitting(start);
  at.press('down');
  at.press('follow-row');
  return {
    ...at,
    note: () => lineText(at.slice()?.follow ?? []),
    go: (view: View) => at.app.store.update(state => push(state, view)),
    filter: (text: string) => at.app.store.update(state => changeTop(state, frame => setFilter(frame, text))),
    onCursor: () => at.lines().find(line => line.startsWith('>')),
    change: (name: string, more: Partial<AssociationRow>) =>
      at.commit(rows => rows.map(row => (row.serviceAccount === name ? { ...row, ...more } : row))),
  };
};

describe('a row that is followed', () => {
  it('keeps the cursor wherever it goes, and says so with what ends it', () => {
    const { change, press, onCursor, note, lines } = following();
    expect(note()).toBe('following team/b  <F> or <esc> ends');
    press('sort-health');
    change('b', { health: health('error', 'TRUST') });
    expect(lines()[0]).toBe('>b');
    change('b', { health: health('ok') });
    expect(onCursor()).toBe('>b');
  });

  it.each<ActionId>(['follow-row', 'escape'])('is let go by %s, and the place stays', end => {
    const { press, note, onCursor, frame } = following();
    const { id } = frame();
    press(end);
    expect(note()).toBe('');
    expect(onCursor()).toBe('>b');
    expect(frame().id).toBe(id);
  });

  it('is let go by whoever moves the cursor, who is told', () => {
    const { press, note, onCursor, app } = following();
    press('down');
    expect(onCursor()).toBe('>c');
    expect(note()).toBe('');
    expect(app.store.get().flash?.text).toBe('team/b is not followed any more: the cursor was moved');
  });

  it('is not let go by a key that moves nothing', () => {
    const { press, note } = following(['a', 'b']);
    press('down');
    expect(note()).toContain('following team/b');
  });

  it('is said to be gone, with a line on which nothing acts, and is found again when it is made anew', async () => {
    const { take, commit, pass, note, onCursor, app, press } = following();
    take('b');
    expect(onCursor()).toBe('>-b');
    expect(note()).toBe('following team/b: it is gone  <F> or <esc> ends');
    await pass(10 * goneFor);
    expect(onCursor()).toBe('>-b');
    const remove = actionsIn('associations').find(({ id }) => id === 'delete');
    const follow = actionsIn('associations').find(({ id }) => id === 'follow-row');
    const context = actionContext(app, app.store.get());
    expect(remove && reasonAgainst(remove, context)).toBe('that row is gone');
    expect(follow && reasonAgainst(follow, context)).toBeUndefined();
    // An association that is made anew has another id.
    commit(rows => [...rows, associationRow(prod, { ...association('team', 'b', 'x'), id: 'a-new' })]);
    expect(onCursor()).toBe('>b');
    expect(note()).toBe('following team/b  <F> or <esc> ends');
    press('follow-row');
    expect(note()).toBe('');
  });

  it('is waited for where a filter hides it', () => {
    const { app, filter, note, onCursor, lines, slice } = following();
    filter('c');
    expect(note()).toBe('following team/b: hidden by the filter  <F> or <esc> ends');
    expect(slice()?.lines.find(({ selected }) => selected)?.text).toContain('team/b is not among these');
    expect(lines()).toContain('c');
    const open = actionsIn('associations').find(({ id }) => id === 'open');
    expect(open && reasonAgainst(open, actionContext(app, app.store.get()))).toBe('that row is not in this table');
    filter('');
    expect(onCursor()).toBe('>b');
  });

  it('is the same in the other table of its kind, and in that of all clusters', () => {
    const { app, model, go, note, onCursor, commit } = following();
    model.accountRows = [
      accountRow(prod, 'team', '0'),
      accountRow(staging, 'team', 'b'),
      accountRow(prod, 'team', 'a'),
      accountRow(prod, 'team', 'b'),
    ];
    commit(rows => [associationRow(staging, association('team', 'b', 'x')), ...rows]);
    go({ kind: 'associations' });
    expect(onCursor()).toContain('b');
    expect(app.store.get().stack.at(-1)?.cursor.id).toContain('prod-eu-1|');
    go({ kind: 'service-accounts', cluster: prod });
    expect(onCursor()).toBe('>b');
    model.accountRows = model.accountRows.filter(row => row.name !== 'b');
    commit(rows => rows);
    expect(note()).toContain('it is gone');
    app.store.update(pop);
    expect(onCursor()).toContain('b');
  });

  it('leaves the cursor free where it cannot be, and says where it is', () => {
    const { commit, go, note, onCursor, press, app } = following();
    commit(rows => [...rows, ...['x', 'y'].map(name => associationRow(staging, association('team', name, 'x')))]);
    go({ kind: 'associations', cluster: staging });
    expect(note()).toBe('following team/b of prod-eu-1: not in this table  <F> or <esc> ends');
    press('down');
    expect(onCursor()).toBe('>y');
    app.store.update(state => jump(state, [{ kind: 'clusters' }]));
    expect(note()).toBe('');
    app.store.update(state => jump(state, [{ kind: 'associations', cluster: prod }]));
    expect(onCursor()).toBe('>b');
  });

  it('is not said to be away from a table that has not been read', () => {
    const { model, commit, go, note, slice, lines } = following();
    go({ kind: 'service-accounts', cluster: prod });
    expect(note()).toBe('following team/b: not read here  <F> or <esc> ends');
    // Without lines the screen says that it is being read, or why it cannot be.
    expect(slice()).toMatchObject({ lines: [], pane: { kind: 'loading' } });
    model.accountRows = [accountRow(prod, 'team', 'a'), accountRow(prod, 'team', 'b')];
    commit(rows => rows);
    expect(lines()).toEqual(['a', '>b']);
  });

  it('is said to be in no row of a table that has never had one', () => {
    const { model, commit, go, note, slice, lines } = following();
    model.accountRows = [accountRow(prod, 'team', 'a')];
    commit(rows => rows);
    go({ kind: 'service-accounts', cluster: prod });
    expect(note()).toContain('not in this table');
    expect(slice()?.lines.find(({ selected }) => selected)?.text).toContain('team/b is not in this table');
    model.accountRows = [accountRow(prod, 'team', 'a'), accountRow(prod, 'team', 'b')];
    commit(rows => rows);
    expect(lines()).toEqual(['a', '>b']);
  });

  it('is followed on a small screen too, in fewer words that fit beside the position', () => {
    const { app, note, slice, take } = following(
      Array.from({ length: 1200 }, (_, index) => String(index).padStart(4, '0')),
    );
    app.store.update(state => ({ ...state, columns: 60, rows: 15 }));
    expect(note()).toBe('following team/0001 <F>');
    take('0001');
    expect(note()).toBe('following team/0001: gone <F>');
    expect(note().length + (slice()?.position.length ?? 0)).toBeLessThan(54);
  });
});
