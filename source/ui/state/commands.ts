/** The grammar of the command line: `:name [namespace] [@scope] [/filter]`; some take words of their own instead. */
import { type ThemeName, themeNames } from '../theme/theme.ts';
import { nearestOf } from './nearest.ts';

export type CommandName =
  | 'apply'
  | 'clusters'
  | 'contexts'
  | 'namespaces'
  | 'service-accounts'
  | 'roles'
  | 'runs'
  | 'associations'
  | 'log'
  | 'migrate'
  | 'new'
  | 'help'
  | 'sandbox'
  | 'save'
  | 'view'
  | 'set'
  | 'theme'
  | 'quit';

export type Command = {
  readonly name: CommandName;
  /** The first one is shown; any of them works. */
  readonly words: readonly string[];
  readonly what: string;
  /** It takes words of its own, this many, instead of a place. */
  readonly takes?: { readonly least: number; readonly most: number };
};

export const commands: readonly Command[] = [
  {
    name: 'associations',
    words: ['a', 'associations', 'assoc'],
    what: 'associations  [namespace] [@cluster|@region|@account|@all] [/filter]',
  },
  {
    name: 'apply',
    words: ['apply'],
    what: 'what an eksctl ClusterConfig says, as a plan  FILE',
    takes: { least: 1, most: 99 },
  },
  { name: 'clusters', words: ['cl', 'clusters', 'cluster'], what: 'clusters  [@region|@account] [/filter]' },
  {
    name: 'contexts',
    words: ['ctx', 'contexts', 'context', 'profiles', 'profile'],
    what: 'profiles: see them, use others  [/filter]',
  },
  { name: 'help', words: ['help', 'h'], what: 'keys that work here' },
  { name: 'log', words: ['log', 'events'], what: 'what was seen and what went wrong  [/filter]' },
  { name: 'migrate', words: ['migrate', 'mig'], what: 'IRSA to Pod Identity  [namespace] [@cluster]' },
  { name: 'namespaces', words: ['ns', 'namespaces', 'namespace'], what: 'namespaces  [@cluster] [/filter]' },
  { name: 'new', words: ['new', 'create'], what: 'a new association' },
  { name: 'quit', words: ['q', 'quit', 'q!', 'exit'], what: 'quit' },
  { name: 'roles', words: ['roles', 'role'], what: 'roles  [@cluster] [/filter]' },
  {
    name: 'runs',
    words: ['runs', 'history', 'hist'],
    what: 'what was carried out; undo it, or take it up again',
  },
  { name: 'sandbox', words: ['sandbox'], what: 'leave this world for the embedded one' },
  {
    name: 'save',
    words: ['save'],
    what: 'keep this place and its filter under a name  NAME',
    takes: { least: 1, most: 1 },
  },
  {
    name: 'service-accounts',
    words: ['sa', 'serviceaccounts', 'serviceaccount'],
    what: 'service accounts  [namespace] [@cluster|@region|@account|@all] [/filter]',
  },
  {
    name: 'set',
    words: ['set'],
    what: 'change nothing, allow changes; signs of ASCII alone, all signs  ro|rw|ascii|unicode',
    takes: { least: 1, most: 2 },
  },
  {
    name: 'theme',
    words: ['theme', 'themes'],
    what: `colours  ${themeNames.join('|')}`,
    takes: { least: 0, most: 1 },
  },
  { name: 'view', words: ['view', 'views'], what: 'a place that was kept  [NAME]', takes: { least: 0, most: 1 } },
];

export type ParsedCommand =
  | {
      readonly ok: true;
      readonly name: CommandName;
      readonly namespace?: string;
      readonly filter?: string;
      /** What stands after `@`. */
      readonly scope?: string;
      /** Of a command that takes words of its own. */
      readonly words?: readonly string[];
    }
  | { readonly ok: false; readonly error: string; readonly nearest?: string };

const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter(Boolean);

export function parseCommand(text: string): ParsedCommand {
  const [word = ''] = wordsOf(text);
  if (word === '') return { ok: false, error: 'no command' };
  const command = commands.find(item => item.words.includes(word.toLowerCase()));
  if (!command) {
    const near = nearestOf(
      word,
      commands.flatMap(item => item.words),
    );
    return { ok: false, error: `no command "${word}"`, ...(near === undefined ? {} : { nearest: near }) };
  }
  const rest = text.trimStart().slice(word.length);
  if (command.takes) return ownWords(command, command.takes, wordsOf(rest));
  // A filter goes on to the end, spaces and all.
  const filterAt = /(^|\s)\//.exec(rest)?.index;
  const filter = filterAt === undefined ? '' : rest.slice(rest.indexOf('/', filterAt) + 1).trim();
  const parts = wordsOf(filterAt === undefined ? rest : rest.slice(0, filterAt));
  const [scope, otherScope] = parts.filter(part => part.startsWith('@')).map(part => part.slice(1));
  const [namespace, otherNamespace] = parts.filter(part => !part.startsWith('@'));
  const tooMany = otherNamespace ?? (otherScope === undefined ? undefined : `@${otherScope}`);
  if (tooMany !== undefined) return { ok: false, error: `one namespace and one @ at a time, not ${tooMany} too` };
  return {
    ok: true,
    name: command.name,
    ...(namespace ? { namespace } : {}),
    ...(filter ? { filter } : {}),
    ...(scope ? { scope } : {}),
  };
}

function ownWords(
  command: Command,
  { least, most }: NonNullable<Command['takes']>,
  words: readonly string[],
): ParsedCommand {
  if (words.length >= least && words.length <= most) return { ok: true, name: command.name, words };
  return { ok: false, error: `:${command.words[0]}  ${command.what}` };
}

export type Suggestion = { readonly text: string; readonly hint: string };

/** What a command line may go on with. */
export type KnownNames = {
  readonly namespaces: readonly string[];
  readonly clusters: readonly string[];
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
  /** Names of kept places, and what they stand for. */
  readonly views: Readonly<Record<string, string>>;
};

/** What could be typed next: commands for the first word, then namespaces, or places after `@`. */
export function suggest(text: string, known: KnownNames): readonly Suggestion[] {
  const words = text.trimStart().split(/\s+/);
  if (words.length <= 1) return firstWords((words[0] ?? '').toLowerCase());
  if (/(^|\s)\//.test(text)) return [];
  const last = words[words.length - 1] ?? '';
  const before = text.slice(0, text.length - last.length);
  const command = commands.find(item => item.words.includes((words[0] ?? '').toLowerCase()));
  return nextWords(command, last, known)
    .filter(item => item.text.startsWith(last))
    .map(item => ({ ...item, text: before + item.text }));
}

const firstWords = (typed: string): readonly Suggestion[] =>
  commands
    .flatMap(command => {
      const word = command.words.find(item => item.startsWith(typed));
      return word === undefined ? [] : [{ text: typed === '' ? (command.words[0] ?? word) : word, hint: command.what }];
    })
    .sort((a, b) => (a.text < b.text ? -1 : 1));

const themeHints: Readonly<Record<ThemeName, string>> = {
  dark: 'for a dark background',
  light: 'for a light background',
  safe: 'blue, yellow and orange, for a dark background',
  'safe-light': 'blue, brown and red-brown, for a light background',
  mono: 'no colour',
};

function nextWords(command: Command | undefined, last: string, known: KnownNames): readonly Suggestion[] {
  if (command?.name === 'set') {
    return [
      { text: 'ro', hint: 'change nothing' },
      { text: 'rw', hint: 'allow changes' },
      { text: 'ascii', hint: 'signs of ASCII alone, kept' },
      { text: 'unicode', hint: 'all signs, kept' },
    ];
  }
  if (command?.name === 'theme') return themeNames.map(text => ({ text, hint: themeHints[text] }));
  if (command?.name === 'view') return Object.entries(known.views).map(([text, hint]) => ({ text, hint: `:${hint}` }));
  if (command?.takes) return [];
  if (!last.startsWith('@')) return known.namespaces.map(text => ({ text, hint: 'namespace' }));
  const places = (names: readonly string[], hint: string) => names.map(name => ({ text: `@${name}`, hint }));
  return [
    ...places(known.clusters, 'cluster'),
    ...places(known.regions, 'region'),
    ...places(known.accounts, 'account'),
    { text: '@all', hint: 'every cluster' },
  ];
}
