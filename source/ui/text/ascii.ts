import stringWidth from 'string-width';

/** What stands in for each sign that the app draws, where a terminal has ASCII alone. All of them take one cell. */
export const standIns: Readonly<Record<string, string>> = {
  '─': '-',
  '│': '|',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '├': '+',
  '┤': '+',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '═': '=',
  '║': '|',
  '╔': '+',
  '╗': '+',
  '╚': '+',
  '╝': '+',
  '▌': '>',
  '▏': '_',
  '█': '#',
  '░': '.',
  '●': '*',
  '○': 'o',
  '◌': '~',
  '◐': '%',
  '◆': '*',
  '◇': 'o',
  '⠋': '|',
  '⠙': '/',
  '⠹': '-',
  '⠸': '\\',
  '⠼': '|',
  '⠴': '/',
  '⠦': '-',
  '⠧': '\\',
  '⠇': '|',
  '⠏': '/',
  '■': '#',
  '‖': '=',
  '✓': 'v',
  '✗': 'x',
  '▸': '>',
  '▾': 'v',
  '▲': '^',
  '▼': 'v',
  '↑': '^',
  '↓': 'v',
  '→': '>',
  '←': '<',
  '≠': '!',
  '≥': '>',
  '≤': '<',
  '·': '.',
  '…': '.',
  '–': '-',
  '—': '-',
  '×': 'x',
  Δ: 'd',
  '•': '*',
};

/** With the character before, which a mark that takes no cell of its own may belong to. */
const outside = /[\u0020-\u007e]?[^\u0000-\u007f]+/g;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * A text of the same cells in ASCII alone. A sign that the app never draws is somebody's text: each of its cells becomes
 * `?`. Escape sequences, which are ASCII, stay as they are.
 */
export const toAscii = (text: string): string => text.replace(outside, inAscii);

function inAscii(run: string): string {
  let out = '';
  for (const { segment } of segmenter.segment(run)) {
    const own = /^[\u0020-\u007e]/.exec(segment)?.[0] ?? '';
    out += standIns[segment] ?? own + '?'.repeat(Math.max(0, stringWidth(segment) - own.length));
  }
  return out;
}
