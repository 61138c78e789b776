import { lastKnown } from '../../../identity/reading.ts';
import type { ClusterRef } from '../../../identity/scope.ts';
import type { CreateRequest, UpdateRequest } from '../../../plan/request.ts';
import { type App, clusterRef, clusterRow, say } from '../../controller/app.ts';
import { copyText } from '../../controller/clipboard.ts';
import { factsFor, openChoices, take, wantPolicies } from '../../controller/form.ts';
import { subjectOf } from '../../controller/subject.ts';
import {
  editForm,
  type Form,
  moveFocus,
  newForm,
  type RoleOwner,
  setToggle,
  withOwner,
  withoutChoice,
} from '../../state/form.ts';
import { choicesFor, formCluster, roleArnOf } from '../../state/form-facts.ts';
import { fieldName, hasChoices, isToggle } from '../../state/form-fields.ts';
import { changesNothing, createRequest, updateRequest } from '../../state/form-request.ts';
import { firstError, validate } from '../../state/form-validation.ts';
import { push } from '../../state/navigation.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { viewCluster, viewNamespace } from '../../state/view.ts';
import { formCommand } from '../../text/form-command.ts';
import { editDocument } from './editor.ts';
import type { Performs } from './perform.ts';
import { openReview } from './review.ts';

const changeForm = (app: App, change: (form: Form) => Form): void =>
  app.store.update(state => (state.form ? { ...state, form: change(state.form) } : state));

/** Changes the draft, and reads what the draft as it is now needs. */
function turnForm(app: App, change: (form: Form) => Form): void {
  changeForm(app, change);
  wantPolicies(app, app.store.get().form);
}

/** Opens what was begun for this very place or row, or a new draft with what that already says. */
export function openForm(app: App) {
  const fresh = startingForm(app);
  const draftOf = JSON.stringify(fresh.text);
  app.store.update(state => {
    const drafts = withDraft(state);
    return push({ ...state, drafts, draftOf, form: drafts.get(draftOf) ?? fresh }, { kind: 'form' });
  });
  const { form, drafts } = app.store.get();
  const other = [...drafts].some(([key, draft]) => key !== draftOf && draft.mode === 'create');
  if (form === fresh && other) say(app, 'info', 'another draft is kept: :new opens that one');
  wantPolicies(app, form);
}

/** Opens the draft of something new that was left last, wherever that was; without one, as from the place on screen. */
export function openLastForm(app: App) {
  const { form, drafts } = app.store.get();
  const last = form?.mode === 'create' ? undefined : [...drafts].filter(([, draft]) => draft.mode === 'create').at(-1);
  if (form?.mode === 'create') app.store.update(state => push(state, { kind: 'form' }));
  else if (!last) return openForm(app);
  else {
    const [draftOf, draft] = last;
    app.store.update(state => push({ ...state, drafts: withDraft(state), draftOf, form: draft }, { kind: 'form' }));
  }
  wantPolicies(app, app.store.get().form);
}

/** The drafts with the one that is left now, as the newest. */
function withDraft({ form, draftOf, drafts }: UiState): UiState['drafts'] {
  if (!form || draftOf === undefined) return drafts;
  const others = [...drafts].filter(([key]) => key !== draftOf);
  return new Map([...others, [draftOf, form]]);
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

function openEdit(app: App) {
  const subject = subjectOf(app, app.store.get());
  if (subject?.kind !== 'associations' && subject?.kind !== 'service-accounts') return;
  const association = lastKnown(subject.row.association)?.value;
  if (!association) return say(app, 'warning', 'its association has not been read yet');
  const draftOf = association.arn;
  app.store.update(state => {
    const drafts = withDraft(state);
    const form = drafts.get(draftOf) ?? editForm(subject.cluster, association);
    return push({ ...state, drafts, draftOf, form }, { kind: 'form' });
  });
  const owner = app.store.get().form?.owner;
  if (owner?.kind === 'reading' || owner?.kind === 'unknown') void findOwner(app, subject.cluster, association);
}

/** Asks who made the role; the answer goes to the draft wherever it is by then. The planner's parts are loaded for it. */
async function findOwner(app: App, cluster: string, association: Parameters<typeof editForm>[1]): Promise<void> {
  const { readRoleOwner } = await import('../../controller/role-owner.ts');
  const owner: RoleOwner = await readRoleOwner(app, cluster, association);
  const key = association.arn;
  app.store.update(state => {
    if (state.draftOf === key && state.form) return { ...state, form: withOwner(state.form, owner) };
    const draft = state.drafts.get(key);
    return draft ? { ...state, drafts: new Map(state.drafts).set(key, withOwner(draft, owner)) } : state;
  });
  wantPolicies(app, app.store.get().form);
}

/** Down opens the choices, then moves in them; a switch is flipped. A list that could not be read is asked for again. */
const stepChoice = (delta: 1 | -1) => (app: App) =>
  turnForm(app, form => {
    const { focus } = form;
    if (isToggle(focus)) return setToggle(form, focus, !form.on[focus]);
    if (!hasChoices(focus)) return moveFocus(form, delta);
    const size = choicesFor(form, factsFor(app, form), focus).length;
    if (size === 0) return delta > 0 ? form : moveFocus(form, -1);
    if (form.choice === undefined) return delta > 0 ? { ...form, choice: 0 } : moveFocus(form, -1);
    return { ...form, choice: (form.choice + delta + size) % size };
  });

function accept(app: App) {
  const { form } = app.store.get();
  if (!form) return;
  if (form.focus === 'review') return review(app);
  if (form.focus === 'cancel') return cancel(app);
  const choice = openChoices(app, form)[form.choice ?? 0];
  const typedArn = form.focus === 'policies' ? form.text.policies.value.trim() : '';
  turnForm(app, now => {
    if (choice) return take(now, choice);
    return typedArn.startsWith('arn:') ? take(now, { value: typedArn, hint: '' }) : moveFocus(now, 1);
  });
}

function cancel(app: App) {
  app.store.update(state => ({ ...state, stack: state.stack.slice(0, -1) }));
  sayKept(app);
}

/** The draft outlives its screen; the key that opened it opens it again. */
export const sayKept = (app: App): void =>
  say(
    app,
    'info',
    `draft kept: ${app.store.get().form?.mode === 'update' ? '<e>' : '<n> here or :new'} opens it again`,
  );

type Asked = { readonly cluster: ClusterRef; readonly request: CreateRequest | UpdateRequest };

/** What the draft asks for; or says at which field it does not yet, and goes there. */
function asked(app: App): Asked | undefined {
  const { form } = app.store.get();
  if (!form) return undefined;
  const facts = factsFor(app, form);
  const verdicts = validate(form, facts);
  const wrong = firstError(form, verdicts);
  if (wrong) {
    changeForm(app, now => ({ ...withoutChoice(now), focus: wrong }));
    say(app, 'warning', `${fieldName(wrong)}: ${verdicts[wrong].text}`);
    return undefined;
  }
  const cluster = clusterRef(formCluster(facts)?.id ?? form.text.cluster.value.trim());
  const roleArn = roleArnOf(form.text.role.value, facts);
  const { original } = form;
  const request = original ? updateRequest(form, original, roleArn) : createRequest(form, roleArn);
  if (request.command === 'update' && request.changes.every(changesNothing)) {
    say(app, 'info', 'nothing differs from what is there');
    return undefined;
  }
  return { cluster, request };
}

/** Plans what the draft asks for. */
function review(app: App) {
  const what = asked(app);
  if (what) openReview(app, what.cluster, what.request);
}

/** Shows the command that asks for the same, and copies it; again: hides it. */
function showCommand(app: App) {
  if (app.store.get().form?.asCommand) {
    return changeForm(app, ({ asCommand: _, ...form }) => form);
  }
  const what = asked(app);
  if (!what) return;
  changeForm(app, form => ({ ...form, asCommand: true }));
  void copyText(app, `${formCommand(what.cluster, what.request)}\n`, 'the command');
}

/** Begins anew: an empty draft of the same cluster, or the association as it is. */
function clearForm(app: App) {
  turnForm(app, form => {
    const { original, owner, text } = form;
    if (!original) return newForm({ cluster: text.cluster.value });
    const fresh = editForm(text.cluster.value, original);
    return owner ? withOwner(fresh, owner) : fresh;
  });
}

export const formActions: Performs = {
  new: openForm,
  edit: openEdit,
  'next-field': app => turnForm(app, form => moveFocus(form, 1)),
  'previous-field': app => turnForm(app, form => moveFocus(form, -1)),
  'next-choice': stepChoice(1),
  'previous-choice': stepChoice(-1),
  accept,
  review,
  editor: app => void editDocument(app),
  'form-command': showCommand,
  'clear-form': clearForm,
};
