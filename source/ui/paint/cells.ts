import stringWidth from 'string-width';
import { graphemes } from '../text/pad.ts';

/** One line of a screen, cell by cell. A wide character has its text in its first cell and nothing in its second. */
export type Cells = {
  readonly texts: readonly string[];
  /** The SGR parameters in force, e.g. `1;31`; empty: the terminal's own. */
  readonly styles: readonly string[];
};

/** What a style is made of, in the order in which it is written. */
const slots = ['bold', 'dim', 'italic', 'underline', 'inverse', 'strike', 'foreground', 'background'] as const;
type Slot = (typeof slots)[number];
type Style = Partial<Record<Slot, string>>;

const opens: Readonly<Record<string, Slot>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
const closes: Readonly<Record<string, readonly Slot[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
  39: ['foreground'],
  49: ['background'],
};

/** Applies the parameters of one SGR sequence (ECMA-48, 8.3.117); false when one of them is not known here. */
function apply(style: Style, parameters: string): boolean {
  const codes = parameters === '' ? ['0'] : parameters.split(';');
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? '0';
    const number = Number(code);
    if (number === 0) for (const slot of slots) delete style[slot];
    else if (opens[code]) style[opens[code]] = code;
    else if (closes[code]) for (const slot of closes[code]) delete style[slot];
    else if (code === '38' || code === '48') {
      // `38;5;n` or `38;2;r;g;b`.
      const length = codes[index + 1] === '5' ? 3 : codes[index + 1] === '2' ? 5 : 0;
      if (length === 0 || index + length > codes.length) return false;
      style[code === '38' ? 'foreground' : 'background'] = codes.slice(index, index + length).join(';');
      index += length - 1;
    } else if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) style.foreground = code;
    else if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107)) style.background = code;
    else return false;
  }
  return true;
}

const keyOf = (style: Style): string =>
  slots.flatMap(slot => (style[slot] === undefined ? [] : [style[slot]])).join(';');

const token = /\u001b\[([\d;]*)m|([^\u001b]+)|\u001b/g;
const ascii = /^[\x20-\x7e]*$/;
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** The cells of a line of text and SGR sequences; undefined when it holds anything else, which only a terminal knows. */
export function cellsOf(line: string): Cells | undefined {
  const texts: string[] = [];
  const styles: string[] = [];
  const style: Style = {};
  let key = '';
  for (const [, parameters, text] of line.matchAll(token)) {
    if (parameters !== undefined) {
      if (!apply(style, parameters)) return undefined;
      key = keyOf(style);
      continue;
    }
    if (text === undefined || control.test(text)) return undefined;
    if (ascii.test(text)) {
      for (let index = 0; index < text.length; index += 1) {
        texts.push(text.charAt(index));
        styles.push(key);
      }
      continue;
    }
    for (const part of graphemes(text)) {
      const width = widthOf(part);
      if (width === 0) texts[texts.length - 1] += part;
      for (let cell = 0; cell < width; cell += 1) {
        texts.push(cell === 0 ? part : '');
        styles.push(key);
      }
    }
  }
  return { texts, styles };
}

/** Few different signs are ever drawn: each is measured once. */
const widths = new Map<string, number>();

function widthOf(part: string): number {
  let width = widths.get(part);
  if (width === undefined) {
    width = stringWidth(part);
    if (widths.size > 4096) widths.clear();
    widths.set(part, width);
  }
  return width;
}
