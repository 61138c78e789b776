import { known, lastKnown } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { ClusterRow } from '../../live/model.ts';
import { accountIsProd, isProd } from '../state/prod.ts';
import { topFrame, type UiState } from '../state/state.ts';
import { viewCluster } from '../state/view.ts';
import { clean } from '../text/sanitise.ts';
import { type App, clusterRef, clusterRow } from './app.ts';

/** What an account calls itself, safe to print; undefined: it has no name, or it could not be read. */
export function aliasOf(app: App, account: string): string | undefined {
  const alias = lastKnown(app.model.accountAlias(account))?.value;
  return alias === undefined ? undefined : clean(alias);
}

/** `111122223333 (acme-prod)`: the number always, for a name can mislead. */
export function accountText(app: App, account: string): string {
  const alias = aliasOf(app, account);
  return alias === undefined ? clean(account) : `${clean(account)} (${alias})`;
}

/** Whether a cluster counts as production, with what the model knows of its tags and its account. */
export function inProd(app: App, cluster: ClusterRef): boolean {
  const row = clusterRow(app, cluster.arn);
  return row ? clusterIsProd(app, row) : isProd(cluster.name, {}, aliasOf(app, cluster.account));
}

export const clusterIsProd = (app: App, row: ClusterRow): boolean =>
  isProd(row.name, known(row.cluster)?.tags ?? {}, aliasOf(app, row.account));

/** Whether production is in an account: by its alias, or by one of its clusters in scope. */
export function holdsProd(app: App, account: string): boolean {
  const alias = aliasOf(app, account);
  if (alias !== undefined && accountIsProd(alias)) return true;
  return app.model.clusters().some(row => row.account === account && clusterIsProd(app, row));
}

/** The cluster that the screen, or what lies over it, is about; undefined: none, or several. */
export function clusterInQuestion(app: App, state: UiState): string | undefined {
  const { view } = topFrame(state);
  if (state.dialog) return state.dialog.cluster;
  return view.kind === 'review' ? app.sessions.get().review?.cluster.arn : viewCluster(view);
}

/**
 * Why nothing may be changed in a cluster; undefined: it may. A sitting that is read-only goes before an account that is.
 * Without a cluster only what holds for all that is in scope counts.
 */
export function readOnlyReason(app: App, state: UiState, cluster: string | undefined): string | undefined {
  const { readOnly, readOnlyAccounts: kept } = state;
  if (readOnly !== undefined || kept.size === 0) return readOnly;
  const all =
    cluster === undefined ? app.model.clusters().map(({ account }) => account) : [clusterRef(cluster).account];
  const [account, ...others] = new Set(all);
  if (account === undefined || !all.every(each => kept.has(each))) return undefined;
  const which = others.length === 0 ? `account ${accountText(app, account)} is` : 'all accounts in scope are';
  return `${which} read-only here: <R> in :ctx allows changes again`;
}
