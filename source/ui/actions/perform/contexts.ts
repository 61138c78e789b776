import { type App, askedReadOnly, layout, say } from '../../controller/app.ts';
import { contextsOf, regionsOf } from '../../controller/contexts.ts';
import { noCursor } from '../../state/cursor.ts';
import { changeTop, push } from '../../state/navigation.ts';
import type { UiState } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';
import { jumpTo } from './navigate.ts';
import type { Performs } from './perform.ts';
import { leaveFor } from './process.ts';
import { closeRegions, scopeActions } from './scope.ts';

/** Opens the list of profiles and reads it afresh. */
export function openContexts(app: App, filter = '') {
  if (!app.contexts.source) return say(app, 'warning', 'profiles cannot be chosen here');
  void app.contexts.read();
  app.store.update(({ regions: _, ...state }) => push(state, { kind: 'contexts' }, filter));
}

/** Rows shown at once: the heading takes a line, what explains the row under the cursor the others. */
export const contextsHeight = (state: UiState): number => {
  const { body, strip, mode } = layout(state);
  const all = Math.max(1, body - 1 - (strip === 0 ? 0 : strip + 1));
  // The regions that have the keys leave a few rows of profiles.
  return state.regions ? Math.min(all, mode === 'full' ? 5 : mode === 'compact' ? 3 : 1) : all;
};

export function moveContexts(app: App, by: number | 'first' | 'last'): void {
  app.store.update(state => {
    if (state.regions) return movedRegions(app, state, by);
    const { rows, at } = contextsOf(app, state);
    const last = rows.length - 1;
    const index = by === 'first' ? 0 : by === 'last' ? last : Math.max(0, Math.min(last, at + by));
    const row = rows[index];
    if (!row) return state;
    return changeTop(state, frame => ({
      ...frame,
      cursor: { ...noCursor, id: row.id, label: row.name, index, bound: true },
    }));
  });
}

function movedRegions(app: App, state: UiState, by: number | 'first' | 'last'): UiState {
  const found = regionsOf(app, state);
  if (!found) return state;
  const last = found.rows.length - 1;
  const next = by === 'first' ? 0 : by === 'last' ? last : Math.max(0, Math.min(last, found.at + by));
  const cursor = found.rows[next]?.region;
  return cursor === undefined ? state : { ...state, regions: { profile: found.profile, cursor } };
}

/** Goes on with the profile under the cursor alone: this sitting ends, and one in its scope begins. */
function use(app: App) {
  const state = app.store.get();
  if (state.regions) return closeRegions(app);
  const { all, rows, at } = contextsOf(app, state);
  const chosen = rows[at];
  if (!chosen) return say(app, 'warning', 'there is no profile to use');
  if (chosen.regions.length === 0)
    return say(app, 'warning', `${clean(chosen.name)} names no region: <r> chooses where it is asked`);
  if (chosen.inScope && all.filter(({ inScope }) => inScope).length === 1) {
    jumpTo(app, { kind: 'clusters' });
    return say(app, 'info', `${clean(chosen.name)}: in scope already`);
  }
  if (leavesDraft(app, state)) return;
  const profiles = chosen.id === '' ? [] : [chosen.id];
  leaveFor(app, { profiles, readOnly: state.readOnly === askedReadOnly });
}

const draftKept = 'a draft is kept in this sitting only: <enter> again leaves it behind';

/** Says so the first time; whoever presses the key again while that is on the screen means it. */
function leavesDraft(app: App, { form, drafts, flash }: UiState): boolean {
  if (app.drafts.kept || (!form && drafts.size === 0) || flash?.text === draftKept) return false;
  say(app, 'warning', draftKept);
  return true;
}

export const contextActions: Performs = {
  'use-profile': use,
  ...scopeActions,
  'wide-profiles': app => app.contexts.turnWide(),
  'read-profiles': app => {
    void app.contexts.read();
    app.model.refresh();
    say(app, 'info', 'reading the profiles again');
  },
};
