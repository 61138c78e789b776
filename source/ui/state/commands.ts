/** The grammar of the command line: `:name [namespace] [/filter] [@cluster | @all]`. */
export type CommandName =
  | 'clusters'
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
  | 'quit';

type Command = { readonly name: CommandName; readonly words: readonly string[]; readonly what: string };

/** The first word is the one that is shown; any of them works. */
export const commands: readonly Command[] = [
  {
    name: 'associations',
    words: ['a', 'associations', 'assoc'],
    what: 'associations  [namespace] [/filter] [@cluster|@all]',
  },
  { name: 'clusters', words: ['cl', 'clusters', 'cluster'], what: 'clusters' },
  { name: 'help', words: ['help', 'h'], what: 'keys that work here' },
  { name: 'log', words: ['log', 'events'], what: 'what was seen and what went wrong' },
  { name: 'migrate', words: ['migrate', 'mig'], what: 'IRSA to Pod Identity  [namespace] [@cluster]' },
  { name: 'namespaces', words: ['ns', 'namespaces', 'namespace'], what: 'namespaces  [@cluster]' },
  { name: 'new', words: ['new', 'create'], what: 'a new association' },
  { name: 'quit', words: ['q', 'quit', 'q!', 'exit'], what: 'quit' },
  { name: 'roles', words: ['roles', 'role'], what: 'roles  [@cluster]' },
  { name: 'runs', words: ['runs', 'history', 'hist'], what: 'what was carried out; undo it, or take it up again' },
  { name: 'sandbox', words: ['sandbox'], what: 'leave this world for the embedded one' },
  {
    name: 'service-accounts',
    words: ['sa', 'serviceaccounts', 'serviceaccount'],
    what: 'service accounts  [namespace]',
  },
];

export type ParsedCommand =
  | {
      readonly ok: true;
      readonly name: CommandName;
      readonly namespace?: string;
      readonly filter?: string;
      readonly cluster?: string;
    }
  | { readonly ok: false; readonly error: string; readonly nearest?: string };

export function parseCommand(text: string): ParsedCommand {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  if (word === '') return { ok: false, error: 'no command' };
  const command = commands.find(item => item.words.includes(word.toLowerCase()));
  if (!command) return { ok: false, error: `no command "${word}"`, ...nearest(word) };
  const filterAt = rest.findIndex(part => part.startsWith('/'));
  const filter = filterAt < 0 ? undefined : rest.slice(filterAt).join(' ').slice(1);
  const parts = filterAt < 0 ? rest : rest.slice(0, filterAt);
  const cluster = parts.find(part => part.startsWith('@'))?.slice(1);
  const namespace = parts.find(part => !part.startsWith('@'));
  return {
    ok: true,
    name: command.name,
    ...(namespace ? { namespace } : {}),
    ...(filter ? { filter } : {}),
    ...(cluster ? { cluster } : {}),
  };
}

function nearest(word: string): { readonly nearest?: string } {
  const scored = commands
    .flatMap(command => command.words.map(name => ({ name, distance: editDistance(word.toLowerCase(), name) })))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best && best.distance <= Math.max(2, Math.ceil(word.length / 2)) ? { nearest: best.name } : {};
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

export type Suggestion = { readonly text: string; readonly hint: string };

/** What could be typed next: commands for the first word, then namespaces, or clusters after `@`. */
export function suggest(
  text: string,
  known: { readonly namespaces: readonly string[]; readonly clusters: readonly string[] },
): readonly Suggestion[] {
  const words = text.trimStart().split(/\s+/);
  if (words.length <= 1) {
    const typed = (words[0] ?? '').toLowerCase();
    return commands
      .flatMap(command => {
        const word = command.words.find(item => item.startsWith(typed));
        return word === undefined
          ? []
          : [{ text: typed === '' ? (command.words[0] ?? word) : word, hint: command.what }];
      })
      .sort((a, b) => (a.text < b.text ? -1 : 1));
  }
  const last = words[words.length - 1] ?? '';
  const before = text.slice(0, text.length - last.length);
  if (last.startsWith('/')) return [];
  const pool = last.startsWith('@')
    ? [...known.clusters, 'all'].map(name => ({ name: `@${name}`, hint: name === 'all' ? 'every cluster' : 'cluster' }))
    : known.namespaces.map(name => ({ name, hint: 'namespace' }));
  return pool.filter(item => item.name.startsWith(last)).map(item => ({ text: before + item.name, hint: item.hint }));
}
