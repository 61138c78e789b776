import {
  editFocused,
  type Form,
  moveFocus,
  setText,
  togglePicked,
  withMadeRole,
  withoutChoice,
} from '../state/form.ts';
import {
  type Choice,
  choicesFor,
  type FormFacts,
  formCluster,
  formFacts,
  makeRoleChoice,
} from '../state/form-facts.ts';
import { isPicked, isTextField } from '../state/form-fields.ts';
import type { UiState } from '../state/state.ts';
import { emptyField, type FieldEdit, fieldOf } from '../state/text-field.ts';
import { type App, clusterRef } from './app.ts';

/** What is known that bears on a draft: the model, and the policies that were listed. */
export const factsFor = (app: App, form: Form): FormFacts =>
  formFacts(app.model, form, account => app.policies.of(account));

/** The choices of the focused field, when its list is open. */
export const openChoices = (app: App, form: Form): readonly Choice[] =>
  form.choice === undefined ? [] : choicesFor(form, factsFor(app, form), form.focus);

/** A key or a paste for the field that has the focus; a blank picks where several can be picked. */
export function typeIntoForm(app: App, state: UiState, edit: FieldEdit): UiState {
  const { form } = state;
  if (!form) return state;
  const blank = edit.type === 'insert' && edit.text === ' ' && isPicked(form.focus);
  const choice = blank ? openChoices(app, form)[form.choice ?? 0] : undefined;
  const next = choice ? take(form, choice) : editFocused(form, edit);
  return next === form ? state : { ...state, form: next };
}

/** Takes a choice for the focused field. Where several can be picked the list stays open. */
export function take(form: Form, choice: Choice): Form {
  const { focus } = form;
  if (isPicked(focus)) {
    const next = togglePicked(form, focus, choice.value);
    // What is typed narrows the list; once something is picked it has served.
    return focus === 'policies' && form.text.policies.value !== '' ? cleared(next) : next;
  }
  if (!isTextField(focus)) return form;
  const closed = withoutChoice(form);
  if (focus === 'role' && choice.value === makeRoleChoice(form)) return moveFocus(withMadeRole(closed), 1);
  return moveFocus(withoutChoice(setText(closed, focus, fieldOf(choice.value))), 1);
}

const cleared = (form: Form): Form => ({
  ...withoutChoice(form),
  text: { ...form.text, policies: emptyField },
});

/** Lists the account's policies when a draft is about to need them. */
export function wantPolicies(app: App, form: Form | undefined): void {
  const cluster = form?.made ? formCluster(factsFor(app, form)) : undefined;
  if (cluster) void app.policies.want(clusterRef(cluster.id));
}
