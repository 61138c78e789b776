import { actions as planActions } from '../../../plan/plan.ts';
import { inProd } from '../../controller/account.ts';
import { type App, clusterRef, say } from '../../controller/app.ts';
import { noteDenial, refusesChanges } from '../../controller/read-only.ts';
import { subjectOf } from '../../controller/subject.ts';
import { currentTable, type KindedRow, kinded, queryOf, rowFacts, unfiltered } from '../../controller/table.ts';
import { changeTop, withoutDialog } from '../../state/navigation.ts';
import { PlanSession, type SessionState } from '../../state/plan-session.ts';
import { newDialog, type Victim } from '../../state/state.ts';
import { plural } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { undoHint } from './review.ts';

type Chosen = { readonly subjects: readonly KindedRow[]; readonly hidden: number };

/** Marked rows if there are any, else the row under the cursor. Marks that the filter hides still count, and are told. */
function chosen(app: App): Chosen {
  const state = app.store.get();
  const table = currentTable(app, state);
  if (!table || table.frame.marks.size === 0) {
    const subject = subjectOf(app, state);
    return { subjects: subject ? [subject] : [], hidden: 0 };
  }
  const everything = unfiltered(app, table);
  const subjects = [...table.frame.marks].flatMap(id => {
    const row = everything.byId(id);
    return row ? [kinded(table.view, row)] : [];
  });
  // Asked again so that the table's own list is the cached one.
  const shown = table.engine.rowSet(app.model, table.view, queryOf(app, table.frame));
  const hidden = [...table.frame.marks].filter(id => everything.byId(id) && !shown.byId(id)).length;
  return { subjects, hidden };
}

function victim(subject: KindedRow): Victim | undefined {
  if (subject.kind === 'associations') {
    const { namespace, serviceAccount, id } = subject.row;
    return { namespace, serviceAccount, rowId: id };
  }
  if (subject.kind === 'service-accounts') {
    return { namespace: subject.row.namespace, serviceAccount: subject.row.name, rowId: subject.row.id };
  }
  return undefined;
}

/** Opens the dialog over the frozen table and plans meanwhile; the button waits for the plan. */
export function openDelete(app: App) {
  const { subjects, hidden } = chosen(app);
  const deletable = subjects.filter(subject => {
    const facts = rowFacts(subject);
    return facts.association === 'one' && !facts.owner;
  });
  const [first] = deletable;
  if (!first) return say(app, 'warning', 'nothing here can be deleted');
  const other = deletable.find(subject => subject.cluster !== first.cluster);
  if (other) return say(app, 'warning', 'the marked rows are in several clusters: delete them one cluster at a time');
  const left = subjects.length - deletable.length;
  if (left > 0) say(app, 'warning', `${plural(left, 'marked row')} left out: no association, or an add-on owns it`);
  const victims = deletable.flatMap(subject => victim(subject) ?? []);
  const cluster = clusterRef(first.cluster);
  const session = new PlanSession({
    cluster,
    request: {
      command: 'delete',
      subjects: victims.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount })),
    },
    workbench: app.workbench,
    clock: app.clock,
    onFinished: state => deleteFinished(app, cluster.arn, state),
  });
  app.sessions.hold('deletion', session);
  const phrase = victims.length > 1 ? `delete ${victims.length}` : inProd(app, cluster) ? cluster.name : undefined;
  const dialog = {
    ...newDialog('delete', cluster.arn, app.clock.now()),
    victims,
    hidden,
    ...(phrase === undefined ? {} : { phrase }),
  };
  app.store.update(state => ({ ...state, dialog }));
}

/** Confirmed: carries the plan out once it is there. */
export function confirmDelete(app: App) {
  const session = app.sessions.get().deletion;
  if (session && refusesChanges(app, session.cluster.arn)) return;
  const state = session?.get();
  if (!session || !state) return;
  if (state.phase === 'planning') return say(app, 'info', 'still reading what depends on it');
  if (state.phase !== 'ready') return;
  if (planActions(state.plan.root).length === 0) return say(app, 'info', 'there is nothing to delete');
  void session.approve();
}

function deleteFinished(app: App, cluster: string, state: SessionState) {
  app.model.refresh(cluster);
  void app.runs.read();
  if (state.phase !== 'finished') return;
  noteDenial(app, state);
  const failed = state.run.result?.failed ?? [];
  const reason = failed[0]?.reason ?? state.broken?.message;
  if (reason !== undefined) {
    // The dialog stays: it shows which ones failed.
    return say(app, 'error', `✗ ${clean(reason)}`);
  }
  const deleted = planActions(state.plan.root).filter(
    ({ id, action }) => action.type === 'delete-association' && state.run.nodes.get(id)?.status === 'done',
  ).length;
  app.store.update(now => changeTop(withoutDialog(now), frame => ({ ...frame, marks: new Set() })));
  app.sessions.drop('deletion');
  say(app, 'info', `✓ ${plural(deleted, 'association')} deleted${undoHint(app, state)}`);
}
