import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowChanges } from '../../../source/ui/state/row-changes.ts';

type Row = { readonly id: number; readonly version: number };
const idOf = (row: Row) => String(row.id);

describe('changes between two lists', () => {
  it('lead from the one to the other', () => {
    const list = fc.uniqueArray(fc.record({ id: fc.nat({ max: 40 }), version: fc.nat({ max: 1 }) }), {
      selector: row => row.id,
    });
    fc.assert(
      fc.property(list, list, (first, second) => {
        const known = new Map<string, Row>();
        const asObjects = (rows: readonly Row[]) =>
          rows
            .toSorted((a, b) => a.id - b.id)
            .map(row => {
              const key = `${row.id} ${row.version}`;
              known.set(key, known.get(key) ?? row);
              return known.get(key) ?? row;
            });
        const before = asObjects(first);
        const after = asObjects(second);
        const changes = rowChanges(before, after, idOf);
        if (!changes) return;
        const result = before
          .filter(row => !changes.removed.has(row))
          .map(row => changes.replaced.get(row) ?? row)
          .concat(changes.added)
          .sort((a, b) => a.id - b.id);
        expect(result).toEqual(after);
      }),
    );
  });

  it('are few when few rows came, went and changed, wherever that is', () => {
    const before = Array.from({ length: 1000 }, (_, id): Row => ({ id, version: 0 }));
    const changed = { id: 500, version: 1 };
    const after = before
      .filter(row => row.id !== 10 && row.id !== 999)
      .map(row => (row.id === 500 ? changed : row))
      .toSpliced(700, 0, { id: 2000, version: 0 });
    const changes = rowChanges(before, after, idOf);
    expect([...(changes?.replaced ?? [])]).toEqual([[before[500], changed]]);
    expect([...(changes?.removed ?? [])].map(idOf)).toEqual(['10', '999']);
    expect(changes?.added.map(idOf)).toEqual(['2000']);
  });

  it('are not told when the lists have little in common', () => {
    const list = (from: number) => Array.from({ length: 1000 }, (_, id): Row => ({ id: from + id, version: 0 }));
    expect(rowChanges(list(0), list(5000), idOf)).toBeUndefined();
  });
});
