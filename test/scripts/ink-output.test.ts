import fc from 'fast-check';
import { expect, it } from 'vitest';
import InkOutput from '../../node_modules/ink/build/output.js';
import Output from '../../scripts/ink-output.ts';

type Clip = Parameters<InkOutput['clip']>[0];
type Operation =
  | { readonly kind: 'write'; readonly x: number; readonly y: number; readonly text: string; readonly with: number[] }
  | { readonly kind: 'clip'; readonly clip: Clip }
  | { readonly kind: 'unclip' };
type Frame = { readonly width: number; readonly height: number; readonly operations: readonly Operation[] };

const esc = '\u001b[';
/** What Ink has for transformers: colours, and whatever a component does to its lines by their number. */
const transformers = [
  (line: string) => `${esc}31m${line}${esc}39m`,
  (line: string, index: number) => `${index}${line}`,
  (line: string) => `${esc}1m${line}${esc}22m`,
  (line: string) => line.slice(1),
];

function draw(output: InkOutput | Output, operations: readonly Operation[]): void {
  for (const operation of operations) {
    if (operation.kind === 'clip') output.clip(operation.clip);
    else if (operation.kind === 'unclip') output.unclip();
    else {
      const chosen = operation.with.flatMap(index => transformers[index] ?? []);
      output.write(operation.x, operation.y, operation.text, { transformers: chosen });
    }
  }
}

const at = fc.integer({ min: -3, max: 14 });
const bound = fc.option(fc.integer({ min: -2, max: 14 }), { nil: undefined });
const clip = fc.record({ x1: bound, x2: bound, y1: bound, y2: bound });
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'bc', ' ', '│', '日', '👩‍🚀', 'e\u0301', '\u200b') },
  { weight: 2, arbitrary: fc.constantFrom(`${esc}32m`, `${esc}39m`, `${esc}1m`, `${esc}2m`, `${esc}22m`, `${esc}0m`) },
  { weight: 1, arbitrary: fc.constant(`${esc}38;2;1;2;3m`) },
  { weight: 2, arbitrary: fc.constant('\n') },
);
const border = fc.integer({ min: 1, max: 9 }).map(rows => `${esc}34m│${esc}39m\n`.repeat(rows));
const write = fc.record({
  kind: fc.constant('write' as const),
  x: at,
  y: at,
  text: fc.oneof(
    { weight: 5, arbitrary: fc.array(piece, { maxLength: 14 }).map(parts => parts.join('')) },
    { weight: 1, arbitrary: border },
  ),
  with: fc.array(fc.nat({ max: transformers.length - 1 }), { maxLength: 2 }),
});
/** Writes, and writes within a clip, which may be nested. */
const { operations } = fc.letrec<{ operations: Operation[] }>(tie => ({
  operations: fc
    .array(
      fc.oneof(
        { depthSize: 'small' },
        { weight: 4, arbitrary: write.map((one): Operation[] => [one]) },
        {
          weight: 1,
          arbitrary: fc
            .tuple(clip, tie('operations'))
            .map(([clip, inner]): Operation[] => [{ kind: 'clip', clip }, ...inner, { kind: 'unclip' }]),
        },
      ),
      { maxLength: 6 },
    )
    .map(parts => parts.flat()),
}));
const size = fc.constantFrom(10, 12);
const first = fc.record({ width: size, height: fc.integer({ min: 0, max: 12 }), operations });
/** What a frame may become: as it is, with a write more, less or otherwise, of another size, or another altogether. */
const change = fc.oneof(
  fc.constant((frame: Frame): Frame => frame),
  fc.tuple(fc.nat(), write).map(([index, more]) => (frame: Frame): Frame => {
    const place = index % (frame.operations.length + 1);
    return { ...frame, operations: [...frame.operations.slice(0, place), more, ...frame.operations.slice(place)] };
  }),
  fc.tuple(fc.nat(), write, clip).map(([index, { x, y, with: chosen }, clip]) => (frame: Frame): Frame => {
    const place = index % Math.max(1, frame.operations.length);
    const other = (one: Operation): Operation => {
      if (one.kind === 'write') return index % 2 === 0 ? { ...one, x, y } : { ...one, with: chosen };
      return one.kind === 'clip' ? { ...one, clip } : one;
    };
    return { ...frame, operations: frame.operations.map((one, at) => (at === place ? other(one) : one)) };
  }),
  fc.nat().map(index => (frame: Frame): Frame => {
    const place = index % Math.max(1, frame.operations.length);
    const gone = (one: Operation, at: number) => at === place && one.kind === 'write';
    return { ...frame, operations: frame.operations.filter((one, at) => !gone(one, at)) };
  }),
  fc.tuple(size, fc.integer({ min: 0, max: 12 })).map(
    ([width, height]) =>
      (frame: Frame): Frame => ({ ...frame, width, height }),
  ),
  first.map(
    other =>
      (_: Frame): Frame =>
        other,
  ),
);

it('draws frame after frame as Ink does', () => {
  fc.assert(
    fc.property(first, fc.array(change, { maxLength: 6 }), (start, changes) => {
      let frame: Frame = start;
      for (const next of [(same: Frame) => same, ...changes]) {
        frame = next(frame);
        const { width, height, operations } = frame;
        const ink = new InkOutput({ width, height });
        const ours = new Output({ width, height });
        draw(ink, operations);
        draw(ours, operations);
        expect(ours.get()).toEqual(ink.get());
      }
    }),
    { numRuns: 1_500 },
  );
});

it('draws the rows that differ from the frame before, and no others', () => {
  const drawn: string[] = [];
  const seen = (line: string): string => {
    drawn.push(line);
    return line;
  };
  const frame = (rows: readonly string[]) => {
    const output = new Output({ width: 20, height: rows.length });
    rows.forEach((text, y) => {
      output.write(1, y, text, { transformers: [seen] });
    });
    output.write(0, 0, `${esc}34m│${esc}39m\n`.repeat(rows.length), { transformers: [] });
    return output.get().output.split('\n');
  };
  frame(['one', 'two', 'three', 'four']);
  drawn.length = 0;
  const lines = frame(['one', 'TWO', 'three', 'FOUR']);
  expect(drawn).toEqual(['TWO', 'FOUR']);
  expect(lines).toEqual(['one', 'TWO', 'three', 'FOUR'].map(text => `${esc}34m│${esc}39m${text}`));
});
