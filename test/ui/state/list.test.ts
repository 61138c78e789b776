import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../source/ui/state/filter.ts';
import { defaultSort, ListCache, type ListSpec } from '../../../source/ui/state/list.ts';

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
    const first = cache.get(rows, '', defaultSort);
    expect(cache.get(rows, '', { ...defaultSort })).toBe(first);
    expect(cache.get([...rows], '', defaultSort)).not.toBe(first);
  });
  it('keeps the order of the model by default, and sorts by name or by what is worst', () => {
    const cache = new ListCache(spec);
    const ids = (by: 'default' | 'name' | 'health', descending = false) =>
      cache
        .get(rows, '', { by, descending })
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
        .get([row('d', 1), row('b', 2), row('a', 5), row('c', 0)], '', defaultSort)
        .rows.map(item => item.name)
        .join(''),
    ).toBe('bcda');
  });
  it('builds a haystack once for each row', () => {
    const cache = new ListCache(spec);
    haystacks = 0;
    cache.get(rows, 'a', defaultSort);
    cache.get([...rows], 'ab', defaultSort);
    expect(haystacks).toBe(3);
  });
  it('keeps the last good pattern while a bad one is typed', () => {
    const cache = new ListCache(spec);
    expect(cache.get(rows, 'a', defaultSort).length).toBe(1);
    expect(cache.get(rows, 'a /(', defaultSort).length).toBe(1);
  });
  it('finds every row where it is, and no other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-c]{1,4}$/), { maxLength: 20 }),
        fc.constantFrom('', 'a', '!a', 'ab'),
        (names, filter) => {
          const set = new ListCache(spec).get(
            names.map(name => row(name)),
            filter,
            { by: 'name', descending: false },
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
});
