import type { Key } from 'ink';
import { actionFor, reasonAgainst } from '../actions/actions.ts';
import { performOf } from '../actions/perform/all.ts';
import { quit } from '../actions/perform/process.ts';
import { editPrompt } from '../actions/perform/prompt.ts';
import { type App, layout, say } from '../controller/app.ts';
import { actionContext } from '../controller/subject.ts';
import { editFocused, setSessionTags } from '../state/form.ts';
import { withoutFlash } from '../state/navigation.ts';
import { type DialogFocus, placeOf, type UiState } from '../state/state.ts';
import { editField, editForKey, type FieldEdit } from '../state/text-field.ts';
import { type KeyPress, keyPresses } from './keys.ts';

/** The one handler of keys: splits bursts, and meets each key with the state that the one before it left. */
export function handleInput(app: App, input: string, key: Key): void {
  for (const press of keyPresses(input, key)) handleKey(app, press);
}

/** Pasted text goes into the field that has the focus; a table does not take it for keys. */
export function handlePaste(app: App, text: string): void {
  const state = app.store.get();
  const next = editText(app, state, { type: 'insert', text });
  if (next !== state) app.store.update(() => next);
  else if (!takesText(state)) say(app, 'info', 'pasted text is ignored here');
}

function handleKey(app: App, press: KeyPress) {
  const before = app.store.get();
  if (before.flash?.level === 'error') app.store.update(withoutFlash);
  const state = app.store.get();
  if (layout(state).mode === 'small' && !['ctrl-c', 'ctrl-z'].includes(press.key)) {
    // Nothing but the size is shown, so nothing is asked: a run is only given up with ctrl-c.
    if (press.key === 'q' && app.sessions.running().length === 0) quit(app);
    return;
  }
  const place = placeOf(state);
  const action = actionFor(place, press.key);
  if (action && !isTyping(state, press)) {
    // Typed ahead or held, keys come in one chunk: moving about may, changing something may not.
    if (press.burst && action.danger > 0 && focusOf(state) !== 'phrase') return;
    const reason = reasonAgainst(action, actionContext(app, state));
    if (reason !== undefined) return say(app, 'warning', `${action.label}: ${reason}`);
    performOf(action.id)?.(app);
    return;
  }
  const edit = editOf(press);
  if (edit) app.store.update(now => editText(app, now, edit));
}

const editOf = (press: KeyPress): FieldEdit | undefined =>
  press.text !== '' ? { type: 'insert', text: press.text } : editForKey(press.key);

/** Which button or phrase has the focus. Enter in a phrase only moves on to the button. */
const focusOf = (state: UiState): DialogFocus | undefined =>
  state.dialog?.focus ?? (placeOf(state) === 'review' ? state.review.focus : undefined);

/** Left and right belong to a phrase that is being typed, not to the buttons beside it. */
function isTyping(state: UiState, press: KeyPress): boolean {
  return focusOf(state) === 'phrase' && (press.key === 'left' || press.key === 'right');
}

const takesText = (state: UiState): boolean => {
  const place = placeOf(state);
  return (
    place === 'filter' ||
    place === 'command' ||
    place === 'form' ||
    place === 'delete' ||
    place === 'approve' ||
    place === 'retire' ||
    place === 'review'
  );
};

/** Text goes where the focus is: prompt, phrase of a dialog or review, field of the form. */
function editText(app: App, state: UiState, edit: FieldEdit): UiState {
  const { dialog } = state;
  if (dialog) {
    if (dialog.phrase === undefined) return state;
    return { ...state, dialog: { ...dialog, focus: 'phrase', typed: editField(dialog.typed, edit) } };
  }
  if (state.prompt) return editPrompt(app, state, edit);
  const place = placeOf(state);
  if (place === 'review') {
    if (state.review.phrase === undefined) return state;
    return { ...state, review: { ...state.review, focus: 'phrase', typed: editField(state.review.typed, edit) } };
  }
  if (place === 'form' && state.form) {
    const { form } = state;
    const flips = edit.type === 'left' || edit.type === 'right' || (edit.type === 'insert' && edit.text === ' ');
    if (form.focus === 'sessionTags')
      return flips ? { ...state, form: setSessionTags(form, !form.sessionTags) } : state;
    return { ...state, form: editFocused(form, edit) };
  }
  return state;
}
