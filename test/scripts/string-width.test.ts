import fc from 'fast-check';
import whole from 'string-width';
import { expect, it } from 'vitest';
import stringWidth from '../../scripts/string-width.ts';

const signs = '─│╭╮╰╯█▌●○◌◐▲▸▾…→←↑↓Δ✓✗❯⠹ az09~'.split('');

it('tells the same width as string-width', () => {
  for (let code = 0x20; code < 0x2c00; code += 1) {
    const sign = String.fromCharCode(code);
    expect([sign, stringWidth(sign)]).toEqual([sign, whole(sign)]);
  }
  const part = fc.oneof(
    fc.constantFrom(...signs),
    fc.constantFrom('\u001B[31m', '\u001B[0m', '\u001B[38;5;2m', '\u001B[2K', '\uFE0F', '\u200D', '👩‍🚀', '日', 'é'),
    fc.string({ unit: 'binary', maxLength: 2 }),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), parts => {
      expect(stringWidth(parts.join(''))).toBe(whole(parts.join('')));
    }),
    { numRuns: 500 },
  );
});
