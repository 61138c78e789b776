/** A screen as text, and what each of its cells means by its colours, as letters. */
import type { Terminal } from '@xterm/headless';
import { type Role, type Style, type Theme, themeOf } from '../../source/ui/theme/theme.ts';

const theme: Theme = themeOf('dark', 'truecolor');

/** A letter for each role; `.`: the terminal's own. Roles that look alike share one. */
const letters: Readonly<Record<Role, string>> = {
  text: '.',
  dim: 'd',
  accent: 'a',
  title: 't',
  strong: 's',
  key: 'k',
  ok: 'o',
  info: 'i',
  warning: 'w',
  error: 'e',
  unknown: 'u',
  border: 'b',
  badge: 'P',
  sandbox: 'S',
  crumb: 'C',
  add: 'o',
  remove: 'e',
  mark: 'm',
  gone: 'x',
  button: 'B',
};

const looks = ({ color = '', backgroundColor = '', bold = false, strikethrough = false }: Style): string =>
  `${color}|${backgroundColor}|${bold ? 'bold' : ''}|${strikethrough ? 'struck' : ''}`;

const roleOf = new Map<string, string>();
for (const [role, style] of Object.entries(theme.roles)) {
  const key = looks(style);
  if (!roleOf.has(key)) roleOf.set(key, letters[role as Role]);
}
roleOf.set(looks(theme.selection), '#');
for (const role of ['accent', 'ok', 'info', 'warning', 'error', 'unknown', 'dim', 'key', 'mark'] as const) {
  const style = theme.roles[role];
  // Emphasis of its own, or the row under the cursor where it keeps its colour.
  const bold = looks({ ...style, bold: true });
  if (!roleOf.has(bold)) roleOf.set(bold, letters[role]);
}

export type Frame = {
  /** Rows without trailing blanks. */
  readonly text: readonly string[];
  /** A letter a cell; `?`: colours that no role has. */
  readonly styles: readonly string[];
};

const hex = (value: number): string => `#${value.toString(16).padStart(6, '0')}`;

export function frameOf(terminal: Terminal): Frame {
  const { active } = terminal.buffer;
  const text: string[] = [];
  const styles: string[] = [];
  for (let row = 0; row < terminal.rows; row += 1) {
    const line = active.getLine(active.baseY + row);
    text.push(line?.translateToString(true).trimEnd() ?? '');
    let marks = '';
    for (let column = 0; column < terminal.cols; column += 1) {
      const cell = line?.getCell(column);
      if (!cell) continue;
      const style: Style = {
        ...(cell.isFgDefault() ? {} : { color: hex(cell.getFgColor()) }),
        ...(cell.isBgDefault() ? {} : { backgroundColor: hex(cell.getBgColor()) }),
        bold: cell.isBold() !== 0,
        strikethrough: cell.isStrikethrough() !== 0,
      };
      const blank = (cell.getChars() || ' ') === ' ' && cell.isBgDefault() && cell.isInverse() === 0;
      marks += blank ? ' ' : cell.isInverse() !== 0 ? '%' : (roleOf.get(looks(style)) ?? '?');
    }
    styles.push(marks.trimEnd());
  }
  return { text, styles };
}

/** Letters of roles that have a hue; what the others have is grey, or stands on a ground of its own. */
export const hues: Readonly<Record<string, string>> = {
  a: 'accent',
  t: 'accent',
  k: 'key',
  o: 'ok',
  i: 'info',
  w: 'warning',
  e: 'error',
  u: 'unknown',
  m: 'mark',
};
