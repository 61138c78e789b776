import type { Key } from 'ink';
import { type Action, actionFor, actionsIn } from '../actions/key-map.ts';
import { performOf } from '../actions/perform/all.ts';
import { quit } from '../actions/perform/process.ts';
import { editPrompt } from '../actions/perform/prompt.ts';
import { reasonAgainst } from '../actions/reasons.ts';
import { type App, layout, say } from '../controller/app.ts';
import { typeIntoForm } from '../controller/form.ts';
import { actionContext } from '../controller/subject.ts';
import { withoutFlash } from '../state/navigation.ts';
import { type DialogFocus, placeOf, type UiState } from '../state/state.ts';
import { editField, editForKey, type FieldEdit } from '../state/text-field.ts';
import { type KeyPress, keyPresses } from './keys.ts';

/** The one handler of keys: splits bursts, and meets each key with the state that the one before it left. */
export function handleInput(app: App, input: string, key: Key): void {
  const presses = keyPresses(input, key);
  // What follows a key that was dropped was meant for what that key would have brought.
  const stopped = presses.findIndex((press, index) => !handleKey(app, press, index === 0));
  const first = presses[stopped];
  if (!first) return;
  const more = presses.length - stopped - 1;
  const others = more > 0 ? ` and ${more} more` : '';
  say(app, 'info', `keys came in one piece: only movement was taken, not <${first.key}>${others}`);
}

/** Pasted text goes into the field that has the focus; a table does not take it for keys. */
export function handlePaste(app: App, text: string): void {
  const state = app.store.get();
  const next = editText(app, state, { type: 'insert', text });
  if (next !== state) app.store.update(() => next);
  else if (!takesText(state)) say(app, 'info', 'pasted text is ignored here');
}

/** What is typed after these stays text until enter is pressed by itself: safe to take from the front of one piece. */
const opensPrompt: ReadonlySet<string> = new Set(['command', 'filter']);

/** @returns false when it was dropped for having come together with others */
function handleKey(app: App, press: KeyPress, isFirst: boolean): boolean {
  const before = app.store.get();
  if (before.flash?.level === 'error') app.store.update(withoutFlash);
  const state = app.store.get();
  if (layout(state).mode === 'small' && !['ctrl-c', 'ctrl-z'].includes(press.key)) {
    // Nothing but the size is shown, so nothing is asked: a run is only given up with ctrl-c.
    if (press.key === 'q' && app.sessions.running().length === 0) quit(app);
    return true;
  }
  const place = placeOf(state);
  const action = actionFor(place, press.key, state.keyMap);
  if (action && !isTyping(state, press)) {
    // A held key and a slow link bring keys in one piece, and so does a paste that says not that it is one: what is
    // meant for a screen that is not there yet may do nothing here.
    if (press.burst && !action.repeats && !(isFirst && opensPrompt.has(action.id))) return false;
    runAction(app, action);
    return true;
  }
  const edit = editOf(press);
  if (edit) app.store.update(now => editText(app, now, edit));
  return true;
}

/** Does it, or says why it cannot be done now. */
export function runAction(app: App, action: Action) {
  const reason = reasonAgainst(action, actionContext(app, app.store.get()));
  if (reason !== undefined) return say(app, 'warning', `${action.label}: ${reason}`);
  const next = performOf(action.id)?.(app);
  if (typeof next !== 'string') return;
  const state = app.store.get();
  const other = actionsIn(placeOf(state), state.keyMap).find(({ id }) => id === next);
  if (other) runAction(app, other);
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
  if (place === 'form') return typeIntoForm(app, state, edit);
  return state;
}
