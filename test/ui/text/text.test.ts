import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { shortRoles } from '../../../source/ui/text/arn.ts';
import { age, count, elapsed, podsText, thousands } from '../../../source/ui/text/numbers.ts';
import { cells, cut, cutMiddle, pad, wrap } from '../../../source/ui/text/pad.ts';
import { clean, cleanLines } from '../../../source/ui/text/sanitise.ts';

const any = fc.string({ unit: 'binary', maxLength: 40 });

describe('text from outside', () => {
  it('loses everything that could drive a terminal or hide', () => {
    fc.assert(
      fc.property(any, text => {
        const safe = clean(text);
        expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
        expect(clean(safe)).toBe(safe);
      }),
    );
    expect(clean('a\u001b]0;title\u0007b')).toBe('a\ufffd]0;title\ufffdb');
    expect(cleanLines('a\r\nb\tc')).toEqual(['a', 'b  c']);
  });
});

describe('padding', () => {
  it('takes exactly the cells it is given', () => {
    fc.assert(
      fc.property(any.map(clean), fc.integer({ min: 1, max: 30 }), (text, width) => {
        expect(stringWidth(pad(text, width))).toBe(width);
        expect(stringWidth(pad(text, width, 'right'))).toBe(width);
        expect(cells(cut(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
  it('marks what it cuts', () => {
    expect(pad('abcdef', 4)).toBe('abc~');
    expect(pad('ab', 4, 'right')).toBe('  ab');
    expect(pad('日本語', 4)).toBe('日~ ');
    expect(cutMiddle('a-1234567890', 7)).toBe('a-1…890');
  });
  it('wraps without losing a word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { maxLength: 12 }), words => {
        const lines = wrap(words.join(' '), 12);
        expect(lines.join(' ').trim()).toBe(words.join(' '));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(12);
      }),
    );
    expect(wrap('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'xxxxx']);
  });
});

describe('numbers', () => {
  it('says how long in the largest unit that says enough', () => {
    expect([4_000, 65_000, 3_700_000, 90_000_000, 94 * 86_400_000].map(age)).toEqual(['4s', '1m', '1h', '25h', '94d']);
    expect([48_000, 725_000, 3_729_000].map(elapsed)).toEqual(['0:48', '12:05', '1:02:09']);
  });
  it('never shows what is not known as zero', () => {
    expect(count(undefined)).toBe('?');
    expect(count(0)).toBe('0');
    expect(thousands(1234567)).toBe('1,234,567');
  });
});

describe('pods on old credentials', () => {
  it('are told in words that fit their number', () => {
    expect(podsText(1, 0)).toBe('1 pod');
    expect(podsText(1, 1)).toBe('1 pod, on IRSA credentials until it restarts');
    expect(podsText(4, 1)).toBe('4 pods, 1 of them on IRSA credentials until it restarts');
    expect(podsText(4, 4)).toBe('4 pods, on IRSA credentials until they restart');
    expect(podsText(4, undefined)).toBe('4 pods');
  });
});

describe('ARNs of roles in a sentence', () => {
  it('become names, paths and all; other ARNs stay', () => {
    expect(
      shortRoles('from arn:aws:iam::111122223333:role/a/b/name, to arn:aws-cn:iam::111122223333:role/x: done'),
    ).toBe('from name, to x: done');
    expect(shortRoles('arn:aws:eks:eu-west-1:111122223333:cluster/c')).toBe(
      'arn:aws:eks:eu-west-1:111122223333:cluster/c',
    );
  });
});
