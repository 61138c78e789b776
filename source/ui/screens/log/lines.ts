import type { LogLine } from '../../../live/model.ts';
import { parseFilter } from '../../state/filter.ts';
import { type Line, line } from '../../state/lines.ts';
import { clockTime } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';

const role: Readonly<Record<string, Role>> = { debug: 'dim', info: 'text', warning: 'warning', error: 'error' };

/** What a filter may name, besides the whole line. */
export const logColumns: readonly string[] = ['LEVEL', 'SOURCE'];

const cellOf = (entry: LogLine) => (column: string) => (column === 'LEVEL' ? entry.level : entry.source);

/** Those lines that a filter lets through. */
export function logMatching(log: readonly LogLine[], filter: string): readonly LogLine[] {
  const parsed = parseFilter(filter, logColumns);
  if (!parsed.ok || parsed.empty) return log;
  return log.filter(entry =>
    parsed.matches(`${entry.level} ${entry.source} ${entry.text}`.toLowerCase(), cellOf(entry)),
  );
}

/** What was seen and what went wrong, oldest first. */
export function linesOfLog(log: readonly LogLine[], filter: string): readonly Line[] {
  const lines = log.map(
    (entry): Line => [
      { text: `${clockTime(entry.at)}  `, role: 'dim' },
      { text: entry.level.padEnd(9), role: role[entry.level] ?? 'text' },
      { text: `${clean(entry.source).padEnd(24)} `, role: 'dim' },
      { text: clean(entry.text) },
    ],
  );
  return lines.length > 0 ? lines : [line(filter ? 'No line matches the filter.' : 'Nothing has happened yet.', 'dim')];
}
