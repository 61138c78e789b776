import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Graphemes, isHarmless } from '../../scripts/graphemes.ts';

const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ours = new Graphemes();

const signs = fc.constantFrom(
  ...'aZ0 ~─│╭╮╰╯█▌●○◌▸⠋…←↓Δ✓✗❯·×',
  '\n',
  '\t',
  '\r',
  '\u001b[38;2;1;2;3m',
  '\u200d',
  '\ufe0f',
  '\u0301',
  '👩‍👩‍👧',
  '🇩🇪',
  '語',
  '\u0915\u094d',
);
const texts = fc.oneof(
  fc.array(signs, { maxLength: 12 }).map(parts => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

it('divides every text as Intl.Segmenter does, and finds the same part of it', () => {
  fc.assert(
    fc.property(texts, fc.nat(14), (text, index) => {
      expect([...ours.segment(text)]).toEqual([...real.segment(text)]);
      expect(ours.segment(text).containing(index)).toEqual(real.segment(text).containing(index));
    }),
    { numRuns: 2_000 },
  );
});

it('divides each of its characters from each other as Intl.Segmenter does', () => {
  const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(isHarmless);
  expect(characters.length).toBeGreaterThan(500);
  const text = characters.flatMap(one => [one, 'a', one, one, '─', one, '\u001b']).join('');
  expect([...real.segment(text)].every(({ segment }) => segment.length === 1)).toBe(true);
  expect([...ours.segment(text)]).toEqual([...real.segment(text)]);
});

it("lets only such texts past Ink's cleaning as it would not change", async () => {
  const { default: sanitize } = (await import(new URL('./sanitize-ansi.js', import.meta.resolve('ink')).href)) as {
    default: (text: string) => string;
  };
  fc.assert(
    fc.property(texts, text => {
      if (isHarmless(text)) expect(sanitize(text)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
  for (const text of ['\u0007', '\r', '\u009b31m', '\u001b]0;title\u0007', '\u001b[4:3m', '\u001b[2J'])
    expect(isHarmless(text)).toBe(false);
  expect(isHarmless('\u001b[38;2;1;2;3m─ roles\u001b[39m\n')).toBe(true);
});
