import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastKnown } from '../../../identity/reading.ts';
import type { PlanRequest } from '../../../plan/request.ts';
import type { AssociationChange } from '../../../plan/wanted.ts';
import { type App, clusterRef, clusterRow, say } from '../../controller/app.ts';
import { subjectOf } from '../../controller/subject.ts';
import {
  createRequest,
  editForm,
  type Form,
  fieldLabels,
  focusedText,
  hasChoices,
  moveFocus,
  newForm,
  setSessionTags,
  setText,
  updateRequest,
  withoutChoice,
} from '../../state/form.ts';
import { choicesFor, formCluster, formFacts, roleArnOf } from '../../state/form-facts.ts';
import { firstError, validate } from '../../state/form-validation.ts';
import { jsonLines } from '../../state/line-diff.ts';
import { push } from '../../state/navigation.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { fieldOf } from '../../state/text-field.ts';
import { viewCluster, viewNamespace } from '../../state/view.ts';
import type { Performs } from './perform.ts';
import { openReview } from './review.ts';

const changeForm = (app: App, change: (form: Form) => Form): void =>
  app.store.update(state => (state.form ? { ...state, form: change(state.form) } : state));

/** Opens what was begun for this very place or row, or a new draft with what that already says. */
export function openForm(app: App) {
  const fresh = startingForm(app);
  const draftOf = JSON.stringify(fresh.text);
  app.store.update(state => {
    const drafts = withDraft(state);
    return push({ ...state, drafts, draftOf, form: drafts.get(draftOf) ?? fresh }, { kind: 'form' });
  });
}

/** Opens the draft that was left last, wherever that was; without one, as from the place on screen. */
export function openLastForm(app: App) {
  const { form, drafts } = app.store.get();
  const last = form?.mode === 'create' ? undefined : [...drafts].at(-1);
  if (form?.mode === 'create') return app.store.update(state => push(state, { kind: 'form' }));
  if (!last) return openForm(app);
  const [draftOf, draft] = last;
  app.store.update(state => push({ ...state, draftOf, form: draft }, { kind: 'form' }));
}

/** The drafts with the one that is left now, as the newest. */
function withDraft({ form, draftOf, drafts }: UiState): UiState['drafts'] {
  if (form?.mode !== 'create' || draftOf === undefined) return drafts;
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
  app.store.update(state => {
    if (state.form?.original?.arn === association.arn && state.form.mode === 'update')
      return push(state, { kind: 'form' });
    const { draftOf: _, ...rest } = state;
    const form = editForm(subject.cluster, association);
    return push({ ...rest, drafts: withDraft(state), form }, { kind: 'form' });
  });
}

/** Down opens the choices, then moves in them; on session tags it flips them. */
const stepChoice = (delta: 1 | -1) => (app: App) =>
  changeForm(app, form => {
    if (form.focus === 'sessionTags') return setSessionTags(form, !form.sessionTags);
    if (!hasChoices(form.focus)) return moveFocus(form, delta);
    const size = choicesFor(form, formFacts(app.model, form), form.focus).length;
    if (size === 0) return delta > 0 ? form : moveFocus(form, -1);
    if (form.choice === undefined) return delta > 0 ? { ...form, choice: 0 } : moveFocus(form, -1);
    return { ...form, choice: (form.choice + delta + size) % size };
  });

function accept(app: App) {
  const { form } = app.store.get();
  if (!form) return;
  if (form.focus === 'review') return review(app);
  if (form.focus === 'cancel') return cancel(app);
  const field = focusedText(form);
  const choice =
    form.choice === undefined ? undefined : choicesFor(form, formFacts(app.model, form), form.focus)[form.choice];
  changeForm(app, now =>
    moveFocus(field && choice ? withoutChoice(setText(now, field, fieldOf(choice.value))) : withoutChoice(now), 1),
  );
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

/** Plans what the draft asks for, or goes to the first field that keeps it from being planned. */
function review(app: App) {
  const { form } = app.store.get();
  if (!form) return;
  const facts = formFacts(app.model, form);
  const verdicts = validate(form, facts);
  const wrong = firstError(verdicts);
  if (wrong) {
    changeForm(app, now => ({ ...withoutChoice(now), focus: wrong }));
    return say(app, 'warning', `${fieldLabels[wrong].toLowerCase()}: ${verdicts[wrong].text}`);
  }
  const cluster = formCluster(facts)?.id ?? form.text.cluster.value.trim();
  const roleArn = roleArnOf(form.text.role.value, facts);
  const request: PlanRequest =
    form.mode === 'update' && form.original
      ? updateRequest(form, form.original, roleArn)
      : createRequest(form, roleArn);
  if (request.command === 'update' && request.changes.every(changesNothing)) {
    return say(app, 'info', 'nothing differs from what is there');
  }
  openReview(app, clusterRef(cluster), request);
}

/** It names a service account and nothing else. */
const changesNothing = (change: AssociationChange): boolean => Object.keys(change).length === 2;

/** Hands the session policy to $VISUAL or $EDITOR and takes back what was saved, as one line. */
async function editPolicy(app: App): Promise<void> {
  const { form } = app.store.get();
  const { hands } = app;
  const editor = app.environment.VISUAL || app.environment.EDITOR;
  if (!form || !hands) return;
  if (!editor) return say(app, 'warning', 'no $VISUAL or $EDITOR is set');
  const folder = await mkdtemp(join(tmpdir(), 'podid-policy-'));
  const file = join(folder, 'session-policy.json');
  try {
    await writeFile(file, `${jsonLines(form.text.policy.value).join('\n')}\n`, { mode: 0o600 });
    await hands.suspend(() => runEditor(editor, file));
    const text = await readFile(file, 'utf8');
    changeForm(app, now => setText(now, 'policy', fieldOf(compact(text))));
  } catch (error) {
    say(app, 'error', `the editor failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const runEditor = (editor: string, file: string): Promise<void> =>
  new Promise((resolve, reject) => {
    // Editors are configured with arguments (`code --wait`), so a shell splits the words; the file is passed apart.
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', code => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });

/** JSON without its white space; text that is not JSON only loses its line breaks. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.trim().replace(/\s*\n\s*/g, ' ');
  }
}

export const formActions: Performs = {
  new: openForm,
  edit: openEdit,
  'next-field': app => changeForm(app, form => moveFocus(form, 1)),
  'previous-field': app => changeForm(app, form => moveFocus(form, -1)),
  'next-choice': stepChoice(1),
  'previous-choice': stepChoice(-1),
  accept,
  review,
  editor: app => void editPolicy(app),
  'clear-form': app =>
    changeForm(app, form => (form.mode === 'create' ? newForm({ cluster: form.text.cluster.value }) : form)),
};
