import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ColumnTexts } from '../../../source/ui/state/column-texts.ts';
import { ListCache, type ListSpec } from '../../../source/ui/state/list.ts';

type Row = { readonly id: string; readonly role: string };

/** Counts what is asked of its rows. AGE says something else each time. */
function counted() {
  const asked: string[] = [];
  const cells = {
    titles: ['ROLE', 'AGE'],
    moving: new Set(['AGE']),
    of: () => (row: Row) => (title: string) => {
      asked.push(`${row.id} ${title}`);
      return title === 'ROLE' ? row.role : `${asked.length}s`;
    },
  };
  return { asked, cells };
}

const rows = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(index), role: `role-${index % 7}` }));

it('asks a row once for what stays, and each time for what moves', () => {
  const { asked, cells } = counted();
  const { go, cell } = new ColumnTexts(rows(3), cells).reader();
  go(1);
  expect([cell('ROLE'), cell('ROLE'), cell('AGE'), cell('AGE')]).toEqual(['role-1', 'role-1', '2s', '3s']);
  expect(asked).toEqual(['1 ROLE', '1 AGE', '1 AGE']);
});

it('makes ahead, a slice at a time, what is asked for later', () => {
  const { asked, cells } = counted();
  const all = rows(20_000);
  const texts = new ColumnTexts(all, cells);
  let slices = 1;
  while (texts.prepare(['ROLE', 'AGE'])) slices += 1;
  expect(slices).toBeGreaterThan(1);
  expect(asked.length).toBe(all.length);
  expect(texts.prepare(['ROLE'])).toBe(false);
  const { go, cell } = texts.reader();
  all.forEach((row, place) => {
    go(place);
    if (cell('ROLE') !== row.role) expect(cell('ROLE')).toBe(row.role);
  });
  expect(asked.length).toBe(all.length);
});

it('says of rows that a filter has narrowed what they say themselves', () => {
  const row = fc.record({
    role: fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'bc'),
    word: fc.constantFrom('x', 'xy', 'z'),
  });
  const typed = fc.constantFrom(
    'x',
    'xy',
    'x role:a',
    'xy role:ab',
    'role:b',
    'role:bc',
    '!x',
    '!role:b',
    '!role:bc z',
    '',
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.array(typed, { maxLength: 6 }), (items, filters) => {
      const source = items.map((item, index) => ({ ...item, id: String(index) }));
      const spec: ListSpec<(typeof source)[number]> = {
        id: item => item.id,
        label: item => item.id,
        haystack: item => item.word,
        name: item => item.id,
        severity: () => 0,
        cells: { titles: ['ROLE'], moving: new Set(), of: () => item => () => item.role },
      };
      const kept = new ListCache(spec);
      for (const filter of filters) {
        const query = { filter, sort: { by: 'default', descending: false } };
        expect(kept.get(source, query).rows).toEqual(new ListCache(spec).get(source, query).rows);
        expect(kept.get(source, query).rows).toEqual(
          source.filter(item =>
            filter.split(' ').every(word => {
              const [, not, column, text = ''] = /^(!?)(role:)?(.*)$/.exec(word) ?? [];
              return (column ? item.role : item.word).includes(text) !== (not === '!');
            }),
          ),
        );
      }
    }),
    { numRuns: 300 },
  );
});
