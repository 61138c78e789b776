import type { SessionState } from '../state/plan-session.ts';
import { clean } from '../text/sanitise.ts';
import { type App, say } from './app.ts';

/** Asked before whatever carries a plan out: where nothing may be changed in this sitting, says so and answers true. */
export function refusesChanges(app: App): boolean {
  const { readOnly } = app.store.get();
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
