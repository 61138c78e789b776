import type { ClusterRef } from '../../../identity/scope.ts';
import type { CreateRequest, UpdateRequest } from '../../../plan/request.ts';
import { type App, clusterRef, say } from '../../controller/app.ts';
import { copyText } from '../../controller/clipboard.ts';
import { factsFor, openChoices, take, wantPolicies } from '../../controller/form.ts';
import { editForm, type Form, moveFocus, newForm, setToggle, withOwner, withoutChoice } from '../../state/form.ts';
import { choicesFor, formCluster, roleArnOf } from '../../state/form-facts.ts';
import { fieldName, hasChoices, isToggle } from '../../state/form-fields.ts';
import { changesNothing, createRequest, updateRequest } from '../../state/form-request.ts';
import { firstError, validate } from '../../state/form-validation.ts';
import { pop } from '../../state/navigation.ts';
import { formCommand } from '../../text/form-command.ts';
import { editDocument } from './editor.ts';
import { openEdit, openForm, sayKept } from './open-form.ts';
import type { Performs } from './perform.ts';
import { openReview } from './review.ts';

const changeForm = (app: App, change: (form: Form) => Form): void =>
  app.store.update(state => (state.form ? { ...state, form: change(state.form) } : state));

/** Changes the draft, and reads what the draft as it is now needs. */
function turnForm(app: App, change: (form: Form) => Form): void {
  changeForm(app, change);
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
  app.store.update(pop);
  sayKept(app);
}

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
    const { original, owner, text, begun } = form;
    if (!original) return { ...newForm({ cluster: text.cluster.value }), ...(begun ? { begun } : {}) };
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
