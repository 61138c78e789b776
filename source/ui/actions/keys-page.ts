import { keyText } from '../screens/help/key-text.ts';
import { commands } from '../state/commands.ts';
import type { Place } from '../state/view.ts';
import type { ActionSpec, Danger } from './action.ts';
import { actions } from './actions.ts';

const leadsTo: Readonly<Record<Danger, string>> = {
  0: '',
  1: 'a plan, or this screen',
  2: 'one change, reviewed',
  3: 'access taken away or many changes: reviewed, and a phrase typed where it is more than one or in production',
};

const tables: readonly Place[] = ['clusters', 'namespaces', 'service-accounts', 'roles', 'associations'];

/** Where it works; the five tables in one word. */
function placesText(scope: readonly Place[]): string {
  const everywhere = new Set(actions.flatMap(action => [...action.scope])).size;
  if (scope.length === everywhere) return 'everywhere';
  if (!tables.every(table => scope.includes(table))) return scope.join(', ');
  return ['tables', ...scope.filter(place => !tables.includes(place))].join(', ');
}

const code = (text: string): string =>
  text.includes('`') ? `\`\` ${text} \`\`` : `\`${text.replaceAll('|', '\\|')}\``;

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function actionRow({ id, keys, label, scope, danger }: ActionSpec): string {
  return row(keys.map(key => code(keyText(key))).join(' '), label, placesText(scope), leadsTo[danger], code(id));
}

/** docs/keys.md: every key and command, from the tables that the app itself goes by. */
export function keysPage(): string {
  return `${[
    '# Keys and commands',
    '',
    'Written by `node scripts/keys-page.ts` from the tables that the app goes by; a test fails when it is out of date. In the',
    'app, `?` lists what works where you are, greys what cannot be done now and says why, and does what you choose.',
    '',
    '## Your own keys',
    '',
    'In `config.json` below `$XDG_CONFIG_HOME/podid-tui` (else `~/.config/podid-tui`), by the names in the last column:',
    '',
    '```json',
    '{ "keys": { "delete": "ctrl-k", "wide": ["w", "ctrl-w"] } }',
    '```',
    '',
    'A key is a character, `ctrl-` with a letter, or one of `enter tab shift-tab space esc up down left right pageup pagedown',
    'home end backspace delete`. A key that would mean two things in one place, an unknown action or key, and a letter where',
    'text is typed change nothing: the app says what is wrong and every key stays as it is.',
    '',
    '## Keys',
    '',
    row('keys', 'what', 'where', 'may lead to', 'name'),
    row('---', '---', '---', '---', '---'),
    ...(actions as readonly ActionSpec[]).map(actionRow),
    '',
    '## Commands',
    '',
    row('command', 'what'),
    row('---', '---'),
    ...commands.map(({ words, what }) =>
      row(words.map(word => code(`:${word}`)).join(' '), what.replaceAll('|', '\\|')),
    ),
  ].join('\n')}\n`;
}
