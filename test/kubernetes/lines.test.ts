import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../../source/kubernetes/lines.ts';
import { all } from './support.ts';

/** `bytes` in pieces that end at `cuts`, however those fall, inside characters too. */
async function* pieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const ends = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

describe('lines', () => {
  test('are the same however the stream is cut into chunks', async () => {
    const line = fc.string({ unit: 'binary' }).map(text => JSON.stringify({ text }));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat()), fc.boolean(), async (lines, cuts, ends) => {
        const bytes = Buffer.from(lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''));
        expect(await all(linesOf(pieces(bytes, cuts)))).toEqual(lines.map(each => Buffer.from(each).toString()));
      }),
    );
  });

  test('may be huge, and are not copied once for each chunk', async () => {
    const huge = JSON.stringify('x'.repeat(8_000_000));
    const cuts = Array.from({ length: 2_000 }, (_, index) => index * 4_000);
    expect(await all(linesOf(pieces(Buffer.from(`${huge}\n"next"\n`), cuts)))).toEqual([huge, '"next"']);
  });

  test('that are empty, as some proxies send to keep a stream open, are left out', async () => {
    expect(await all(linesOf(pieces(Buffer.from('\n\r\n{"a":1}\r\n\n'), [])))).toEqual(['{"a":1}']);
  });
});
