import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CellOf,
  columnsAskedLast,
  type Filter,
  matchRanges,
  narrows,
  parseFilter,
} from '../../../source/ui/state/filter.ts';
import { columnsNamed } from '../../../source/ui/state/filter-columns.ts';

const columns = ['NAMESPACE', 'SERVICE ACCOUNT', 'IRSA ROLE', 'ASSOCIATION ROLE', 'PODS', 'AGE', 'HEALTH'];

type Row = Readonly<Record<string, string>>;
const ledger: Row = {
  NAMESPACE: 'payments',
  'SERVICE ACCOUNT': 'ledger',
  'IRSA ROLE': 'payments-ledger-irsa',
  'ASSOCIATION ROLE': '-',
  PODS: '1,204',
  AGE: '40d',
  HEALTH: 'error trust',
};
const haystackOf = (row: Row): string => Object.values(row).join(' ').toLowerCase();
const cellOf =
  (row: Row): CellOf =>
  column =>
    row[column];

const lets = (text: string, row: Row = ledger): boolean => {
  const filter = parseFilter(text, columns);
  if (!filter.ok) throw new Error(filter.error);
  return filter.matches(haystackOf(row), cellOf(row));
};
const refuses = (text: string): string => {
  const filter = parseFilter(text, columns);
  return filter.ok ? 'nothing' : filter.error;
};

describe('a filter', () => {
  it.each([
    ['', true],
    ['pay led', true],
    ['led pay', true],
    ['pay nothing', false],
    ['LEDGER', true],
    ['!nothing', true],
    ['!ledger', false],
    ['!!ledger', true],
    ["'payments", true],
    ["'payment", false],
    ['^led', true],
    ['^edger', false],
    ['irsa$', true],
    ['payments$', true],
    ['led$', false],
    ['^ledger$', true],
    ['~pymts', true],
    // Its letters are there, but in two words.
    ['~paymentsledgerx', false],
    ['~stnemyap', false],
    ['nothing | ledger', true],
    ['nothing|ledger', true],
    ['nothing | none', false],
    // OR binds closer than AND: each group must hold.
    ['pay | none ledger | none', true],
    ['pay | none none | nothing', false],
    ['"payments ledger"', true],
    ['"payments error"', false],
    ['"!ledger"', false],
    ['/^payments ledger/', true],
    ['/pay.*irsa/', true],
    ['/a b/', false],
    ['!/ledger$/', true],
    ['/led', true],
    ['/led|none/ pay', true],
    ['ns:pay', true],
    ['ns:ledger', false],
    ['sa:ledger', true],
    ['irsa:ledger', true],
    ['role:ledger', true],
    ['role:-', true],
    ['!role:ledger', false],
    ['assoc:ledger', false],
    ['health:trust', true],
    ['health:ok', false],
    ['!health:ok', true],
    ['health:!ok', true],
    ['ns:^pay sa:/^l.*r$/', true],
    ["sa:'ledger ns:~pms", true],
    ['ns=payments', true],
    ['ns=payment', false],
    ['!ns=payment', true],
    ['pods>1000', true],
    ['pods>=1204', true],
    ['pods<1204', false],
    ['pods=1204', true],
    ['!pods=1204', false],
    ['age>30d', true],
    ['age>2w age<1y', true],
    ['age<=960h', true],
    ['!age>30d', false],
    // Neither a column nor a comparison: words like any other.
    ['arn:aws:iam::111122223333:role/x', false],
    ['system:serviceaccount:payments', false],
    ['team=payments', false],
  ])('%s', (text, expected) => {
    expect(lets(text)).toBe(expected);
  });

  it.each([
    ['!', '! needs a word after it'],
    ['a !', '! needs a word after it'],
    ['|', '| needs a word before it'],
    ['a | | b', '| needs a word before it'],
    ['a |', '| needs a word after it'],
    ['^', '^ needs a word'],
    ["'", "' needs a word"],
    ['~', '~ needs a word'],
    ['/(/', '/(/: a ( without its )'],
    ['ns:', 'ns: needs a word after it'],
    ['age>', 'age> needs a number, as in pods>10 or age>30d'],
    ['age>old', 'age> needs a number, as in pods>10 or age>30d'],
    ['nmae:x', 'no column nmae here: namespace serviceaccount irsarole associationrole pods age health'],
    ['/(?=a)/', '/(?=a)/: looking around is not possible here'],
  ])('%s says what is wrong with it', (text, error) => expect(refuses(text)).toBe(error));

  it('never takes what is not known for more, less or equal, nor for the opposite', () => {
    for (const unknown of ['…', '?', '-', '']) {
      for (const text of ['age>0s', 'age<9y', 'age=0s', '!age>0s', '!age=0s'])
        expect(lets(text, { ...ledger, AGE: unknown }), `${text} of ${unknown}`).toBe(false);
    }
  });

  it('takes nothing for a column where there is none', () => {
    expect(parseFilter('ns:pay').ok && parseFilter('a>b').ok).toBe(true);
  });

  it('names columns by title, first letters, usual name or an unmistakable beginning', () => {
    expect(columnsNamed('ServiceAccount', columns)).toEqual(['SERVICE ACCOUNT']);
    expect(columnsNamed('service-account', columns)).toEqual(['SERVICE ACCOUNT']);
    expect(columnsNamed('sa', columns)).toEqual(['SERVICE ACCOUNT']);
    expect(columnsNamed('ns', columns)).toEqual(['NAMESPACE']);
    expect(columnsNamed('assoc', columns)).toEqual(['ASSOCIATION ROLE']);
    expect(columnsNamed('p', columns)).toEqual(['PODS']);
    expect(columnsNamed('role', columns)).toEqual(['IRSA ROLE', 'ASSOCIATION ROLE']);
    expect(columnsNamed('', columns)).toEqual([]);
  });
});

/** Words over few letters, so that they meet. */
const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 3 });
const term = fc
  .tuple(
    fc.constantFrom('', '!'),
    fc.constantFrom('', '', 'ns:'),
    fc.constantFrom('', "'", '^', '~'),
    letters,
    fc.constantFrom('', '$'),
  )
  .map(([not, column, sign, word, end]) => `${not}${column}${sign}${word}${sign === '' || sign === '^' ? end : ''}`);
const expression = fc.array(fc.tuple(term, fc.constantFrom(' ', ' ', '|')), { minLength: 1, maxLength: 4 }).map(parts =>
  parts
    .map(([word, sign]) => word + sign)
    .join('')
    .replace(/[ |]+$/, ''),
);
const row = fc
  .tuple(letters, letters, letters)
  .map(([NAMESPACE, account, role]): Row => ({ NAMESPACE, 'SERVICE ACCOUNT': account, 'IRSA ROLE': role }));
const good = (text: string): Filter & { ok: true } => {
  const filter = parseFilter(text, columns);
  if (!filter.ok) throw new Error(`${text}: ${filter.error}`);
  return filter;
};
const letsThrough = (text: string, item: Row) => good(text).matches(haystackOf(item), cellOf(item));

describe('the laws of filters', () => {
  it('! turns a word round', () => {
    fc.assert(fc.property(term, row, (word, item) => letsThrough(`!${word}`, item) !== letsThrough(word, item)));
  });

  it('space is AND and | is OR', () => {
    fc.assert(
      fc.property(term, term, row, (a, b, item) => {
        expect(letsThrough(`${a} ${b}`, item)).toBe(letsThrough(a, item) && letsThrough(b, item));
        expect(letsThrough(`${a} | ${b}`, item)).toBe(letsThrough(a, item) || letsThrough(b, item));
      }),
    );
  });

  it('what narrows lets through nothing new', () => {
    fc.assert(
      fc.property(expression, expression, fc.array(row, { minLength: 20, maxLength: 20 }), (a, b, items) => {
        if (!narrows(good(a), good(b))) return;
        for (const item of items) if (letsThrough(b, item)) expect(letsThrough(a, item), `${a} => ${b}`).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('typing on a word narrows, and so does another word', () => {
    const chain = ['p', 'pa', 'pay', 'pay ns:l', 'pay ns:le', 'pay ns:le !x', "pay ns:le !x 'pays"];
    for (const [index, text] of chain.entries()) {
      if (index > 0) expect(narrows(good(chain[index - 1] ?? ''), good(text)), text).toBe(true);
    }
    expect(narrows(good('!pa'), good('!pay'))).toBe(false);
    expect(narrows(good('!pay'), good('!pa'))).toBe(true);
    expect(narrows(good('/p.a/'), good('/p.b/'))).toBe(false);
    expect(narrows(good('a'), good('a|b'))).toBe(false);
    expect(narrows(good('a|b'), good('a'))).toBe(true);
  });

  it('typing on a pattern narrows where what was there stays as it is', () => {
    const chain = ['/p', '/pa', '/pa[xy]', '/pa[xy].', '/pa[xy].b*', '/pa[xy].b*$', '/pa[xy].b*$/'];
    for (const [index, text] of chain.entries()) {
      if (index > 0) expect(narrows(good(chain[index - 1] ?? ''), good(text)), text).toBe(true);
    }
    expect(narrows(good('a'), good('/[bc]a/'))).toBe(true);
    expect(narrows(good('/ab'), good('/abc*'))).toBe(true);
    // What is added changes what it is added to.
    for (const [before, after] of [
      ['/ab', '/ab*'],
      ['/ab', '/a.|b'],
      ['/a.', '/a.*'],
      ['/a.b', '/a.b|c'],
      ['/a.b', '/a.b{0}'],
      ['/[ab]', '/[ab]?'],
    ] as const) {
      expect(narrows(good(before), good(after)), `${before} => ${after}`).toBe(false);
    }
  });

  it('a pattern that narrows another lets through nothing new', () => {
    const signs = fc.array(
      fc.constantFrom('a', 'b', 'A', '.', '*', '?', '|', '[ab]', '(b)', '(a|b)', '$', '{2}', '\\b', '-'),
      {
        maxLength: 4,
      },
    );
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-', '1'), maxLength: 6 });
    fc.assert(
      fc.property(signs, signs, fc.array(word, { minLength: 20, maxLength: 20 }), (start, more, words) => {
        const before = parseFilter(`/${start.join('')}`);
        const after = parseFilter(`/${start.join('')}${more.join('')}`);
        if (!before.ok || !after.ok || !narrows(before, after)) return;
        for (const text of words) if (after.matches(text)) expect(before.matches(text), text).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes any text at all, and never throws', () => {
    const signs = fc.string({ unit: fc.constantFrom(...`a:|!'^$~/"\\()[]*+?{}<>=1d. `), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(signs, fc.string({ unit: 'binary' })), row, (text, item) => {
        const filter = parseFilter(text, columns);
        if (!filter.ok) {
          expect(filter.error.length).toBeGreaterThan(0);
          return;
        }
        filter.matches(haystackOf(item), cellOf(item));
        for (const [start, end] of matchRanges(filter, haystackOf(item))) expect(start).toBeLessThan(end);
      }),
      { numRuns: 300 },
    );
  });

  it('shows where it matched: in order, apart, and in the text', () => {
    fc.assert(
      fc.property(expression, row, (text, item) => {
        const shown = haystackOf(item);
        let last = -1;
        for (const [start, end] of matchRanges(good(text), shown)) {
          expect(start).toBeGreaterThan(last);
          expect(end).toBeLessThanOrEqual(shown.length);
          last = end;
        }
      }),
    );
    const marked = (text: string, shown: string, column?: string) =>
      matchRanges(good(text), shown, column).map(([start, end]) => shown.slice(start, end));
    expect(marked('pay led', 'Payments ledger pay')).toEqual(['Pay', 'led', 'pay']);
    expect(marked('~pyt', 'payments')).toEqual(['p', 'y', 't']);
    expect(marked('/e[dr]/', 'ledger')).toEqual(['ed', 'er']);
    expect(marked('!pay', 'payments')).toEqual([]);
    expect(marked('ns:pay', 'payments pay')).toEqual([]);
    expect(marked('ns:pay', 'payments', 'NAMESPACE')).toEqual(['pay']);
  });
});

it('tells which columns are named, as long as nothing is asked of them', () => {
  const asked = [
    ['irsa:', ['IRSA ROLE']],
    ['pay !role:', ['IRSA ROLE', 'ASSOCIATION ROLE']],
    ['pods>=', ['PODS']],
    ['role:!', []],
    ['role:x', []],
    ['role: x', []],
    ['role', []],
    ['nothing:', []],
    ['/role:', []],
    ['', []],
  ] as const;
  for (const [text, titles] of asked) expect([text, columnsAskedLast(text, columns)]).toEqual([text, titles]);
});
