import type { SessionState } from '../state/plan-session.ts';
import { clean } from '../text/sanitise.ts';
import { readOnlyReason } from './account.ts';
import { type App, say } from './app.ts';

/** Asked before whatever carries a plan out in a cluster: where nothing may be changed, says so and answers true. */
export function refusesChanges(app: App, cluster: string): boolean {
  const readOnly = readOnlyReason(app, app.store.get(), cluster);
  if (readOnly !== undefined) say(app, 'warning', readOnly);
  return readOnly !== undefined;
}

/**
 * A run that was denied everything it tried was denied by the rights of the caller: nothing else is tried with them until
 * the user says so. One that got something done only lacks a right, and says which.
 */
export function noteDenial(app: App, state: SessionState): void {
  if (state.phase !== 'finished') return;
  const nodes = [...state.run.nodes.values()];
  const denied = nodes.find(({ failure }) => failure?.kind === 'denied')?.failure;
  const wrote = nodes.some(({ status }) => status === 'done');
  if (!denied || wrote) return;
  const readOnly = `read-only since a change was refused (${clean(denied.message)}); :set rw tries again`;
  app.store.update(now => (now.readOnly === undefined ? { ...now, readOnly } : now));
}

/** Makes an account read-only, or takes that back; kept from sitting to sitting, but for the sandbox's. */
export function setReadOnlyAccount(app: App, account: string, readOnly: boolean): void {
  app.store.update(state => {
    const kept = new Set(state.readOnlyAccounts);
    if (readOnly) kept.add(account);
    else kept.delete(account);
    return { ...state, readOnlyAccounts: kept };
  });
  app.preferences.keepReadOnly(account);
}
