/** One word of a filter: what it asks of a text, which other word it follows from, and where in a text it is found. */
import { remembering } from '../text/remembering.ts';
import type { LinearPattern } from './linear-pattern.ts';

/** Where a word must stand. A word of a text is what stands between spaces. */
export type Placement = 'anywhere' | 'whole' | 'start' | 'end';

export type Comparison = '<' | '<=' | '>' | '>=' | '=';

export type Ask =
  /** `value` is lower-case. */
  | { readonly kind: 'text'; readonly placement: Placement; readonly value: string }
  /** Its letters in this order, within one word. */
  | { readonly kind: 'fuzzy'; readonly value: string }
  | { readonly kind: 'pattern'; readonly source: string; readonly pattern: LinearPattern }
  /** Seconds for ages, else a plain number. */
  | { readonly kind: 'number'; readonly comparison: Comparison; readonly value: number };

export type Term = {
  readonly not: boolean;
  /** Titles of the columns of which one must have it; absent: the whole row. */
  readonly columns?: readonly string[];
  readonly ask: Ask;
};

/** The text of a row's column, by its title; undefined: not known. */
export type CellOf = (column: string) => string | undefined;

/** What a cell says while its value is not known. */
const unknownCell = /^(…|\?|-|)$/;

/** Whether a row has what a term asks for. `haystack` is the whole row, lower-case. */
export type TermTest = (haystack: string, cell?: CellOf) => boolean;

/** Made once for a filter, since it is asked of every row at each key. */
export function testOf({ ask, columns, not }: Term): TermTest {
  if (columns === undefined) {
    const test = textTest(ask);
    return not ? haystack => !test(haystack) : test;
  }
  if (ask.kind === 'number') {
    const read = remembering(numberOf);
    return (_, cell) => {
      const numbers = columns.flatMap(column => read(cell?.(column) ?? '') ?? []);
      // What is not known is neither more nor less, nor equal, nor different.
      return numbers.length > 0 && numbers.some(number => compare(number, ask.comparison, ask.value)) !== not;
    };
  }
  const inText = textTest(ask);
  const test = remembering(text => inText(text.trim().toLowerCase()));
  return (_, cell) => columns.some(column => test(cell?.(column) ?? '')) !== not;
}

function textTest(ask: Ask): (text: string) => boolean {
  switch (ask.kind) {
    case 'text': {
      const { value, placement } = ask;
      return placement === 'anywhere' ? text => text.includes(value) : text => placed(text, value, placement) >= 0;
    }
    case 'fuzzy':
      return text => isFuzzyIn(text, ask.value);
    case 'pattern':
      return text => ask.pattern.test(text);
    case 'number':
      return () => false;
  }
}

const isEdge = (text: string, at: number): boolean => at < 0 || at >= text.length || text[at] === ' ';

/** Where a value stands as it must, at or after `from`; -1 when it does not. */
function placed(text: string, value: string, placement: Placement, from = 0): number {
  for (let at = text.indexOf(value, from); at >= 0; at = text.indexOf(value, at + 1)) {
    const starts = placement === 'end' || placement === 'anywhere' || isEdge(text, at - 1);
    const ends = placement === 'start' || placement === 'anywhere' || isEdge(text, at + value.length);
    if (starts && ends) return at;
  }
  return -1;
}

const space = 32;

/** Whether some word has all letters in order. */
function isFuzzyIn(text: string, value: string): boolean {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === space) found = 0;
    else if (code === value.charCodeAt(found)) {
      found += 1;
      if (found === value.length) return true;
    }
  }
  return false;
}

/** Positions of the letters in the first word that has them all in order. */
function fuzzyAt(text: string, value: string): readonly number[] {
  let found: number[] = [];
  for (let at = 0; at < text.length && found.length < value.length; at += 1) {
    if (text.charCodeAt(at) === space) found = [];
    else if (text.charCodeAt(at) === value.charCodeAt(found.length)) found.push(at);
  }
  return found.length === value.length ? found : [];
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 7 * 86_400,
  y: 365 * 86_400,
};

/** `1,204`, `12`, `3.5`, `40d`, `2h`, `1h30m`: a plain number, or seconds. Undefined: no number. */
export function numberOf(text: string): number | undefined {
  const plain = text.replaceAll(',', '').trim();
  if (unknownCell.test(plain)) return undefined;
  if (/^-?\d+(\.\d+)?$/.test(plain)) return Number(plain);
  if (!/^(\d+(\.\d+)?[smhdwy])+$/i.test(plain)) return undefined;
  const parts = plain.toLowerCase().matchAll(/(\d+(?:\.\d+)?)([smhdwy])/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? 's'] ?? 1), 0);
}

function compare(number: number, comparison: Comparison, value: number): boolean {
  switch (comparison) {
    case '<':
      return number < value;
    case '<=':
      return number <= value;
    case '>':
      return number > value;
    case '>=':
      return number >= value;
    case '=':
      return number === value;
  }
}

const sameAsk = (a: Ask, b: Ask): boolean => {
  if (a.kind === 'text') return b.kind === 'text' && a.placement === b.placement && a.value === b.value;
  if (a.kind === 'fuzzy') return b.kind === 'fuzzy' && a.value === b.value;
  if (a.kind === 'pattern') return b.kind === 'pattern' && a.source === b.source;
  return b.kind === 'number' && a.comparison === b.comparison && a.value === b.value;
};

const stands: Readonly<Record<Placement, ReadonlySet<Placement>>> = {
  anywhere: new Set(['anywhere', 'whole', 'start', 'end']),
  start: new Set(['start', 'whole']),
  end: new Set(['end', 'whole']),
  whole: new Set(['whole']),
};

/** Whether a pattern is a text with more around it, or another pattern with more behind it. */
function patternFollows(wide: Ask, narrow: LinearPattern): boolean {
  if (wide.kind === 'text') return wide.placement === 'anywhere' && narrow.holds.some(run => run.includes(wide.value));
  if (wide.kind !== 'pattern') return false;
  const { parts } = wide.pattern;
  return parts?.every((part, at) => part === narrow.parts?.[at]) ?? false;
}

/** Whether whatever `narrow` asks for also has what `wide` asks for. False when that is not obvious. */
function follows(wide: Ask, narrow: Ask): boolean {
  if (sameAsk(wide, narrow)) return true;
  if (wide.kind === 'fuzzy') return narrow.kind === 'fuzzy' && narrow.value.startsWith(wide.value);
  if (narrow.kind === 'pattern') return patternFollows(wide, narrow.pattern);
  if (wide.kind !== 'text' || narrow.kind !== 'text' || !stands[wide.placement].has(narrow.placement)) return false;
  switch (wide.placement) {
    case 'anywhere':
      return narrow.value.includes(wide.value);
    case 'start':
      return narrow.value.startsWith(wide.value);
    case 'end':
      return narrow.value.endsWith(wide.value);
    case 'whole':
      return narrow.value === wide.value;
  }
}

/** Whether every row that `narrow` lets through, `wide` lets through too. False when that is not obvious. */
export function termFollows(wide: Term, narrow: Term): boolean {
  if (wide.not !== narrow.not || wide.columns?.join() !== narrow.columns?.join()) return false;
  return wide.not ? follows(narrow.ask, wide.ask) : follows(wide.ask, narrow.ask);
}

/** Half-open, in UTF-16 units of the text. */
export type Range = readonly [start: number, end: number];

/** Where a term is found in a text, for underlining. `text` is lower-case. */
export function termRanges({ not, ask }: Term, text: string): readonly Range[] {
  if (not) return [];
  switch (ask.kind) {
    case 'text': {
      const ranges: Range[] = [];
      let at = placed(text, ask.value, ask.placement);
      while (at >= 0) {
        ranges.push([at, at + ask.value.length]);
        at = placed(text, ask.value, ask.placement, at + ask.value.length);
      }
      return ranges;
    }
    case 'fuzzy':
      return fuzzyAt(text, ask.value).map(at => [at, at + 1]);
    case 'pattern': {
      const ranges: Range[] = [];
      for (let found = ask.pattern.find(text); found; found = ask.pattern.find(text, found[1])) ranges.push(found);
      return ranges;
    }
    case 'number':
      return [];
  }
}
