import { actions as planActions } from '../../plan/plan.ts';
import type { ActionContext, RowFacts } from '../actions/action.ts';
import { placeOf, topFrame, type UiState } from '../state/state.ts';
import type { DetailSubject } from '../state/view.ts';
import type { App } from './app.ts';
import { currentTable, cursorRow, type KindedRow, kinded, rowFacts } from './table.ts';

/** What an action is about: the row under the cursor, or what a detail screen shows. */
export function subjectOf(app: App, state: UiState): KindedRow | undefined {
  const { view } = topFrame(state);
  if (view.kind === 'detail') return detailRow(app, view.subject);
  const table = currentTable(app, state);
  const row = table && cursorRow(table);
  return table && row ? kinded(table.view, row) : undefined;
}

/** The live row a detail screen is about; undefined when it is gone. */
export function detailRow(app: App, subject: DetailSubject): KindedRow | undefined {
  const { cluster, id } = subject;
  switch (subject.type) {
    case 'cluster':
      return app.model.clusters().some(row => row.id === id) ? { kind: 'clusters', cluster: id } : undefined;
    case 'service-account': {
      const row = app.model.serviceAccounts(cluster).find(item => item.id === id);
      return row && { kind: 'service-accounts', cluster, row };
    }
    case 'association': {
      const row = app.model.associations(cluster).find(item => item.id === id);
      return row && { kind: 'associations', cluster, row };
    }
    case 'role': {
      const row = app.model.roles(cluster).find(item => item.id === id);
      return row && { kind: 'roles', cluster, row };
    }
  }
}

/** What decides which actions can be used now. */
export function actionContext(app: App, state: UiState): ActionContext {
  const place = placeOf(state);
  const { view, cursor } = topFrame(state);
  const subject = subjectOf(app, state);
  const gone: RowFacts | undefined = cursor.ghost ? { ghost: true, association: 'none' } : undefined;
  const row = subject ? rowFacts(subject) : gone;
  const plan = view.kind === 'migrate' ? planState(app, view.key) : undefined;
  return { place, sandbox: app.options.sandbox, ...(row ? { row } : {}), ...(plan ? { plan } : {}) };
}

function planState(app: App, key: string): ActionContext['plan'] {
  const state = app.sessions.migration(key)?.get();
  if (!state) return undefined;
  if (state.phase === 'ready') return planActions(state.plan.root).length > 0 ? 'ready' : 'empty';
  return state.phase;
}
