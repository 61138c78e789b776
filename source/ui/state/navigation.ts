/** Changes of where the user is. Pure: a state in, a state out. */
import { bind, noCursor } from './cursor.ts';
import { concerns } from './following.ts';
import { type Flash, type Frame, newFrame, topFrame, type UiState } from './state.ts';
import type { View } from './view.ts';

/** Same place, whatever is marked or scrolled in it. */
export const sameView = (a: View, b: View): boolean => JSON.stringify(a) === JSON.stringify(b);

export const changeTop = (state: UiState, change: (frame: Frame) => Frame): UiState => {
  const top = topFrame(state);
  const next = change(top);
  return next === top ? state : { ...state, stack: [...state.stack.slice(0, -1), next] };
};

/** Places kept to go back to. */
const mostPlaces = 50;

/** What can be gone back to at any time: forms, reviews and plans end, and help is about the place it lies over. */
const lasts = (stack: readonly Frame[]): boolean =>
  stack.every(({ view }) => !['form', 'review', 'migrate', 'help'].includes(view.kind));

const topView = (stack: readonly Frame[]): View | undefined => stack.at(-1)?.view;

const sameTop = (a: readonly Frame[], b: readonly Frame[]): boolean => {
  const [one, other] = [topView(a), topView(b)];
  return one !== undefined && other !== undefined && sameView(one, other);
};

/** Another place on screen; the one that was there is remembered. */
function moveTo(state: UiState, stack: readonly Frame[]): UiState {
  const next = { ...state, stack };
  if (!lasts(state.stack) || sameTop(state.stack, stack)) return next;
  return { ...next, past: [...before(state), state.stack].slice(-mostPlaces), future: [] };
}

/** The past without the place that is on screen. */
function before({ past, stack }: UiState): UiState['past'] {
  const last = past.at(-1);
  return last && sameTop(last, stack) ? past.slice(0, -1) : past;
}

/** The place before this one, or undefined when there is none. */
export function backInHistory(state: UiState): UiState | undefined {
  const past = before(state);
  const stack = past.at(-1);
  if (!stack) return undefined;
  const future = lasts(state.stack) ? [state.stack, ...state.future] : state.future;
  return { ...state, stack, past: past.slice(0, -1), future };
}

/** The place that was come back from, or undefined when there is none. */
export function forwardInHistory(state: UiState): UiState | undefined {
  const [stack, ...future] = state.future;
  if (!stack) return undefined;
  const past = lasts(state.stack) ? [...state.past, state.stack].slice(-mostPlaces) : state.past;
  return { ...state, stack, past, future };
}

/** The place before this one; the same again comes back here. */
export function lastPlace(state: UiState): UiState | undefined {
  const stack = before(state).at(-1);
  return stack && moveTo(state, stack);
}

/** Goes deeper: `esc` comes back. Being there already changes nothing. */
export function push(state: UiState, view: View, filter = ''): UiState {
  if (sameView(topFrame(state).view, view)) return state;
  // Whoever comes back wants to find the row that they went into.
  const here = changeTop(state, frame => ({ ...frame, cursor: bind(frame.cursor) }));
  const stack = [...here.stack, newFrame(state.nextFrame, view, state.looks, filter)];
  return { ...moveTo(here, stack), nextFrame: state.nextFrame + 1 };
}

/** Jumps: the stack becomes the way down to `views`, as a command of the command line does. */
export function jump(state: UiState, views: readonly View[], filter = ''): UiState {
  const stack = views.map((view, index) => {
    const old = state.stack.find(frame => sameView(frame.view, view));
    const last = index === views.length - 1;
    if (old && !(last && filter)) return old;
    return newFrame(state.nextFrame + index, view, state.looks, last ? filter : '');
  });
  return stack.length === 0 ? state : { ...moveTo(state, stack), nextFrame: state.nextFrame + views.length };
}

export const pop = (state: UiState): UiState =>
  state.stack.length > 1 ? moveTo(state, state.stack.slice(0, -1)) : state;

/** Leaves a kind of screen wherever it is on top. */
export const leave = (state: UiState, kinds: readonly View['kind'][]): UiState => {
  let next = state;
  while (next.stack.length > 1 && kinds.includes(topFrame(next).view.kind)) next = pop(next);
  return next;
};

export const flash = (state: UiState, message: Flash): UiState => ({ ...state, flash: message });

export const withoutFollowed = (state: UiState): UiState => {
  if (!state.followed) return state;
  const { followed: _, ...rest } = state;
  return rest;
};

/** The profiles have the keys again. */
export const withoutRegions = ({ regions: _, ...state }: UiState): UiState => state;

export const withoutFlash = (state: UiState): UiState => {
  if (!state.flash) return state;
  const { flash: _, ...rest } = state;
  return rest;
};

export const withoutPrompt = (state: UiState): UiState => {
  const { prompt: _, ...rest } = state;
  return rest;
};

export const withoutDialog = (state: UiState): UiState => {
  const { dialog: _, ...rest } = state;
  return rest;
};

/** A new filter, or the old one back: the cursor starts over, since what it was on may be filtered out by choice. */
export const setFilter = (frame: Frame, filter: string): Frame =>
  frame.filter === filter ? frame : { ...frame, filter, cursor: noCursor, scroll: 0, stream: undefined };

/**
 * What one `esc` does on a screen without prompt or dialog: ends following, clears the marks, else the filter, else goes
 * back.
 * `undefined`: there is nothing to step back from.
 */
export function stepBack(state: UiState): UiState | undefined {
  const top = topFrame(state);
  if (concerns(state.followed, top.view)) return withoutFollowed(state);
  if (top.view.kind === 'contexts' && state.regions) return withoutRegions(state);
  if (top.marks.size > 0) return changeTop(state, frame => ({ ...frame, marks: new Set() }));
  if (top.filter !== '') return changeTop(state, frame => setFilter(frame, ''));
  return state.stack.length > 1 ? pop(state) : undefined;
}
