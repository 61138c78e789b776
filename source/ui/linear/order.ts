import type { Action } from '../actions/key-map.ts';

/** What a line names: rows by their numbers, or by namespace and service account. */
export type Named = { readonly numbers: readonly number[]; readonly subject?: string };

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
  /** Facts of a row, said instead of copied. */
  | { readonly kind: 'tell'; readonly as: 'cli' | 'json' | 'yaml'; readonly of: Named }
  /** An action of the app's table. */
  | { readonly kind: 'act'; readonly action: Action; readonly of: Named }
  /** A command line of the app. */
  | { readonly kind: 'command'; readonly line: string };

/** What the place that the user is at knows by name. */
export type Known = {
  readonly clusters: readonly string[];
  /** Tabs of what is shown. */
  readonly tabs: readonly string[];
  /** The action that a word means here. */
  action?(word: string): Action | undefined;
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

const facts = ['cli', 'json', 'yaml'] as const;

/** Commands of the app that are about a cluster: the cluster's name may follow without `@`. */
const ofCluster = /^(a|assoc|associations|ns|namespaces?|sa|serviceaccounts?|roles?|mig|migrate|new|create)$/;

/** Words that mean a command when nothing that they could be done to is named. */
const commandFirst = /^(migrate|new|runs|log|help|associations|roles|namespaces|sandbox)$/;

/** Whether words name rows: `3`, `3 5`, `payments/api`. */
function namedBy(words: readonly string[]): Named | undefined {
  const [first = '', ...others] = words;
  if (words.length > 0 && words.every(word => /^\d+$/.test(word))) return { numbers: words.map(Number) };
  return others.length === 0 && /^[^/\s]+\/[^/\s]+$/.test(first) ? { numbers: [], subject: first } : undefined;
}

export function understand(line: string, { clusters, tabs, action = () => undefined }: Known): Order {
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
  const named = alone ? { numbers: [] } : namedBy(rest);
  const as = facts.find(each => each === lower);
  if (as && named) return { kind: 'tell', as, of: named };
  const meant = action(lower);
  if (meant && named && !(alone && commandFirst.test(lower))) return { kind: 'act', action: meant, of: named };
  const [cluster] = rest;
  if (ofCluster.test(lower) && cluster !== undefined && clusters.includes(cluster))
    return { kind: 'command', line: [word, ...rest.slice(1), `@${cluster}`].join(' ') };
  return { kind: 'command', line: text };
}
