import stringWidth from 'string-width';
import { printable } from '../identity/plain-text.ts';

/** Rows under their headings, two blanks between columns, no blanks at the end of a line; cells are made safe to print. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows].map(row => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...lines.map(line => stringWidth(line[column] ?? ''))));
  return lines
    .map(line => line.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  '))
    .map(line => `${line.trimEnd()}\n`)
    .join('');
}

const padded = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - stringWidth(cell)));
