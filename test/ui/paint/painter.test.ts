import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../source/ui/paint/cells.ts';
import { Painter } from '../../../source/ui/paint/painter.ts';

const columns = 24;
const rows = 5;
const size = { columns, rows };

/** What Ink writes for a frame that follows another. */
const erase = `${'\u001b[2K\u001b[1A'.repeat(rows - 1)}\u001b[2K\u001b[G`;
const frame = (lines: readonly string[], first: boolean) => (first ? '' : erase) + lines.join('\n');

/** A terminal that can be asked for each of its cells. */
function screen() {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  return {
    write: (text: string) => new Promise<void>(resolve => terminal.write(text, resolve)),
    cells: () =>
      Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => {
          const cell = terminal.buffer.active.getLine(row)?.getCell(column);
          return cell
            ? [
                cell.getChars() || ' ',
                cell.getFgColorMode(),
                cell.getFgColor(),
                cell.getBgColorMode(),
                cell.getBgColor(),
                cell.isBold(),
                cell.isDim(),
                cell.isInverse(),
                cell.isUnderline(),
              ].join(' ')
            : '';
        }),
      ),
  };
}

const style = fc.constantFrom(
  ['', ''],
  ['\u001b[1m', '\u001b[22m'],
  ['\u001b[2m', '\u001b[22m'],
  ['\u001b[7m', '\u001b[27m'],
  ['\u001b[31m', '\u001b[39m'],
  ['\u001b[38;2;86;200;216m', '\u001b[39m'],
  ['\u001b[48;2;34;56;78m\u001b[1m', '\u001b[22m\u001b[49m'],
  ['\u001b[38;5;9m\u001b[4m', '\u001b[24m\u001b[39m'],
);
const text = fc.constantFrom('', ' ', '  ', 'a', 'pay', 'payments', '✗', '│', '▌', '世', '界界', 'é');
const line = fc
  .array(fc.tuple(style, text), { maxLength: 5 })
  .map(parts => parts.map(([[open, close], words]) => `${open}${words}${close}`).join(''))
  .filter(words => (cellsOf(words)?.texts.length ?? columns + 1) <= columns);
const frames = fc.array(fc.array(line, { minLength: rows, maxLength: rows }), { minLength: 2, maxLength: 5 });

describe('the painter', () => {
  it('shows the same cells as whole frames do', async () => {
    await fc.assert(
      fc.asyncProperty(frames, async pictures => {
        const painter = new Painter();
        const painted = screen();
        for (const [index, lines] of pictures.entries()) {
          await painted.write(painter.translate(frame(lines, index === 0), size));
          const whole = screen();
          await whole.write(lines.join('\n'));
          expect(painted.cells()).toEqual(whole.cells());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('writes a changed cell and not its line', () => {
    const painter = new Painter();
    const lines = ['│ one │', '│ two │', '', '', ''];
    expect(painter.translate(frame(lines, true), size)).toBe(lines.join('\n'));
    const moved = ['│ one │', '│ tvo │', '', '', ''];
    expect(painter.translate(frame(moved, false), size)).toBe('\u001b[2;4Hv\u001b[5;1H');
  });

  it('erases what became shorter', () => {
    const painter = new Painter();
    painter.translate(frame(['another line', '', '', '', ''], true), size);
    expect(painter.translate(frame(['a', '', '', '', ''], false), size)).toBe('\u001b[1;2H\u001b[K\u001b[5;1H');
  });

  it('writes nothing for the same frame', () => {
    const painter = new Painter();
    painter.translate(frame(['a', '', '', '', ''], true), size);
    expect(painter.translate(frame(['a', '', '', '', ''], false), size)).toBe('');
  });

  it('draws a whole frame after anything that it does not understand', () => {
    const painter = new Painter();
    const lines = ['a', 'b', '', '', ''];
    const drawnAfter = (chunk: string) => {
      painter.translate(frame(lines, false), size);
      expect(painter.translate(chunk, size)).toBe(chunk);
      return painter.translate(frame(['x', 'b', '', '', ''], false), size);
    };
    for (const chunk of ['\u001b[?1049h', 'printed by a library\n', '\u001b[2J', frame(['too', 'few'], false)])
      expect(drawnAfter(chunk)).toBe(frame(['x', 'b', '', '', ''], false));
    for (const chunk of ['\u001b[?2026h', '\u001b[?2026l', '\u001b[?25l', ''])
      expect(drawnAfter(chunk)).toContain('\u001b[1;1Hx');
  });

  it('draws a whole frame when the size of the terminal has changed', () => {
    const painter = new Painter();
    painter.translate(frame(['a', '', '', '', ''], true), size);
    const next = frame(['b', '', '', '', ''], false);
    expect(painter.translate(next, { columns: columns + 1, rows })).toBe(next);
  });

  it('leaves a line whole that holds more than text and colours', () => {
    const painter = new Painter();
    painter.translate(frame(['a', '', '', '', ''], true), size);
    const link = frame(['\u001b]8;;https://x\u0007a', '', '', '', ''], false);
    expect(painter.translate(link, size)).toBe(link);
  });

  it('writes over what somebody else has drawn and the terminal has echoed, without emptying the screen', async () => {
    await fc.assert(
      fc.asyncProperty(frames, fc.constantFrom('', 'jjj', '\r\n', 'q\r\n\r\n\r\nx'), async ([first = []], typed) => {
        const painted = screen();
        await painted.write(`\u001b[?1049h\u001b[H│ one │\r\n│ \u001b[2mtwo\u001b[22m │\r\n${typed}`);
        const painter = new Painter(size);
        expect(painter.translate('\u001b[?1049h', size)).toBe('');
        expect(painter.translate('\u001b[?25l', size)).toBe('\u001b[?25l');
        const sent = painter.translate(frame(first, true), size);
        expect(sent).not.toContain('\u001b[J');
        await painted.write(sent);
        const whole = screen();
        await whole.write(`\u001b[?1049h\u001b[H${first.join('\n')}`);
        expect(painted.cells()).toEqual(whole.cells());
        expect(painter.translate('\u001b[?1049h', size)).toBe('\u001b[?1049h');
      }),
      { numRuns: 100 },
    );
  });

  it('takes what somebody else has drawn away where the terminal has another size by then', () => {
    const painter = new Painter({ columns: columns + 1, rows });
    expect(painter.translate('\u001b[?1049h', size)).toBe('');
    const first = frame(['a', '', '', '', ''], true);
    expect(painter.translate(first, size)).toBe(`\u001b[H\u001b[J${first}`);
    expect(painter.translate(frame(['b', '', '', '', ''], false), size)).toContain('\u001b[1;1Hb');
  });
});
