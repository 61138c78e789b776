import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../source/sandbox/cloud/pages.ts';

const keys = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 60 });

describe('pages', () => {
  it('hold everything once and in order, and all that stayed while other things came and went', () => {
    fc.assert(
      fc.property(keys, keys, fc.integer({ min: 1, max: 20 }), fc.nat(), (stay, fleeting, size, turn) => {
        const stable = stay.filter(each => !fleeting.includes(each));
        const seen: string[] = [];
        let token: string | undefined;
        let round = 0;
        do {
          const others = (round + turn) % 2 === 0 ? fleeting : [];
          const page = pageOf([...others, ...stable], each => each, { size, token, question: 'q' });
          expect(page?.items.length).toBeLessThanOrEqual(size);
          seen.push(...(page?.items ?? []));
          token = page?.next;
          round++;
        } while (token !== undefined);
        expect(seen).toEqual([...seen].sort((a, b) => (a < b ? -1 : 1)));
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen).toEqual(expect.arrayContaining(stable));
      }),
    );
  });

  it('know their own tokens only', () => {
    const first = pageOf(['a', 'b'], each => each, { size: 1, question: 'one' });
    const again = (token: string | undefined, question: string) =>
      pageOf(['a', 'b'], each => each, { size: 1, token, question });
    expect(again(first?.next, 'one')).toEqual({ items: ['b'] });
    expect(again(first?.next, 'other')).toBeUndefined();
    expect(again('nonsense', 'one')).toBeUndefined();
  });
});
