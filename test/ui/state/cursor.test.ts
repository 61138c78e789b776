import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cursor, type CursorList, move, noCursor, place, settle } from '../../../source/ui/state/cursor.ts';

const listOf = (ids: readonly string[]): CursorList => ({
  length: ids.length,
  lines: ids.length,
  lineOf: index => index,
  placeOfGone: () => undefined,
  indexOf: id => {
    const index = ids.indexOf(id);
    return index < 0 ? undefined : index;
  },
  idAt: index => ids[index],
  labelAt: index => ids[index] ?? '',
});

const inWindow = (cursor: Cursor, height: number): boolean =>
  cursor.index >= cursor.top && cursor.index < cursor.top + height;

describe('the cursor', () => {
  it('takes the first row when there is one', () => {
    expect(settle(noCursor, listOf([]), 5)).toBe(noCursor);
    expect(settle(noCursor, listOf(['a', 'b']), 5)).toMatchObject({ id: 'a', index: 0, top: 0 });
  });

  it('stays on the first row, whichever that is, until it is moved', () => {
    const list = listOf(['m', 'n']);
    const first = settle(noCursor, list, 5);
    const pushed = settle(first, listOf(['a', 'm', 'n']), 5);
    expect(pushed).toMatchObject({ id: 'a', index: 0, top: 0, ghost: false });
    expect(settle(pushed, listOf([]), 5)).toBe(noCursor);
    const used = move(pushed, listOf(['a', 'm', 'n']), 5, 1);
    expect(settle(used, listOf(['0', 'a', 'm', 'n']), 5)).toMatchObject({ id: 'm', index: 2 });
    const stayed = move(first, list, 5, -1);
    expect(settle(stayed, listOf(['a', 'm', 'n']), 5)).toMatchObject({ id: 'm', index: 1 });
  });

  it('comes back as the same object when nothing changed', () => {
    const list = listOf(['a', 'b', 'c']);
    const cursor = place(noCursor, list, 2, 2);
    expect(settle(cursor, list, 2)).toBe(cursor);
  });

  it('stays on a ghost line and goes to its neighbours from there', () => {
    const cursor = settle(place(noCursor, listOf(['a', 'b', 'c']), 5, 1), listOf(['a', 'c']), 5);
    expect(cursor).toMatchObject({ id: 'b', index: 1, ghost: true });
    expect(move(cursor, listOf(['a', 'c']), 5, 1)).toMatchObject({ id: 'c', ghost: false });
    expect(move(cursor, listOf(['a', 'c']), 5, -1)).toMatchObject({ id: 'a', ghost: false });
  });

  it('finds its row again when it comes back', () => {
    const gone = settle(place(noCursor, listOf(['a', 'b']), 5, 1), listOf(['a']), 5);
    expect(settle(gone, listOf(['0', 'a', 'b']), 5)).toMatchObject({ id: 'b', index: 2, ghost: false });
  });

  it('keeps its line on the screen when rows above would push it out', () => {
    const list = listOf(['m', 'n', 'o', 'p']);
    const cursor = place(noCursor, list, 3, 1);
    const many = listOf(['a', 'b', 'c', 'd', 'e', 'm', 'n', 'o', 'p']);
    const next = settle(cursor, many, 3);
    expect(next.index - next.top).toBe(cursor.index - cursor.top);
  });

  it('never stands on another row than the one it was put on, whatever the list does', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 40 }).map(String), { minLength: 0, maxLength: 30 });
    fc.assert(
      fc.property(
        ids.filter(list => list.length > 0),
        fc.array(ids, { maxLength: 12 }),
        fc.nat(30),
        fc.integer({ min: 1, max: 8 }),
        (first, later, at, height) => {
          let cursor = place(noCursor, listOf(first), height, at);
          const id = cursor.id;
          for (const list of later) {
            cursor = settle(cursor, listOf(list), height);
            expect(cursor.id).toBe(id);
            expect(cursor.ghost).toBe(!list.includes(String(id)));
            if (!cursor.ghost) expect(list[cursor.index]).toBe(id);
            expect(inWindow(cursor, height)).toBe(true);
            expect(cursor.top).toBeLessThanOrEqual(Math.max(0, Math.max(list.length, cursor.line + 1) - 1));
            expect(settle(cursor, listOf(list), height)).toBe(cursor);
          }
        },
      ),
    );
  });

  it('moves by exactly the steps it is told, within the list', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: -7, max: 7 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 9 }),
        (size, steps, height) => {
          const list = listOf(Array.from({ length: size }, (_, index) => `r${index}`));
          let cursor = settle(noCursor, list, height);
          let expected = 0;
          for (const step of steps) {
            cursor = move(cursor, list, height, step);
            expected = Math.max(0, Math.min(size - 1, expected + step));
            expect(cursor.id).toBe(`r${expected}`);
            expect(inWindow(cursor, height)).toBe(true);
          }
        },
      ),
    );
  });
});
