import { topFrame, type UiState } from '../state/state.ts';
import { isTable, viewNamespace } from '../state/view.ts';

/** Places that were kept, by name, as command lines. */
export type SavedViews = Readonly<Record<string, string>>;

const words = {
  clusters: 'cl',
  namespaces: 'ns',
  'service-accounts': 'sa',
  associations: 'a',
  roles: 'roles',
  log: 'log',
  runs: 'runs',
  contexts: 'ctx',
} as const;

/** The command line that leads to the place on screen; undefined when none does. */
export function commandFor(state: UiState): string | undefined {
  const { view, filter } = topFrame(state);
  const narrowed = filter === '' ? '' : ` /${filter}`;
  if (view.kind === 'log' || view.kind === 'runs' || view.kind === 'contexts') return `${words[view.kind]}${narrowed}`;
  if (!isTable(view)) return undefined;
  const namespace = viewNamespace(view);
  const cluster = 'cluster' in view ? view.cluster : undefined;
  const scope = view.kind === 'clusters' ? '' : cluster === undefined ? ' @all' : ` @${cluster}`;
  return `${words[view.kind]}${namespace === undefined ? '' : ` ${namespace}`}${scope}${narrowed}`;
}

/** Kept places out of preferences that anybody may have edited. */
export function parseViews(stored: unknown): SavedViews {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => typeof value === 'string'));
}
