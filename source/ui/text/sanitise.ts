import { printable, typed } from '../../identity/plain-text.ts';

/** One line, safe to print. */
export const clean = printable;

/** Text of several lines, each safe to print; tabs become two spaces. */
export const cleanLines = (text: string): readonly string[] =>
  text.replace(/\r\n?/g, '\n').replace(/\t/g, '  ').split('\n').map(clean);

/** What a paste or a burst may put into a field of one line. */
export const cleanInput = typed;
