import { type Cells, cellsOf } from './cells.ts';

const csi = '\u001b[';
/** Cells between two changes that are cheaper written again than jumped over. */
const leap = 5;

/**
 * What turns one screen into another: for each changed stretch of cells where it begins and what it holds. Both are
 * lines as Ink draws them, as many as the screen has rows. The cursor ends in the last row, where Ink expects it.
 *
 * @param columns cells of a row of the terminal
 */
export function difference(before: readonly string[], after: readonly string[], columns: number): string {
  const pen = new Pen();
  after.forEach((line, row) => {
    const old = before[row] ?? '';
    if (line === old) return;
    const was = cellsOf(old);
    const is = cellsOf(line);
    if (was && is && was.texts.length <= columns && is.texts.length <= columns) changeRow(pen, row, was, is);
    else pen.wholeRow(row, line);
  });
  return pen.finish(after.length - 1);
}

/**
 * What turns any screen into this one, without a moment in which it is empty: what is there already is written over.
 *
 * @param columns cells of a row of the terminal
 */
export function everyRow(lines: readonly string[], columns: number): string {
  const pen = new Pen();
  lines.forEach((line, row) => {
    const cells = cellsOf(line);
    const end = cells ? inkedLength(cells) : Number.POSITIVE_INFINITY;
    if (!cells || end > columns) pen.wholeRow(row, line);
    else {
      pen.write(row, 0, end, cells);
      // Behind its last cell a row is full, and erasing would take that cell.
      if (end < columns) pen.eraseFrom(row, end);
    }
  });
  return pen.finish(lines.length - 1);
}

function changeRow(pen: Pen, row: number, was: Cells, is: Cells): void {
  const end = inkedLength(is);
  const length = Math.max(end, inkedLength(was));
  let column = 0;
  while (column < length) {
    if (sameCell(was, is, column)) {
      column += 1;
      continue;
    }
    if (column >= end) {
      pen.eraseFrom(row, column);
      return;
    }
    const stop = Math.min(changedUntil(was, is, column, length), end);
    // The second cell of a wide character cannot be written without its first.
    pen.write(row, is.texts[column] === '' ? column - 1 : column, stop, is);
    column = stop;
  }
}

/** Where the stretch of changes that begins at `from` ends: small gaps of what is the same belong to it. */
function changedUntil(was: Cells, is: Cells, from: number, length: number): number {
  let stop = from + 1;
  for (let column = stop; column < length && column - stop < leap; column += 1) {
    if (!sameCell(was, is, column)) stop = column + 1;
  }
  return stop;
}

const textAt = (cells: Cells, column: number): string => cells.texts[column] ?? ' ';
const styleAt = (cells: Cells, column: number): string => cells.styles[column] ?? '';

const sameCell = (a: Cells, b: Cells, column: number): boolean =>
  textAt(a, column) === textAt(b, column) && styleAt(a, column) === styleAt(b, column);

/** Cells up to the last one that is not blank. */
function inkedLength(cells: Cells): number {
  let length = cells.texts.length;
  while (length > 0 && textAt(cells, length - 1) === ' ' && styleAt(cells, length - 1) === '') length -= 1;
  return length;
}

/** Writes at places of the screen, with as few escape sequences as that takes. */
class Pen {
  #out = '';
  #style = '';

  write(row: number, from: number, to: number, cells: Cells): void {
    this.#out += `${csi}${row + 1};${from + 1}H`;
    let column = from;
    // What is written last may be wide, and then ends one cell further on.
    const stop = cells.texts[to] === '' ? to + 1 : to;
    while (column < stop) {
      const style = styleAt(cells, column);
      this.#use(style);
      let text = '';
      for (; column < stop && styleAt(cells, column) === style; column += 1) text += textAt(cells, column);
      this.#out += text;
    }
  }

  eraseFrom(row: number, column: number): void {
    this.#use('');
    this.#out += `${csi}${row + 1};${column + 1}H${csi}K`;
  }

  wholeRow(row: number, line: string): void {
    this.#use('');
    this.#out += `${csi}${row + 1};1H${csi}K${line}`;
  }

  finish(lastRow: number): string {
    this.#use('');
    return this.#out === '' ? '' : `${this.#out}${csi}${lastRow + 1};1H`;
  }

  #use(style: string): void {
    if (style === this.#style) return;
    const reset = this.#style === '' ? '' : '0;';
    this.#out += style === '' ? `${csi}m` : `${csi}${reset}${style}m`;
    this.#style = style;
  }
}
