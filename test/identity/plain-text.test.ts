import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText, printable, typed } from '../../source/identity/plain-text.ts';

/** What no terminal should ever be sent as part of a name. */
const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('whatever text comes in', () => {
  test('nothing that a terminal obeys, or that is invisible, comes out', () => {
    fc.assert(
      fc.property(anyText, text => {
        for (const clean of [printable(text), typed(text), plainText(text)]) expect(clean).not.toMatch(obeyed);
      }),
    );
  });

  test('cleaning twice changes nothing more', () => {
    fc.assert(
      fc.property(anyText, text => {
        expect(printable(printable(text))).toBe(printable(text));
        expect(typed(typed(text))).toBe(typed(text));
      }),
    );
  });

  test('ordinary text stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abz09 ./:_-@é漢'), maxLength: 40 }), text => {
        expect(printable(text)).toBe(text);
      }),
    );
  });
});

test('a sentence keeps no secret', () => {
  const text = 'who is Bearer abc.def and AKIAIOSFODNN7EXAMPLE with k8s-aws-v1.aHR0cHM6Ly8';
  expect(plainText(text)).toBe('who is Bearer *** and AKIA*** with ***');
});

test('a sentence of foreign text is one line of bounded length', () => {
  expect(plainText('a\u001b[31m red\u001b[0m\n\n word', 20)).toBe('a red word');
  expect(plainText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
});
