import type { ClusterRef } from '../../identity/scope.ts';
import { clean } from '../text/sanitise.ts';
import type { ScopeSession } from './contexts.ts';

/**
 * Why sessions cannot leave the scope: nothing would be in it any more, or a run goes through one of them. A run that was
 * taken up for a cluster of a region that is not in scope goes through its profile, and ends with the last session of that.
 *
 * @param running the clusters of runs that are on
 */
export function reasonToStay(
  all: readonly ScopeSession[],
  leaving: readonly ScopeSession[],
  running: readonly ClusterRef[],
): string | undefined {
  const staying = all.filter(({ id }) => !leaving.some(each => each.id === id));
  if (staying.length === 0) return 'something has to stay in scope';
  const takesProfile = leaving.some(({ profile }) => !staying.some(each => each.profile === profile));
  const needed = running.find(cluster =>
    all.some(({ region }) => region === cluster.region) ? leaving.some(each => reaches(each, cluster)) : takesProfile,
  );
  return needed && `a run is on in ${clean(needed.name)}: let it end first`;
}

/** As far as is known: whose account it is of may not be told yet. */
const reaches = ({ account, region }: ScopeSession, cluster: ClusterRef): boolean =>
  region === cluster.region && (account ?? cluster.account) === cluster.account;
