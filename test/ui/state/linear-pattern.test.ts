import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearPattern, PatternError } from '../../../source/ui/state/linear-pattern.ts';

/** Patterns made of what the grammar has, over few letters so that they meet. */
const { pattern: any } = fc.letrec<{ pattern: string; part: string; atom: string }>(tie => ({
  pattern: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    tie('part'),
    fc.array(tie('part'), { minLength: 1, maxLength: 3 }).map(parts => parts.join('')),
    fc.array(tie('part'), { minLength: 2, maxLength: 3 }).map(parts => parts.join('|')),
  ),
  part: fc
    .tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,1}', '*?'))
    .map(([atom, count]) => (/^(\^|\$|\\b|\\B)$/.test(atom) ? atom : `${atom}${count}`)),
  atom: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'b',
      'B',
      '-',
      '.',
      '[ab]',
      '[^a]',
      '[a-c-]',
      '\\w',
      '\\d',
      '\\s',
      '\\.',
      '^',
      '$',
      '\\b',
      '\\B',
    ),
    tie('pattern').map(inner => `(${inner})`),
    tie('pattern').map(inner => `(?:${inner})`),
  ),
}));

/** How many places of a pattern leave a choice. */
const choices = (source: string): number => source.replaceAll('(?:', '(').match(/[*+?{|]/g)?.length ?? 0;

/**
 * The engine of the language, which is compared with, goes back over every choice: it takes up to (choices + 1) to the
 * power of the length of the text, which for some patterns of this grammar is minutes. Within these bounds it is
 * milliseconds, and everything in the grammar still meets everything else.
 */
const pattern = any.filter(source => choices(source) <= 4);
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '-', '.', ' ', '1'), maxLength: 5 });

describe('a pattern', () => {
  it('matches what the engine of the language matches', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        expect(linearPattern(source).test(subject.toLowerCase())).toBe(new RegExp(source, 'i').test(subject));
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds the first place, and there the longest, that the engine of the language agrees to', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const spans = (begin: number, end: number) =>
          new RegExp(`^[^]{${begin}}(?:${source})(?=[^]{${subject.length - end}}$)`, 'i').test(subject);
        const places = Array.from({ length: subject.length }, (_, begin) =>
          Array.from({ length: subject.length - begin }, (__, back) => [begin, subject.length - back] as const),
        ).flat();
        expect(linearPattern(source).find(subject.toLowerCase())).toEqual(
          places.find(([begin, end]) => spans(begin, end)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('takes time that does not depend on what it is', () => {
    for (const source of ['(a+)+b', '(a|a)*b', '(a*)*b', '.*.*.*.*.*=', '(a|aa)+$']) {
      // Exponential, or to the fifth power, in an engine that backtracks: this would not return.
      expect(linearPattern(source).test(`${'a'.repeat(5_000)}!`)).toBe(false);
    }
  });

  it.each([
    '(',
    ')',
    '[a',
    '*a',
    'a**',
    '\\',
    '(?=a)',
    '(?<!a)',
    '\\1',
    'a{3,2}',
    '(a{99}){99}',
    '[b-a]',
    '('.repeat(99),
  ])('refuses %s', source => expect(() => linearPattern(source)).toThrow(PatternError));

  it('keeps a bounded number of states', () => {
    const many = linearPattern('(a|b)*a(a|b){12}c');
    const subject = Array.from({ length: 20_000 }, (_, index) => ((index * 2_654_435_761) & 64 ? 'a' : 'b')).join('');
    expect(many.test(subject)).toBe(false);
    expect(many.test(`${subject}a${'b'.repeat(12)}c`)).toBe(true);
  });
});
