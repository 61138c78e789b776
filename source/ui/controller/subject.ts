import type { ServiceAccountRow } from '../../live/model.ts';
import { actions as planActions } from '../../plan/plan.ts';
import type { ActionContext, RowFacts } from '../actions/action.ts';
import { concerns } from '../state/following.ts';
import type { RunProgress } from '../state/run-progress.ts';
import { placeOf, topFrame, type UiState } from '../state/state.ts';
import { type DetailSubject, isFleet } from '../state/view.ts';
import { clusterInQuestion, readOnlyReason } from './account.ts';
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

/** What is known of a service account, which only an association may name. */
export const accountRow = (
  app: App,
  cluster: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): ServiceAccountRow | undefined => app.model.serviceAccounts(cluster, namespace).find(row => row.name === name);

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
  const { cursor, gone: lines } = topFrame(state);
  const subject = subjectOf(app, state);
  const elsewhere = lines.some(({ id, why }) => id === cursor.id && why !== 'gone');
  const gone: RowFacts | undefined = cursor.ghost ? { ghost: true, elsewhere, association: 'none' } : undefined;
  const row = subject ? rowFacts(subject) : gone;
  const readOnly = readOnlyReason(app, state, subject?.cluster ?? clusterInQuestion(app, state));
  return {
    place,
    fleet: isFleet(topFrame(state).view),
    following: concerns(state.followed, topFrame(state).view),
    sandbox: app.options.sandbox,
    ...(row ? { row } : {}),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...planContext(app, state),
  };
}

/** The part of the context that is about the plan on screen. */
export function planContext(app: App, state: UiState): Pick<ActionContext, 'plan' | 'resumed' | 'left'> {
  const { view } = topFrame(state);
  const session = view.kind === 'migrate' ? app.sessions.migration(view.key) : undefined;
  if (!session) return {};
  const now = session.get();
  const resumed = session.request.command === 'resume';
  if (now.phase === 'ready') {
    return { plan: planActions(now.plan.root).length > 0 ? 'ready' : 'empty', resumed };
  }
  return { plan: now.phase, resumed, left: now.phase === 'finished' && isLeft(now.run) };
}

/** Whether taking the run up again could do anything. */
const isLeft = ({ ended, total, failed, held, unknown, nodes }: RunProgress): boolean =>
  ended < total ||
  failed + held + unknown > 0 ||
  [...nodes.values()].some(({ status }) => status === 'skipped' || status === 'stopped');
