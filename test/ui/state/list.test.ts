import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../source/ui/state/filter.ts';
import { defaultSort, ListCache, type ListSpec, type Query, type Sort } from '../../../source/ui/state/list.ts';

type Row = { readonly id: string; readonly name: string; readonly bad: number };
let haystacks = 0;
const spec: ListSpec<Row> = {
  id: row => row.id,
  label: row => row.name,
  name: row => row.name,
  severity: row => row.bad,
  haystack: row => {
    haystacks += 1;
    return row.name.toLowerCase();
  },
};
const withCells = {
  cells: { titles: ['BAD'], moving: new Set<string>(), of: () => (item: Row) => () => String(item.bad) },
};
const query = (filter: string, sort: Sort = defaultSort): Query<Row> => ({ filter, sort });
const row = (name: string, bad = 0): Row => ({ id: `id-${name}`, name, bad });

describe('a filter', () => {
  const matches = (text: string, haystack: string) => {
    const filter = parseFilter(text);
    return filter.ok && filter.matches(haystack);
  };
  it('ANDs words, takes ! for not and /re/ for a pattern', () => {
    expect(matches('pay API', 'payments api')).toBe(true);
    expect(matches('pay !api', 'payments api')).toBe(false);
    expect(matches('/^pay.*i$/', 'payments api')).toBe(true);
    expect(matches('!/^search/', 'payments api')).toBe(true);
    expect(matches('', 'anything')).toBe(true);
  });
  it('says what is wrong instead of matching everything', () => {
    expect(parseFilter('/(/')).toEqual({ ok: false, error: '/(/: a ( without its )' });
    expect(parseFilter('pay !')).toMatchObject({ ok: false });
  });
});

describe('a list', () => {
  const rows = [row('b', 2), row('a', 5), row('c', 0)];
  it('answers from its cache until rows, filter or order change', () => {
    const cache = new ListCache(spec);
    const first = cache.get(rows, query(''));
    expect(cache.get(rows, query('', { ...defaultSort }))).toBe(first);
    expect(cache.get([...rows], query(''))).not.toBe(first);
  });
  it('keeps the order of the model by default, and sorts by name or by what is worst', () => {
    const cache = new ListCache(spec);
    const ids = (by: 'default' | 'name' | 'health', descending = false) =>
      cache
        .get(rows, query('', { by, descending }))
        .rows.map(item => item.name)
        .join('');
    expect(ids('default')).toBe('bac');
    expect(ids('name')).toBe('abc');
    expect(ids('health')).toBe('cba');
    expect(ids('name', true)).toBe('cba');
  });
  it('gathers groups in one order and keeps the model’s within each', () => {
    const cache = new ListCache({ ...spec, group: item => String(item.bad % 2) });
    expect(
      cache
        .get([row('d', 1), row('b', 2), row('a', 5), row('c', 0)], query(''))
        .rows.map(item => item.name)
        .join(''),
    ).toBe('bcda');
  });
  it('builds a haystack once for each row', () => {
    const cache = new ListCache(spec);
    haystacks = 0;
    cache.get(rows, query('a'));
    cache.get([...rows], query('ab'));
    expect(haystacks).toBe(3);
  });
  it('keeps the last good pattern while a bad one is typed', () => {
    const cache = new ListCache(spec);
    expect(cache.get(rows, query('a')).length).toBe(1);
    expect(cache.get(rows, query('a /(')).length).toBe(1);
  });
  it('finds every row where it is, and no other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-c]{1,4}$/), { maxLength: 20 }),
        fc.constantFrom('', 'a', '!a', 'ab'),
        (names, filter) => {
          const set = new ListCache(spec).get(
            names.map(name => row(name)),
            query(filter, { by: 'name', descending: false }),
          );
          set.rows.forEach((item, index) => {
            expect(set.indexOf(item.id)).toBe(index);
            expect(set.indexOf(item.id, 0)).toBe(index);
            expect(set.byId(item.id)).toBe(item);
          });
          expect(set.total).toBe(names.length);
          expect(set.indexOf('nothing')).toBeUndefined();
        },
      ),
    );
  });
  it('shows what is kept only, and other groups when asked', () => {
    const cache = new ListCache(spec);
    const names = (more: Partial<Query<Row>>) =>
      cache
        .get(rows, { ...query(''), ...more })
        .rows.map(item => item.name)
        .join('');
    expect(names({ only: { of: 1, keeps: item => item.bad > 1 } })).toBe('ba');
    expect(names({ only: { of: 2, keeps: item => item.bad > 2 } })).toBe('a');
    expect(names({ group: { by: 'bad', of: item => String(item.bad) } })).toBe('cba');
    expect(cache.get(rows, { ...query(''), only: { of: 3, keeps: () => false } }).total).toBe(3);
  });
  it('sorts by a column, what has no value last both ways', () => {
    const columns = { ...withCells, sortValue: (item: Row) => (item.bad === 0 ? undefined : item.bad) };
    const cache = new ListCache({ ...spec, ...columns });
    const names = (descending: boolean) =>
      cache.get(rows, query('', { by: 'BAD', descending })).rows.map(item => item.name);
    expect(names(false)).toEqual(['b', 'a', 'c']);
    expect(names(true)).toEqual(['a', 'b', 'c']);
    expect(cache.get(rows, query('bad>2')).rows.map(item => item.name)).toEqual(['a']);
  });
  it('keeps up every order, group and filter as rows change, as if made anew', () => {
    const items = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-e]{1,2}$/), bad: fc.nat({ max: 3 }) }), {
      selector: item => item.name,
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        fc.array(items, { minLength: 2, maxLength: 4 }),
        fc.constantFrom('default', 'name', 'health', 'BAD'),
        fc.boolean(),
        fc.constantFrom('', 'a', '!b', 'bad>1'),
        (versions, by, descending, filter) => {
          const columns = { ...withCells, sortValue: (item: Row) => item.bad || undefined };
          const grouping = { ...spec, ...columns, group: (item: Row) => String(item.bad % 2) };
          const kept = new ListCache(grouping);
          // Rows that say the same are the same objects, as the model's are.
          const known = new Map<string, Row>();
          for (const version of versions) {
            const source = version
              .toSorted((a, b) => (a.name < b.name ? -1 : 1))
              .map(({ name, bad }) => {
                const key = `${name} ${bad}`;
                const found = known.get(key) ?? row(name, bad);
                known.set(key, found);
                return found;
              });
            const asked = query(filter, { by, descending });
            const anew = new ListCache(grouping).get(source, asked);
            expect(kept.get(source, asked).rows).toEqual(anew.rows);
          }
        },
      ),
    );
  });
});
