import { type App, askedReadOnly, layout, say } from '../../controller/app.ts';
import { contextsOf } from '../../controller/contexts.ts';
import { noCursor } from '../../state/cursor.ts';
import { changeTop, push } from '../../state/navigation.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';
import { jumpTo } from './navigate.ts';
import type { Performs } from './perform.ts';
import { leaveFor } from './process.ts';

/** Opens the list of profiles and reads it afresh. */
export function openContexts(app: App, filter = '') {
  if (!app.contexts.source) return say(app, 'warning', 'profiles cannot be chosen here');
  void app.contexts.read();
  app.store.update(state => push(state, { kind: 'contexts' }, filter));
}

/** Rows shown at once: the heading takes a line, what explains the row under the cursor the others. */
export const contextsHeight = (state: UiState): number => {
  const { body, strip } = layout(state);
  return Math.max(1, body - 1 - (strip === 0 ? 0 : strip + 1));
};

export function moveContexts(app: App, by: number | 'first' | 'last'): void {
  app.store.update(state => {
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

function mark(app: App) {
  const { rows, at } = contextsOf(app, app.store.get());
  const row = rows[at];
  if (!row) return;
  if (row.id === '') return say(app, 'warning', 'the default chain stands for itself: it cannot be joined with others');
  app.store.update(state =>
    changeTop(state, frame => {
      const marks = new Set(frame.marks);
      if (!marks.delete(row.id)) marks.add(row.id);
      return { ...frame, marks };
    }),
  );
}

/** Goes on with the marked profiles, or the one under the cursor: this sitting ends, and one in their scope begins. */
function use(app: App) {
  const state = app.store.get();
  const { all, rows, at } = contextsOf(app, state);
  const { marks } = topFrame(state);
  const under = rows[at];
  const chosen = marks.size > 0 ? all.filter(({ id }) => marks.has(id)) : under ? [under] : [];
  if (chosen.length === 0) return say(app, 'warning', 'there is no profile to use');
  const nowhere = chosen.find(({ regions }) => regions.length === 0);
  if (nowhere)
    return say(app, 'warning', `${clean(nowhere.name)} names no region: start with --region, or set one for it`);
  const scope = all.filter(({ inScope }) => inScope);
  if (scope.length === chosen.length && chosen.every(({ inScope }) => inScope)) {
    jumpTo(app, { kind: 'clusters' });
    return say(app, 'info', `${chosen.map(({ name }) => clean(name)).join(', ')}: in scope already`);
  }
  if (leavesDraft(app, state)) return;
  const profiles = chosen.flatMap(({ id }) => (id === '' ? [] : [id]));
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
  'mark-profile': mark,
  'wide-profiles': app => app.contexts.turnWide(),
  'read-profiles': app => {
    void app.contexts.read();
    app.model.refresh();
    say(app, 'info', 'reading the profiles again');
  },
};
