import type { ActionContext } from '../../actions/action.ts';
import { type Action, actionsIn, type KeyMap } from '../../actions/key-map.ts';
import { reasonAgainst } from '../../actions/reasons.ts';
import { type Command, commands } from '../../state/commands.ts';
import { parseFilter } from '../../state/filter.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { Place } from '../../state/view.ts';
import { pad } from '../../text/pad.ts';
import { keyText } from './key-text.ts';

/** What enter does with a line of help. */
export type Choice =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'command'; readonly command: Command };

export type HelpItem = { readonly line: Line; readonly choice?: Choice };

export type HelpTopic = {
  readonly place: Place;
  /** Of the screen that help lies over: what can be done there now. */
  readonly context: ActionContext;
  readonly keyMap: KeyMap;
  readonly filter: string;
};

const keyCells = 20;
const labelCells = 24;

function actionItem(action: Action, context: ActionContext): HelpItem {
  const reason = reasonAgainst(action, context);
  const keys = pad(action.keys.map(keyText).join(' '), keyCells, 'left', '…');
  const label = pad(action.label, labelCells);
  return {
    choice: { kind: 'action', action },
    line:
      reason === undefined
        ? [{ text: keys, role: 'key' }, { text: label }]
        : [
            { text: `${keys}${label}`, role: 'dim' },
            { text: `- ${reason}`, role: 'dim' },
          ],
  };
}

const commandItem = (command: Command): HelpItem => ({
  choice: { kind: 'command', command },
  line: [
    { text: pad(command.words.map(word => `:${word}`).join(' '), keyCells + labelCells, 'left', '…'), role: 'key' },
    { text: command.what },
  ],
});

const plain = (item: Line): HelpItem => ({ line: item });

const grammar: readonly (readonly [string, string])[] = [
  ['pay ledger', 'both words, anywhere in the row'],
  ['pay | ledger', 'either of the two'],
  ['!pay', 'not'],
  ["'ledger  ^led  ger$", 'a whole word, its beginning, its end'],
  ['~pylgr', 'these letters in this order'],
  ['/pay.*irsa/', 'a regular expression'],
  ['ns:pay  health:trust', 'in that column: its name, its first letters or its beginning'],
  ['pods>10  age<=30d', 'numbers and ages: < <= > >= ='],
];

/** What works in a place, from the table that the dispatcher reads, and what can be typed. */
export function helpItems({ place, context, keyMap, filter }: HelpTopic): readonly HelpItem[] {
  const parsed = parseFilter(filter);
  const fits = (text: string) => !parsed.ok || parsed.matches(text.toLowerCase());
  const keys = actionsIn(place, keyMap)
    .filter(action => fits(`${action.keys.map(keyText).join(' ')} ${action.label}`))
    .map(action => actionItem(action, context));
  const typed = commands
    .filter(command => fits(`${command.words.map(word => `:${word}`).join(' ')} ${command.what}`))
    .map(commandItem);
  const section = (title: string, items: readonly HelpItem[]) =>
    items.length > 0 ? [plain(line(title, 'title')), ...items, plain(blank)] : [];
  const rules = grammar.map(([text, what]) =>
    plain([{ text: pad(text, keyCells + labelCells), role: 'key' }, { text: what }]),
  );
  const signs = [
    '✗ error   ! warning   ? not checked   … being read   - none   ▌ cursor   * marked',
    'Δ changed just now   + new   - before a row: it is gone',
  ].map(text => plain(line(text, 'dim')));
  const found = [
    ...section(`KEYS in ${place}`, keys),
    ...(filter === '' ? section('FILTER  /', rules) : []),
    ...section('COMMANDS  :', typed),
    ...(filter === '' ? signs : []),
  ];
  return found.length > 0 ? found : [plain(line('Nothing here is called that.', 'dim'))];
}

/** Places of the lines that can be chosen. */
export const choosable = (items: readonly HelpItem[]): readonly number[] =>
  items.flatMap((item, index) => (item.choice ? [index] : []));
