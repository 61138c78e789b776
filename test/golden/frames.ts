/**
 * Every screen and state as it is drawn, at both sizes. `UPDATE_GOLDEN=1` writes the frames anew; look at what changed
 * before committing it. `*.style.txt` has a letter for the role of each cell (see frame.ts).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, describe, expect, it } from 'vitest';
import { toAscii } from '../../source/ui/text/ascii.ts';
import { pngOf } from '../helpers/picture.ts';
import type { Display } from '../ui/screen.ts';
import { type Frame, frameOf, hues } from './frame.ts';
import { countRunsAnew } from './run-ids.ts';
import { scenes } from './scenes.ts';
import { Stage } from './stage.ts';
import type { Scene } from './steps.ts';

const folder = path.join(import.meta.dirname, 'frames');
const update = Boolean(process.env.UPDATE_GOLDEN);
/** A folder for pictures of the frames, to look at. */
const pictures = process.env.GOLDEN_PICTURES;
const theme = process.env.GOLDEN_THEME;

type Size = readonly [columns: number, rows: number];
type Drawing = { readonly scene: Scene; readonly columns: number; readonly rows: number; readonly name: string };

export const large: Size = [100, 30];
export const small: Size = [80, 24];

/** The scenes of a size; those that have one of their own are drawn beside the first one. */
const drawingsOf = (size: Size): readonly Drawing[] =>
  scenes.flatMap(scene => {
    const [columns, rows] = scene.size ?? size;
    if (scene.size && size !== large) return [];
    return [{ scene, columns, rows, name: `${scene.name}-${columns}x${rows}` }];
  });

const fileOf = (name: string) => path.join(folder, `${name}.txt`);
const styleFileOf = (name: string) => path.join(folder, `${name}.style.txt`);
const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').replace(/\n$/, '').split('\n') : [];

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, at) => line === b[at]);

const turn = () => new Promise(resolve => setTimeout(resolve, 5));

/** The frame that is expected as soon as it is there; otherwise the one that is there when nothing moves any more. */
async function settledFrame(display: Display, expected: Frame): Promise<Frame> {
  let quiet = 0;
  let bytes = -1;
  while (quiet < 40) {
    const frame = frameOf(display.terminal);
    if (!update && same(frame.text, expected.text) && same(frame.styles, expected.styles)) return frame;
    quiet = display.bytes() === bytes ? quiet + 1 : 0;
    bytes = display.bytes();
    await turn();
  }
  return frameOf(display.terminal);
}

const environment = { COLORTERM: 'truecolor', NO_MOTION: '1', ...(theme === 'light' ? { COLORFGBG: '0;15' } : {}) };

async function drawn({ scene, columns, rows, name }: Drawing): Promise<Frame> {
  countRunsAnew();
  const stage = new Stage(scene.stage);
  try {
    await scene.before?.(stage);
    await stage.open({ columns, rows }, environment);
    await scene.act(stage);
    await stage.clock.settle();
    const expected = { text: linesOf(fileOf(name)), styles: linesOf(styleFileOf(name)) };
    const frame = await settledFrame(stage.display, expected);
    if (pictures) writeFileSync(path.join(pictures, `${name}.png`), pngOf(stage.display.terminal, 1));
    return { ...frame, text: frame.text.map(line => unsaid(line, scene.chance)) };
  } finally {
    await stage.close();
  }
}

/** A line without the digits that chance has a part in. */
const unsaid = (line: string, chance: RegExp | undefined): string =>
  chance ? line.replace(chance, found => found.replace(/\d/g, '#')) : line;

/** Draws every scene in that size and holds it to its frame; then holds all of them to what every frame must keep. */
export function describeFrames(size: Size): void {
  const all = drawingsOf(size);
  const frames = new Map<string, Frame>();
  const frameFor = (one: Drawing): Frame => {
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
}
