import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText } from '../../source/commands/json-text.ts';

const seed = 20261124;

describe('JSON for a terminal', () => {
  test('holds nothing that could drive it, and loses nothing', () => {
    const hostile = 'a\u001b[2J\u009b31m\u0007\u202eb\u2028c\u{e0041}\ud800\u007f';
    const text = jsonText({ [hostile]: [hostile] });
    expect(text).not.toMatch(/[^\n\x20-\x7e]/);
    expect(JSON.parse(text)).toEqual({ [hostile]: [hostile] });
  });

  test('leaves letters of every language as they are', () => {
    expect(jsonText({ name: 'Zürich 東京' })).toBe('{\n  "name": "Zürich 東京"\n}\n');
  });

  test(`property: any value comes back (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
        const text = jsonText(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
      { seed, numRuns: 40 },
    );
  });
});
