import { toAscii } from '../text/ascii.ts';
import { difference, everyRow } from './difference.ts';

/** What Ink writes ahead of a frame: it erases the one before, line by line or as a whole. */
const erasure = /^(?:(?:\u001b\[2K(?:\u001b\[1A)?)*\u001b\[G|\u001b\[1;1H\u001b\[J)?/;
/** A line of a frame: text and colours, nothing that moves the cursor. */
const drawn = /^(?:[^\u0000-\u001f\u007f-\u009f]|\u001b\[[\d;]*m)*$/;
/** Leaves the cells as they are: synchronised updates, the cursor's visibility, bracketed paste. */
const harmless = /^(?:\u001b\[\?(?:2026|25|2004)[hl])*$/;

export type Size = { readonly columns: number; readonly rows: number };

const enter = '\u001b[?1049h';
/** To the top left, and everything away. */
const anew = '\u001b[H\u001b[J';

/** Remembers what is on the screen, and answers what must be written for the next frame. */
export class Painter {
  #shown: readonly string[] | undefined;
  #size: Size = { columns: 0, rows: 0 };
  /**
   * The screen was entered by somebody else, and Ink has drawn nothing yet. What is on it is not known: until the app
   * listens the terminal echoes what is typed, and enter may scroll it.
   */
  #foreign = false;

  /** `entered`: the size of an alternate screen that somebody else has drawn. */
  constructor(entered?: Size) {
    if (!entered) return;
    this.#size = entered;
    this.#foreign = true;
  }

  /**
   * What to send in place of `chunk`, which is something that Ink wrote: of a frame, the cells that differ from the one
   * before; anything else as it is. What is not understood makes the next frame a whole one.
   */
  translate(chunk: string, size: Size): string {
    if (harmless.test(chunk)) return chunk;
    // Entering it once more would clear it in some terminals, and keep the cursor where it is in others.
    if (this.#foreign && chunk === enter) return '';
    const sameSize = this.#sizeIs(size);
    const before = sameSize ? this.#shown : undefined;
    const lines = frameOf(chunk, size, before);
    const foreign = this.#foreign;
    this.#shown = lines;
    this.#size = size;
    this.#foreign = false;
    if (foreign) return lines && sameSize ? everyRow(lines, size.columns) : anew + chunk;
    return lines && before ? difference(before, lines, size.columns) : chunk;
  }

  #sizeIs({ columns, rows }: Size): boolean {
    return this.#size.columns === columns && this.#size.rows === rows;
  }
}

/** The lines of a frame that fills the screen; undefined: it is none. A line that stays as it was is known to be good. */
function frameOf(chunk: string, { rows }: Size, before: readonly string[] | undefined): readonly string[] | undefined {
  const start = erasure.exec(chunk)?.[0].length ?? 0;
  const lines = chunk.slice(start).split('\n');
  if (lines.length !== rows) return undefined;
  return lines.every((line, row) => line === before?.[row] || drawn.test(line)) ? lines : undefined;
}

/**
 * The terminal with a painter in front of it. Ink rewrites a changed line from its first changed cell to its end; over
 * ssh and in tmux that is felt, and a cursor that moves by one row changes few cells. Everything but `write` is the
 * terminal's own.
 *
 * @param entered the size of the alternate screen that stands there already
 * @param ascii asked for each frame: every sign outside ASCII is replaced by one of as many cells
 */
export function paintedOn(
  stdout: NodeJS.WriteStream,
  ascii: () => boolean = () => false,
  entered?: Size,
): NodeJS.WriteStream {
  const painter = new Painter(entered);
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const { columns, rows } = stdout;
    const text =
      typeof chunk === 'string' ? painter.translate(ascii() ? toAscii(chunk) : chunk, { columns, rows }) : chunk;
    return Reflect.apply(stdout.write, stdout, [text, ...rest]) as boolean;
  };
  return new Proxy(stdout, {
    get: (target, key) => {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
