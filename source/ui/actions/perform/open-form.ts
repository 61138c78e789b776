/** Opens the form: anew, or with the draft that was left; and says what becomes of it when it is left. */
import { lastKnown } from '../../../identity/reading.ts';
import { type App, clusterRow, say } from '../../controller/app.ts';
import { suggestions } from '../../controller/copies.ts';
import { sayTakenUp } from '../../controller/draft-message.ts';
import { allDrafts } from '../../controller/drafts.ts';
import { factsFor, wantPolicies } from '../../controller/form.ts';
import { subjectOf } from '../../controller/subject.ts';
import { editForm, type Form, newForm, type RoleOwner, setText } from '../../state/form.ts';
import { changeKey, draftKey, isTouched } from '../../state/form-draft.ts';
import { asNew, movedFields, ownerRead, rebase } from '../../state/form-rebase.ts';
import { push } from '../../state/navigation.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { fieldOf } from '../../state/text-field.ts';
import { viewCluster, viewNamespace } from '../../state/view.ts';
import type { ActionId } from '../actions.ts';

/** Opens what was begun for this very place or row, or a new draft with what that already says. */
export function openForm(app: App): ActionId | undefined {
  // Beside a comparison something new is what the others have.
  if (app.store.get().preview.show === 'compare' && suggestions(app).length > 0) return 'copy-to';
  openNew(app);
  return undefined;
}

function openNew(app: App) {
  const fresh = startingForm(app);
  const key = draftKey(fresh);
  const drafts = allDrafts(app.store.get());
  const draft = drafts.get(key) ?? goneChange(app, fresh, drafts);
  show(app, draft ?? fresh, key);
  if (draft && isTouched(draft)) return sayTakenUp(app, key);
  const other = newDrafts(app).some(([each, form]) => each !== key && isTouched(form));
  if (other) say(app, 'info', 'another draft is kept: :new opens that one');
}

/** Opens the draft of something new that was left last, wherever that was; without one, as from the place on screen. */
export function openLastForm(app: App) {
  const [key, draft] = newDrafts(app).at(-1) ?? [];
  if (key === undefined || !draft) return openNew(app);
  show(app, draft, key);
  if (isTouched(draft)) sayTakenUp(app, key);
}

/** The drafts of something new in what is in scope, oldest first. */
function newDrafts(app: App): readonly (readonly [string, Form])[] {
  const inScope = new Set(app.model.clusters().map(({ id }) => id));
  return [...allDrafts(app.store.get())].filter(
    ([, { mode, begun }]) => mode === 'create' && (!begun?.clusterArn || inScope.has(begun.clusterArn)),
  );
}

/** The draft of a change of which the association is gone: what it says can still be made, as something new. */
function goneChange(app: App, { begun = {} }: Form, drafts: UiState['drafts']): Form | undefined {
  const { clusterArn, namespace, serviceAccount } = begun;
  if (clusterArn === undefined || namespace === undefined || serviceAccount === undefined) return undefined;
  // Where the associations are not read, nothing is known to be gone.
  if (clusterRow(app, clusterArn)?.associations === undefined) return undefined;
  const change = changeKey(clusterArn, { namespace, serviceAccount });
  const draft = drafts.get(change);
  if (!draft) return undefined;
  forget(app, change);
  return asNew(draft, begun);
}

const forget = (app: App, key: string): void =>
  app.store.update(({ form, draftOf, ...state }) => ({
    ...state,
    ...(form && draftOf !== undefined && draftOf !== key ? { form, draftOf } : {}),
    drafts: new Map([...state.drafts].filter(([each]) => each !== key)),
  }));

/** Opens a draft that says more than the place it is opened from: it takes the place of one that was kept for the same. */
export function openDraft(app: App, draft: Form): void {
  const key = draftKey(draft);
  const kept = allDrafts(app.store.get()).get(key);
  show(app, draft, key);
  if (kept && isTouched(kept)) say(app, 'info', 'it takes the place of the draft that was kept for it');
  if (draft.original) void findOwner(app, draft.text.cluster.value, draft.original, key);
}

/** A draft on the screen; the one that was there before is kept among the others. */
function show(app: App, form: Form, draftOf: string): void {
  const named = withNamedCluster(app, form);
  app.store.update(state => push({ ...state, drafts: allDrafts(state), draftOf, form: named }, { kind: 'form' }));
  wantPolicies(app, named);
}

/** A name may mean another cluster by now, or several. */
function withNamedCluster(app: App, form: Form): Form {
  const { clusterArn, cluster } = form.begun ?? {};
  if (clusterArn === undefined || form.text.cluster.value !== cluster) return form;
  const meant = factsFor(app, form).named;
  const same = meant.length === 1 && meant[0]?.id === clusterArn;
  return same || !clusterRow(app, clusterArn) ? form : setText(form, 'cluster', fieldOf(clusterArn));
}

function startingForm(app: App): Form {
  const state = app.store.get();
  const { view } = topFrame(state);
  const subject = subjectOf(app, state);
  const clusters = app.model.clusters();
  const arn = subject?.cluster ?? viewCluster(view) ?? (clusters.length === 1 ? clusters[0]?.id : undefined);
  const row = clusterRow(app, arn);
  const named = clusters.filter(item => item.name === row?.name).length > 1 ? row?.id : row?.name;
  const namespace = viewNamespace(view) ?? namespaceOf(subject);
  const free = subject?.kind === 'service-accounts' && !subject.row.associationId ? subject.row : undefined;
  const role = subject?.kind === 'roles' ? subject.row.name : free?.irsaRoleArn;
  return newForm({
    ...(arn ? { clusterArn: arn } : {}),
    ...(named ? { cluster: named } : {}),
    ...(namespace ? { namespace } : {}),
    ...(free ? { serviceAccount: free.name } : {}),
    ...(role ? { role } : {}),
  });
}

function namespaceOf(subject: ReturnType<typeof subjectOf>): string | undefined {
  if (subject?.kind === 'namespaces') return subject.row.name;
  return subject?.kind === 'service-accounts' || subject?.kind === 'associations' ? subject.row.namespace : undefined;
}

/** Opens the change of the association of the row in question: the draft of it that was left, set upon what is there now. */
export function openEdit(app: App) {
  const subject = subjectOf(app, app.store.get());
  if (subject?.kind !== 'associations' && subject?.kind !== 'service-accounts') return;
  const association = lastKnown(subject.row.association)?.value;
  if (!association) return say(app, 'warning', 'its association has not been read yet');
  const key = changeKey(subject.cluster, association);
  const draft = allDrafts(app.store.get()).get(key);
  show(app, draft ? rebase(draft, association) : editForm(subject.cluster, association), key);
  const form = app.store.get().form;
  if (draft && form && isTouched(form)) sayTakenUp(app, key);
  void findOwner(app, subject.cluster, association, key);
}

/** Asks who made the role; the answer goes to the draft wherever it is by then. The planner's parts are loaded for it. */
async function findOwner(
  app: App,
  cluster: string,
  association: Parameters<typeof editForm>[1],
  key: string,
): Promise<void> {
  const { readRoleOwner } = await import('../../controller/role-owner.ts');
  const owner: RoleOwner = await readRoleOwner(app, cluster, association);
  const before = movedCount(app);
  app.store.update(state => {
    if (state.draftOf === key && state.form) return { ...state, form: ownerRead(state.form, owner) };
    const draft = state.drafts.get(key);
    return draft ? { ...state, drafts: new Map(state.drafts).set(key, ownerRead(draft, owner)) } : state;
  });
  wantPolicies(app, app.store.get().form);
  if (app.store.get().draftOf === key && movedCount(app) > before) sayTakenUp(app, key);
}

const movedCount = (app: App): number => {
  const { form } = app.store.get();
  return form ? movedFields(form).length : 0;
};

/** What is said when a draft is left that says something: while it is read, `esc` means the draft. */
const keptText = (form: Form): string =>
  `draft kept: ${form.mode === 'update' ? '<e>' : '<n> here or :new'} opens it again, <esc> discards it`;

/** The draft outlives its screen; the key that opened it opens it again. One that says nothing is no draft. */
export function sayKept(app: App): void {
  const { form, draftOf } = app.store.get();
  if (!form || draftOf === undefined) return;
  if (isTouched(form)) say(app, 'info', keptText(form));
  else forget(app, draftOf);
}

/** Takes the draft away that is on the screen, or was left last. */
export function discardDraft(app: App): void {
  const { draftOf } = app.store.get();
  if (draftOf === undefined) return;
  forget(app, draftOf);
  say(app, 'info', 'the draft is discarded');
}

/** The second `esc`: takes the draft away that was just left. @returns whether there was one */
export function discardLeft(app: App): boolean {
  const { form, flash } = app.store.get();
  if (!form || flash?.text !== keptText(form)) return false;
  discardDraft(app);
  return true;
}
