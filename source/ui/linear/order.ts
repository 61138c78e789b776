/** What a typed line asks for. */
export type Order =
  | { readonly kind: 'nothing' }
  /** The row, or run, with this number. */
  | { readonly kind: 'open'; readonly number: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'back' }
  | { readonly kind: 'again' }
  | { readonly kind: 'refresh' }
  | { readonly kind: 'help' }
  | { readonly kind: 'filter'; readonly text: string }
  | { readonly kind: 'cluster'; readonly name: string }
  | { readonly kind: 'tab'; readonly number: number }
  /** Of the run with this id, or the newest one that fits. */
  | { readonly kind: 'resume' | 'undo'; readonly run?: string }
  /** A command line of the app. */
  | { readonly kind: 'command'; readonly line: string };

/** What the place that the user is at knows by name. */
export type Known = {
  readonly clusters: readonly string[];
  /** Tabs of what is shown. */
  readonly tabs: readonly string[];
};

const simple = {
  more: 'more',
  back: 'back',
  b: 'back',
  list: 'again',
  again: 'again',
  refresh: 'refresh',
  help: 'help',
  h: 'help',
  '?': 'help',
} as const;

const isSimple = (word: string): word is keyof typeof simple => Object.hasOwn(simple, word);

/** Commands of the app that are about a cluster: the cluster's name may follow without `@`. */
const ofCluster = /^(a|assoc|associations|ns|namespaces?|sa|serviceaccounts?|roles?|mig|migrate)$/;

export function understand(line: string, { clusters, tabs }: Known): Order {
  const text = line.trim().replace(/^:\s*/, '');
  if (text === '') return { kind: 'nothing' };
  const [word = '', ...rest] = text.split(/\s+/);
  const lower = word.toLowerCase();
  const alone = rest.length === 0;
  if (/^\d+$/.test(word) && alone) return { kind: 'open', number: Number(word) };
  if (text.startsWith('/')) return { kind: 'filter', text: text.slice(1).trim() };
  if (lower === 'filter') return { kind: 'filter', text: text.slice(word.length).trim() };
  if (isSimple(lower) && alone) return { kind: simple[lower] };
  if ((lower === 'resume' || lower === 'undo') && rest.length <= 1)
    return { kind: lower, ...(rest[0] === undefined ? {} : { run: rest[0] }) };
  const tab = tabs.indexOf(text.toLowerCase());
  if (tab >= 0) return { kind: 'tab', number: tab + 1 };
  if (alone && clusters.includes(word)) return { kind: 'cluster', name: word };
  const [named] = rest;
  if (ofCluster.test(lower) && named !== undefined && clusters.includes(named))
    return { kind: 'command', line: [word, ...rest.slice(1), `@${named}`].join(' ') };
  return { kind: 'command', line: text };
}
