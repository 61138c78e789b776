import { lastKnown } from '../../../identity/reading.ts';
import { type App, say } from '../../controller/app.ts';
import { copiesShown } from '../../controller/copies.ts';
import { subjectOfRow } from '../../controller/drift.ts';
import { currentTable, cursorRow } from '../../controller/table.ts';
import { changeLike, formLike } from '../../state/form-copy.ts';
import { push } from '../../state/navigation.ts';
import { clean } from '../../text/sanitise.ts';
import { openDraft } from './open-form.ts';
import type { Performs } from './perform.ts';

/** The clusters that give the service account under the cursor something else, or nothing. */
function openCopies(app: App) {
  const state = app.store.get();
  const table = currentTable(app, state);
  const row = table && cursorRow(table);
  if (!row) return say(app, 'warning', 'there is no row');
  const { namespace, name: serviceAccount, id } = subjectOfRow(row);
  app.store.update(({ copyCursor: _, ...now }) => push(now, { kind: 'copies', namespace, serviceAccount, id }));
}

const step = (to: (at: number, last: number) => number) => (app: App) =>
  app.store.update(state => {
    const { copies, at } = copiesShown(app, state);
    const list = copies?.to ?? [];
    const cluster = list[Math.max(0, Math.min(list.length - 1, to(at, list.length - 1)))]?.cluster.id;
    return cluster === undefined || cluster === state.copyCursor ? state : { ...state, copyCursor: cluster };
  });

/** Opens the form with what the cluster under the cursor would be given. Nothing is sent from there. */
function draftCopy(app: App) {
  const { copies, at } = copiesShown(app, app.store.get());
  const copy = copies?.to[at];
  if (!copies || !copy) return say(app, 'warning', 'there is no cluster to copy to');
  if (copy.obstacle !== undefined) return say(app, 'warning', `${clean(copy.cluster.name)}: ${copy.obstacle}`);
  const { cluster, roleArn, now } = copy;
  const like = copies.from.association;
  const there = copy.how === 'set' && now ? lastKnown(now.row.association)?.value : undefined;
  if (there) return openDraft(app, changeLike(cluster.id, there, { like, roleArn }));
  const twice = app.model.clusters().filter(({ name }) => name === cluster.name).length > 1;
  openDraft(app, formLike({ arn: cluster.id, called: twice ? cluster.id : cluster.name }, like, roleArn));
}

export const copiesActions: Performs = {
  'copy-to': openCopies,
  'draft-copy': draftCopy,
  'next-copy': step(at => at + 1),
  'previous-copy': step(at => at - 1),
  'first-copy': step(() => 0),
  'last-copy': step((_, last) => last),
};
