import { actionsIn } from '../../actions/actions.ts';
import { commands } from '../../state/commands.ts';
import { parseFilter } from '../../state/filter.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { Place } from '../../state/view.ts';
import { pad } from '../../text/pad.ts';

const shown: Readonly<Record<string, string>> = { pagedown: 'pgdn', pageup: 'pgup', space: 'space' };

/** `ctrl-f` and so on as people read them; capitals are shift. */
export const keyText = (key: string): string =>
  shown[key] ?? (/^[A-Z]$/.test(key) ? `shift-${key.toLowerCase()}` : key);

/** What works in a place, in two columns, from the same table that the dispatcher reads. */
export function helpLines(place: Place, width: number, filter: string): readonly Line[] {
  const parsed = parseFilter(filter);
  const entries = actionsIn(place)
    .map(action => ({ keys: action.keys.map(keyText).join(' '), label: action.label }))
    .filter(entry => !parsed.ok || parsed.matches(`${entry.keys} ${entry.label}`.toLowerCase()));
  const half = Math.floor(width / 2) - 2;
  const rows = Math.ceil(entries.length / 2);
  const cell = (entry: { keys: string; label: string } | undefined) =>
    entry ? ([{ text: pad(entry.keys, 20), role: 'key' }, { text: pad(entry.label, half - 20) }] as const) : [];
  const keys = Array.from(
    { length: rows },
    (_, index): Line => [{ text: '  ' }, ...cell(entries[index]), ...cell(entries[index + rows])],
  );
  if (filter !== '') return [line(`  KEYS in ${place}`, 'title'), ...keys];
  return [
    line(`  KEYS in ${place}`, 'title'),
    ...keys,
    blank,
    line('  FILTER  /', 'title'),
    line('  word      must occur in the row      !word   must not      /re/   regular expression      words are ANDed'),
    blank,
    line('  COMMANDS  :', 'title'),
    ...commands.map(
      (command): Line => [
        { text: `  ${pad(command.words.map(word => `:${word}`).join(' '), 40)}`, role: 'key' },
        { text: command.what },
      ],
    ),
    blank,
    line('  SIGNS  ✗ error   ! warning   ? not checked   … being read   - none   ▌ cursor   * marked', 'dim'),
  ];
}
