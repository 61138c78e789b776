import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followGone, type Gone, goneFor, unexpired } from '../../../source/ui/state/gone.ts';
import { type ListSpec, RowSet } from '../../../source/ui/state/list.ts';
import { ShownRows } from '../../../source/ui/state/shown-rows.ts';

type Row = { readonly id: string };

const spec: ListSpec<Row> = {
  id: row => row.id,
  label: row => `the ${row.id}`,
  haystack: row => row.id,
  name: row => row.id,
  severity: () => 0,
};
const listOf = (ids: readonly string[]) =>
  new RowSet<Row>(
    ids.map(id => ({ id })),
    ids.length,
    spec,
  );
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => String(from + index).padStart(6, '0'));

type Change = {
  readonly window?: readonly [number, number];
  readonly now?: number;
  readonly cursor?: string;
  readonly room?: number;
  readonly alsoAlive?: readonly string[];
};

const follow = (gone: readonly Gone<Row>[], before: RowSet<Row>, after: RowSet<Row>, change: Change = {}) =>
  followGone(gone, {
    before,
    after,
    first: change.window?.[0] ?? 0,
    last: change.window?.[1] ?? before.length,
    alive: ids =>
      new Set(ids.filter(id => after.rows.some(row => row.id === id) || change.alsoAlive?.includes(id) === true)),
    cursor: change.cursor,
    now: change.now ?? 0,
    room: change.room ?? 8,
  });

/** The lines as text: `-b` is gone, `(3)` are as many. */
const linesOf = (set: RowSet<Row>, gone: readonly Gone<Row>[]) => {
  const shown = new ShownRows(set, gone);
  return Array.from({ length: shown.lines }, (_, at) => {
    const line = shown.lineAt(at);
    return line?.kind === 'row' ? line.row.id : line?.kind === 'gone' ? `-${line.gone.id}` : `(${line?.count})`;
  });
};

const nameOf = (text: string) => text.replace('-', '');

describe('a row that is gone', () => {
  it('stays where it was, whatever comes and goes around it', () => {
    const first = listOf(['a', 'b', 'c', 'd']);
    const second = listOf(['a', 'c', 'd']);
    const gone = follow([], first, second);
    expect(linesOf(second, gone)).toEqual(['a', '-b', 'c', 'd']);
    const third = listOf(['0', '1', 'a', 'c']);
    const more = follow(gone, second, third);
    expect(linesOf(third, more)).toEqual(['0', '1', 'a', '-b', 'c', '-d']);
    const fourth = listOf(['c']);
    expect(linesOf(fourth, follow(more, third, fourth))).toEqual(['-0', '-1', '-a', '-b', 'c', '-d']);
  });

  it('is pointed at only where it was on screen', () => {
    const before = listOf(numbered(0, 50));
    const after = listOf(numbered(0, 50).filter(id => Number(id) % 10 !== 5));
    expect(follow([], before, after, { window: [10, 20] }).map(({ id }) => id)).toEqual(['000015']);
  });

  it('is none that the world still has: one that a filter hides, or that was sorted elsewhere', () => {
    const before = listOf(['a', 'b', 'c']);
    expect(follow([], before, listOf(['a', 'c']), { alsoAlive: ['b'] })).toEqual([]);
    const far = listOf([...numbered(0, 500), 'a']);
    expect(follow([], listOf(['a', ...numbered(0, 500)]), far, { window: [0, 10] })).toEqual([]);
  });

  it('is a row again when it comes back', () => {
    const gone = follow([], listOf(['a', 'b']), listOf(['a']));
    expect(gone).toHaveLength(1);
    expect(follow(gone, listOf(['a']), listOf(['a', 'b']))).toEqual([]);
  });

  it('goes after five seconds, except from under the cursor', () => {
    const gone = follow([], listOf(['a', 'b']), listOf(['b']), { now: 100 });
    const at = (now: number, cursor?: string, empty = false) => unexpired(gone, { now, cursor, empty }).length;
    expect(at(100 + goneFor - 1)).toBe(1);
    expect(at(100 + goneFor)).toBe(0);
    expect(at(100 + goneFor, 'a')).toBe(1);
    expect(at(100 + goneFor, 'a', true)).toBe(0);
  });

  it('that a filter hid has a line under the cursor alone', () => {
    const hidden: Gone<Row> = { id: 'a', label: 'a', at: 0, index: 0, why: 'hidden', folded: false };
    expect(unexpired([hidden], { now: 1, cursor: 'b', empty: false })).toEqual([]);
    expect(unexpired([hidden], { now: goneFor, cursor: 'a', empty: false })).toEqual([hidden]);
  });
});

describe('many rows that go at once', () => {
  const before = listOf(numbered(0, 3000));
  const after = listOf(numbered(0, 3000).filter(id => Number(id) < 1000 || Number(id) >= 2000));

  it('are one line, where they were', () => {
    const gone = follow([], before, after, { window: [1500, 1520], now: 7 });
    const shown = new ShownRows(after, gone);
    expect(shown.lines).toBe(after.length + 1);
    expect(shown.lineAt(1000)).toEqual({ kind: 'folded', count: 20 });
    expect(unexpired(gone, { now: 7 + goneFor, cursor: undefined, empty: false })).toEqual([]);
  });

  it('leave the line under the cursor as it is', () => {
    const gone = follow([], before, after, { window: [1500, 1520], cursor: '001510' });
    const shown = new ShownRows(after, gone);
    expect(shown.lines).toBe(after.length + 2);
    expect(shown.placeOfGone('001510')).toEqual({ index: 1000, line: 1001 });
    expect(shown.lineAt(1000)).toEqual({ kind: 'folded', count: 19 });
  });

  it('take those that follow them in the next moment', () => {
    const list = ['a', 'b', 'c', 'd', 'e'];
    const gone = follow([], listOf(list), listOf(['d', 'e']), { room: 2 });
    expect(linesOf(listOf(['d', 'e']), gone)).toEqual(['(3)', 'd', 'e']);
    const more = follow(gone, listOf(['d', 'e']), listOf(['e']), { room: 2, now: 10 });
    expect(linesOf(listOf(['e']), more)).toEqual(['(4)', 'e']);
    expect(linesOf(listOf(['e']), unexpired(more, { now: goneFor, cursor: undefined, empty: false }))).toEqual([
      '(1)',
      'e',
    ]);
  });

  it('are found by looking at the screen alone', () => {
    let asked = 0;
    const counting: ListSpec<Row> = {
      ...spec,
      id: row => {
        asked += 1;
        return row.id;
      },
    };
    const rows = (ids: readonly string[]) =>
      new RowSet<Row>(
        ids.map(id => ({ id })),
        ids.length,
        counting,
      );
    const ids = numbered(0, 100_000);
    const change = { before: rows(ids), after: rows(ids.filter(id => id !== '050010')), first: 50_000, last: 50_030 };
    const gone = followGone<Row>([], {
      ...change,
      alive: () => new Set(),
      cursor: undefined,
      now: 0,
      room: 8,
    });
    expect(gone.map(({ id }) => id)).toEqual(['050010']);
    expect(asked).toBeLessThan(1000);
  });
});

describe('the lines of a table', () => {
  it('hold every row once and in order, each where lineOf says, whatever is gone among them', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
    const change = fc.record({ list: ids, later: fc.nat({ max: 3000 }), first: fc.nat(20), height: fc.nat(12) });
    fc.assert(
      fc.property(ids, fc.array(change, { maxLength: 10 }), (begin, changes) => {
        const sorted = (list: readonly number[]) =>
          listOf([...list].sort((a, b) => a - b).map(id => String(id).padStart(3, '0')));
        let set = sorted(begin);
        let gone: readonly Gone<Row>[] = [];
        let now = 0;
        let last = linesOf(set, gone);
        for (const { list, later, first, height } of changes) {
          now += later;
          const after = sorted(list);
          gone = follow(unexpired(gone, { now, cursor: undefined, empty: false }), set, after, {
            window: [Math.min(first, set.length), Math.min(first + height, set.length)],
            now,
            room: 3,
          });
          set = after;
          const lines = linesOf(set, gone);
          expect(lines.filter(line => /^\d/.test(line))).toEqual(set.rows.map(({ id }) => id));
          const shown = new ShownRows(set, gone);
          for (const [index, { id }] of set.rows.entries()) expect(lines[shown.lineOf(index)]).toBe(id);
          lines.forEach((_, line) => {
            expect(shown.rowsAbove(line)).toBe(lines.slice(0, line).filter(text => /^\d/.test(text)).length);
          });
          expect(shown.rowsAbove(lines.length + 5)).toBe(set.length);
          expect(shown.lineAt(lines.length)).toBeUndefined();
          // One line an id, none of a row that is there, none older than it may be, and few of them.
          const named = lines.filter(line => line.startsWith('-')).map(line => line.slice(1));
          expect(new Set(named).size).toBe(named.length);
          expect(named.length).toBeLessThanOrEqual(3);
          for (const { id, at } of gone) {
            expect(set.rows.some(row => row.id === id)).toBe(false);
            expect(now - at).toBeLessThan(goneFor);
          }
          // What was on screen before and still is has kept its order, unless it came back to where it belongs.
          const cameBack = new Set(last.filter(text => lines.includes(text.replace('-', ''))).map(nameOf));
          for (const text of last) if (/^\d/.test(text)) cameBack.delete(text);
          const kept = (texts: readonly string[], others: readonly string[]) => {
            const known = new Set(others.map(nameOf));
            return texts.map(nameOf).filter(id => known.has(id) && !id.startsWith('(') && !cameBack.has(id));
          };
          expect(kept(lines, last)).toEqual(kept(last, lines));
          last = lines;
        }
      }),
    );
  });
});
