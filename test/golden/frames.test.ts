/**
 * Every screen and state as it is drawn, at both sizes. `UPDATE_GOLDEN=1` writes the frames anew; look at what changed
 * before committing it. `*.style.txt` has a letter for the role of each cell (see frame.ts).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { toAscii } from '../../source/ui/text/ascii.ts';
import type { Screen } from '../ui/screen.ts';
import { type Frame, frameOf, hues } from './frame.ts';
import { scenes } from './scenes.ts';

// Before Ink is loaded: its colours are decided once.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '3';
});
const { openScreen } = await import('../ui/screen.ts');
const { pngOf } = await import('../helpers/picture.ts');

const folder = path.join(import.meta.dirname, 'frames');
const update = Boolean(process.env.UPDATE_GOLDEN);
/** A folder for pictures of the frames, to look at. */
const pictures = process.env.GOLDEN_PICTURES;
const theme = process.env.GOLDEN_THEME;

const all = scenes.flatMap(scene => {
  const sizes = scene.size
    ? [scene.size]
    : ([
        [100, 30],
        [80, 24],
      ] as const);
  return sizes.map(([columns, rows]) => ({ scene, columns, rows, name: `${scene.name}-${columns}x${rows}` }));
});

const fileOf = (name: string) => path.join(folder, `${name}.txt`);
const styleFileOf = (name: string) => path.join(folder, `${name}.style.txt`);
const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').replace(/\n$/, '').split('\n') : [];

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, at) => line === b[at]);

const turn = () => new Promise(resolve => setTimeout(resolve, 5));

/** The frame that is expected as soon as it is there; otherwise the one that is there when nothing moves any more. */
async function settledFrame(screen: Screen, expected: Frame): Promise<Frame> {
  let quiet = 0;
  let bytes = -1;
  while (quiet < 60) {
    const frame = frameOf(screen.terminal);
    if (!update && same(frame.text, expected.text) && same(frame.styles, expected.styles)) return frame;
    quiet = screen.bytes() === bytes ? quiet + 1 : 0;
    bytes = screen.bytes();
    await turn();
  }
  return frameOf(screen.terminal);
}

async function drawn({ scene, columns, rows, name }: (typeof all)[number]): Promise<Frame> {
  const options = scene.options?.() ?? {};
  const screen = await openScreen({
    ...options,
    columns,
    rows,
    environment: { COLORTERM: 'truecolor', NO_MOTION: '1', ...(theme === 'light' ? { COLORFGBG: '0;15' } : {}) },
  });
  try {
    await scene.act(screen);
    const expected = { text: linesOf(fileOf(name)), styles: linesOf(styleFileOf(name)) };
    const frame = await settledFrame(screen, expected);
    if (pictures) writeFileSync(path.join(pictures, `${name}.png`), pngOf(screen.terminal, 1));
    return frame;
  } finally {
    await screen.close();
  }
}

const frames = new Map<string, Frame>();
const frameFor = (one: (typeof all)[number]): Frame => {
  const frame = frames.get(one.name);
  if (!frame) throw new Error(`${one.name} was not drawn`);
  return frame;
};

describe('each screen', () => {
  it.each(all.map(one => [one.name, one] as const))('is drawn as before: %s', async (name, one) => {
    const frame = await drawn(one);
    frames.set(name, frame);
    if (update) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(fileOf(name), `${frame.text.join('\n')}\n`);
      writeFileSync(styleFileOf(name), `${frame.styles.join('\n')}\n`);
    }
    expect(frame.text).toEqual(linesOf(fileOf(name)));
    expect(frame.styles).toEqual(linesOf(styleFileOf(name)));
  });
});

describe('every frame', () => {
  it('fits its screen', () => {
    for (const one of all) {
      const { text } = frameFor(one);
      expect(text.length, one.name).toBe(one.rows);
      for (const line of text) expect(stringWidth(line), `${one.name}: ${line}`).toBeLessThanOrEqual(one.columns);
    }
  });

  it('has colours of roles alone, and at most three hues a row', () => {
    for (const one of all)
      frameFor(one).styles.forEach((line, row) => {
        expect(line, `${one.name}, row ${row + 1}`).not.toContain('?');
        const used = new Set([...line].flatMap(letter => hues[letter] ?? []));
        expect(used.size, `${one.name}, row ${row + 1}: ${[...used]}`).toBeLessThanOrEqual(3);
      });
  });

  it('tells without colour what it tells with it: whatever has the colour of a state has a sign or a word', () => {
    for (const one of all) {
      const { text, styles } = frameFor(one);
      styles.forEach((line, row) => {
        for (const { index, 0: run } of line.matchAll(/([oweu])(?: *\1)*/g)) {
          const said = [...(text[row] ?? '')].slice(index, index + run.length).join('');
          expect(said, `${one.name}, row ${row + 1}`).toMatch(/[\p{L}\d✓✗!?=●◐○◇–‖■█≠+<╔╗╚╝║═-]/u);
        }
      });
    }
  });

  it('has a stand-in in ASCII for every sign', () => {
    for (const one of all)
      for (const line of frameFor(one).text) {
        const plain = toAscii(line);
        expect(plain, one.name).toMatch(/^[\x20-\x7e]*$/);
        expect(plain.split('?').length, `${one.name}: ${plain}`).toBe(line.split('?').length);
        expect(plain.length).toBe(stringWidth(line));
      }
  });
});

afterAll(() => {
  if (update) console.info(`${frames.size} frames written to ${folder}`);
});
