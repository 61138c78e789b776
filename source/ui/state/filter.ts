/**
 * The filter of a table or a page.
 *
 * Words are ANDed; `|` between two words ORs these two. A word is found anywhere in the row, in any case. `'word` is a
 * whole word, `^word` its beginning, `word$` its end, `~wrd` its letters in this order, `/re/` a regular expression;
 * `"two words"` holds spaces together and `!` before any of them turns it round. `column:` before any of them asks it of
 * that column only; numbers and ages compare: `pods>10`, `age<=30d`, `pods=0`.
 */
import { columnNames, columnsNamed } from './filter-columns.ts';
import {
  type Ask,
  type CellOf,
  type Comparison,
  numberOf,
  type Range,
  type Term,
  termFollows,
  termRanges,
  testOf,
} from './filter-term.ts';
import { linearPattern, PatternError } from './linear-pattern.ts';

export type { CellOf, Range } from './filter-term.ts';

/** `haystack`: the whole row, lower-case. `cell`: its columns by title, asked for only when the filter names one. */
export type Matcher = (haystack: string, cell?: CellOf) => boolean;

export type GoodFilter = {
  readonly ok: true;
  readonly empty: boolean;
  readonly matches: Matcher;
  /** Whether a cell of the row is asked for by name. */
  readonly asksCells: boolean;
  /** All groups must hold; of a group one term. */
  readonly groups: readonly (readonly Term[])[];
};

export type Filter = GoodFilter | { readonly ok: false; readonly error: string };

const everything: GoodFilter = { ok: true, matches: () => true, empty: true, asksCells: false, groups: [] };

/** What is wrong with a filter, for the one who types it. */
class FilterError extends Error {}

/**
 * @param columns titles of the table's columns; without them nothing is taken for a column
 */
export function parseFilter(text: string, columns: readonly string[] = []): Filter {
  try {
    const groups = groupsOf(text).map(words => words.map(word => readTerm(word, columns)));
    if (groups.length === 0) return everything;
    return {
      ok: true,
      empty: false,
      groups,
      asksCells: groups.some(terms => terms.some(({ columns: asked }) => asked !== undefined)),
      matches: matcherOf(groups),
    };
  } catch (error) {
    if (error instanceof FilterError) return { ok: false, error: error.message };
    throw error;
  }
}

function matcherOf(groups: readonly (readonly Term[])[]): Matcher {
  const tests = groups.map((terms): Matcher => {
    const [only, ...more] = terms.map(testOf);
    if (only && more.length === 0) return only;
    const all = terms.map(testOf);
    return (haystack, cell) => all.some(test => test(haystack, cell));
  });
  const [only] = tests;
  return only && tests.length === 1 ? only : (haystack, cell) => tests.every(test => test(haystack, cell));
}

/** Whether every row that `after` lets through, `before` lets through too: typing on then narrows what is there. */
export const narrows = (before: Filter, after: Filter): boolean =>
  before.ok &&
  after.ok &&
  before.groups.every(wide =>
    after.groups.some(narrow => narrow.every(term => wide.some(each => termFollows(each, term)))),
  );

/**
 * Where a filter is found in a text that is shown, in order and without overlaps, for underlining.
 *
 * @param column title of the column that the text is the cell of; absent: the text is the whole row
 */
export function matchRanges(filter: Filter, text: string, column?: string): readonly Range[] {
  if (!filter.ok || filter.empty) return [];
  const lower = text.toLowerCase();
  // Few letters change their length with their case; where one does, no range would be right.
  if (lower.length !== text.length) return [];
  const found = filter.groups.flatMap(terms =>
    terms.flatMap(term =>
      !term.columns || (column !== undefined && term.columns.includes(column)) ? termRanges(term, lower) : [],
    ),
  );
  const joined: [number, number][] = [];
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** Words in groups: those that `|` joins are one group. */
function groupsOf(text: string): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let joins = false;
  for (const word of wordsOf(text)) {
    const last = groups.at(-1);
    if (word === '|') {
      if (!last || joins) throw new FilterError('| needs a word before it');
      joins = true;
    } else if (joins) {
      last?.push(word);
      joins = false;
    } else groups.push([word]);
  }
  if (joins) throw new FilterError('| needs a word after it');
  return groups;
}

/** Where the regular expression of a word begins. */
const beforePattern = /^!?([a-z][a-z0-9_-]*:)?!?$/i;

function* wordsOf(text: string): Generator<string> {
  let word = '';
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '/' && beforePattern.test(word)) {
      const end = endOfPattern(text, at);
      word += text.slice(at, end);
      at = end;
      continue;
    }
    if (character === '"') {
      const end = text.indexOf('"', at + 1);
      word += end < 0 ? text.slice(at) : text.slice(at, end + 1);
      at = end < 0 ? text.length : end + 1;
      continue;
    }
    if (/\s/.test(character) || character === '|') {
      if (word !== '') yield word;
      word = '';
      if (character === '|') yield '|';
    } else word += character;
    at += 1;
  }
  if (word !== '') yield word;
}

/** Behind the slash that ends a pattern: it stands before a space, a `|` or the end. An unfinished one goes on to the end. */
function endOfPattern(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '/' && /^(\s|\||$)/.test(text.slice(at + 1, at + 2))) return at + 1;
  }
  return text.length;
}

/** Titles of the columns that the last word names, while it asks nothing of them yet: `role:`, `pods>`. */
export function columnsAskedLast(text: string, columns: readonly string[]): readonly string[] {
  const word = [...wordsOf(text)].at(-1) ?? '';
  const [, named] = /^!*([a-z][a-z0-9_-]*)(?:<=|>=|[:<>=])$/i.exec(word) ?? [];
  return named === undefined ? [] : columnsNamed(named, columns);
}

function readTerm(word: string, columns: readonly string[]): Term {
  let not = false;
  let rest = word;
  const turn = () => {
    while (rest.startsWith('!')) {
      not = !not;
      rest = rest.slice(1);
    }
  };
  turn();
  if (rest === '') throw new FilterError('! needs a word after it');
  const named = columns.length > 0 ? columnAsked(rest, columns) : undefined;
  if (!named) return { not, ask: readAsk(rest) };
  rest = named.value;
  if (named.operator !== ':') return { not, columns: named.columns, ask: readComparison(named, rest) };
  turn();
  if (rest === '') throw new FilterError(`${named.typed}: needs a word after it`);
  return { not, columns: named.columns, ask: readAsk(rest) };
}

type Asked = {
  readonly typed: string;
  readonly columns: readonly string[];
  readonly operator: ':' | Comparison;
  readonly value: string;
};

const isComparison = (text: string): text is Comparison => /^(<=?|>=?|=)$/.test(text);

function columnAsked(word: string, columns: readonly string[]): Asked | undefined {
  const parts = /^([a-z][a-z0-9_-]*)(:|<=|>=|<|>|=)(.*)$/is.exec(word);
  const [, typed = '', operator = '', value = ''] = parts ?? [];
  if (!parts) return undefined;
  const named = columnsNamed(typed, columns);
  if (named.length > 0) return { typed, columns: named, operator: isComparison(operator) ? operator : ':', value };
  // ARNs, token subjects and `team=payments` have these signs in them: they are words like any other.
  if (operator === '=' || typed === 'arn' || /[:/]/.test(value)) return undefined;
  throw new FilterError(`no column ${typed} here: ${columnNames(columns)}`);
}

function readComparison({ typed, operator }: Asked, value: string): Ask {
  if (operator === ':') throw new FilterError(`${typed}: needs a word after it`);
  const number = numberOf(value);
  if (number !== undefined) return { kind: 'number', comparison: operator, value: number };
  if (operator === '=' && value !== '')
    return { kind: 'text', placement: 'whole', value: unquoted(value).toLowerCase() };
  throw new FilterError(`${typed}${operator} needs a number, as in pods>10 or age>30d`);
}

const unquoted = (text: string): string => text.replaceAll('"', '');

/** What `sign` stands before or after must not be nothing. */
function valued(value: string, sign: string): string {
  const plain = unquoted(value).toLowerCase();
  if (plain === '') throw new FilterError(`${sign} needs a word`);
  return plain;
}

function readAsk(word: string): Ask {
  if (word.startsWith('/')) return readPattern(word);
  if (word.startsWith('~')) return { kind: 'fuzzy', value: valued(word.slice(1), '~').replaceAll(/\s/g, '') };
  if (word.startsWith("'")) return { kind: 'text', placement: 'whole', value: valued(word.slice(1), "'") };
  if (word.startsWith('"')) return { kind: 'text', placement: 'anywhere', value: valued(word, '""') };
  const starts = word.startsWith('^');
  const ends = word.endsWith('$');
  if (!starts && !ends) return { kind: 'text', placement: 'anywhere', value: valued(word, '""') };
  const value = valued(word.slice(starts ? 1 : 0, ends ? -1 : undefined), starts ? '^' : '$');
  return { kind: 'text', placement: starts && ends ? 'whole' : starts ? 'start' : 'end', value };
}

/**
 * An unfinished `/re` is tried as it stands, so that the list narrows while it is typed. What is a plain text so far is
 * looked for as one.
 */
function readPattern(word: string): Ask {
  const source = word.slice(1, word.length > 1 && word.endsWith('/') ? -1 : undefined);
  try {
    const pattern = linearPattern(source);
    if (pattern.plain !== undefined) return { kind: 'text', placement: 'anywhere', value: pattern.plain };
    return { kind: 'pattern', source, pattern };
  } catch (error) {
    if (error instanceof PatternError) throw new FilterError(`/${source}/: ${error.message}`);
    throw error;
  }
}
