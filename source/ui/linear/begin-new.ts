import { openDraft, openLastForm } from '../actions/perform/open-form.ts';
import { reasonOf } from '../actions/reasons.ts';
import type { App } from '../controller/app.ts';
import { allDrafts } from '../controller/drafts.ts';
import { actionContext } from '../controller/subject.ts';
import { newForm } from '../state/form.ts';
import { isTouched } from '../state/form-draft.ts';
import { topFrame } from '../state/state.ts';
import { viewCluster, viewNamespace } from '../state/view.ts';
import { clean } from '../text/sanitise.ts';
import { inWords } from './talk.ts';

/**
 * Opens the form for something new in a cluster: the one that is named, else that of the place, else the only one. Nothing
 * is taken from a row: there is no cursor that could mean one. Without a name, a draft that was left goes on.
 *
 * @returns why not, as a sentence
 */
export function beginNew(app: App, named: string | undefined, namespace: string | undefined): string | undefined {
  const state = app.store.get();
  const reason = reasonOf('write', actionContext(app, state));
  if (reason !== undefined) return `Nothing new can be made now: ${inWords(reason)}`;
  const clusters = app.model.clusters();
  const { view } = topFrame(state);
  const left = [...allDrafts(state).values()].some(form => form.mode === 'create' && isTouched(form));
  if (named === undefined && left) {
    openLastForm(app);
    return undefined;
  }
  const found = clusters.filter(({ name, id }) =>
    named === undefined ? id === viewCluster(view) : [name, id].includes(named),
  );
  if (named !== undefined && found.length !== 1)
    return found.length === 0
      ? `There is no cluster ${clean(named)} in scope.`
      : `Several clusters are called ${clean(named)}: name one by its ARN.`;
  const [cluster] = found.length === 0 && clusters.length === 1 ? clusters : found;
  const unique = cluster && clusters.filter(({ name }) => name === cluster.name).length === 1;
  const inNamespace = namespace ?? viewNamespace(view);
  openDraft(
    app,
    newForm({
      ...(cluster ? { clusterArn: cluster.id, cluster: unique ? cluster.name : cluster.id } : {}),
      ...(inNamespace === undefined ? {} : { namespace: inNamespace }),
    }),
  );
  return undefined;
}
