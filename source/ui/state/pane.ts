import type { ClusterRow, SourceState } from '../../live/model.ts';
import { type TableKind, type TableView, viewCluster } from './view.ts';

/** What a table has to say besides its rows. */
export type PaneState =
  | { readonly kind: 'rows' }
  /** Nothing yet; each source with how far it is. */
  | { readonly kind: 'loading'; readonly sources: readonly SourceState[] }
  /** Read, and there is nothing. */
  | { readonly kind: 'empty'; readonly sources: readonly SourceState[] }
  /** A filter hides everything that could be read: of so many sources these failed. */
  | { readonly kind: 'filtered'; readonly sources: readonly SourceState[]; readonly of: number }
  /** Could not be read, of so many sources; with rows: those of the failed ones are old, or missing. */
  | {
      readonly kind: 'failed';
      readonly sources: readonly SourceState[];
      readonly of: number;
      readonly rows: boolean;
    };

const needed: Readonly<Record<TableKind, readonly SourceState['source'][]>> = {
  clusters: ['eks'],
  namespaces: ['kubernetes', 'eks'],
  'service-accounts': ['kubernetes', 'eks'],
  associations: ['eks'],
  roles: ['iam'],
};

/** Where what is known of a cluster comes from: its own sources, and those of its region and account. */
export function sourcesAbout(
  sources: readonly SourceState[],
  { name, region, account }: Pick<ClusterRow, 'name' | 'region' | 'account'>,
): readonly SourceState[] {
  const about = new Set([name, region, account]);
  return sources.filter(({ covers }) => about.has(covers));
}

/** Sources that the rows of a view come from. */
export function sourcesOf(
  view: TableView,
  sources: readonly SourceState[],
  cluster: ClusterRow | undefined,
): readonly SourceState[] {
  const kinds = needed[view.kind];
  const ofKind = sources.filter(item => kinds.includes(item.source));
  const about = viewCluster(view);
  if (about === undefined || !cluster) return ofKind;
  const here = sourcesAbout(ofKind, cluster);
  return here.length > 0 ? here : ofKind;
}

const isFailed = (item: SourceState): boolean => item.state === 'failed' || item.state === 'stale';

/** Regions before clusters, each by name: the same order every time. */
const byName = (one: SourceState, other: SourceState): number =>
  one.source.localeCompare(other.source) || one.covers.localeCompare(other.covers, undefined, { numeric: true });

export function paneState(options: {
  readonly sources: readonly SourceState[];
  readonly rows: number;
  readonly total: number;
}): PaneState {
  const { sources, rows, total } = options;
  const failed = sources.filter(isFailed).sort(byName);
  if (rows > 0)
    return failed.length > 0 ? { kind: 'failed', sources: failed, of: sources.length, rows: true } : { kind: 'rows' };
  if (total > 0) return { kind: 'filtered', sources: failed, of: sources.length };
  if (failed.length > 0) return { kind: 'failed', sources: failed, of: sources.length, rows: false };
  const pending = sources.length === 0 || sources.some(item => item.state === 'waiting' || item.state === 'loading');
  return pending ? { kind: 'loading', sources } : { kind: 'empty', sources };
}

/** The one word of the header. */
export type Connection = {
  readonly word: 'LIVE' | 'LOADING' | 'PARTIAL' | 'OFFLINE' | 'DENIED' | 'SIGNED OUT';
  readonly good: number;
  readonly of: number;
  /** Oldest good answer among live sources. */
  readonly at?: number;
};

export function connection(sources: readonly SourceState[]): Connection {
  const of = sources.length;
  const good = sources.filter(item => item.state === 'live').length;
  const bad = sources.filter(isFailed);
  const times = sources.flatMap(item => (item.state === 'live' && item.at !== undefined ? [item.at] : []));
  const at = times.length > 0 ? { at: Math.min(...times) } : {};
  if (of === 0) return { word: 'LOADING', good, of };
  if (bad.length === of) {
    const signedOut = bad.filter(item => /credentials$/.test(item.failure?.kind ?? '')).length;
    const denied = bad.filter(item => item.failure?.kind === 'denied').length;
    if (signedOut === of) return { word: 'SIGNED OUT', good, of };
    return { word: denied + signedOut === of ? 'DENIED' : 'OFFLINE', good, of };
  }
  if (bad.length > 0 && bad.length + good === of) return { word: 'PARTIAL', good, of, ...at };
  return good === of ? { word: 'LIVE', good, of, ...at } : { word: 'LOADING', good, of, ...at };
}
