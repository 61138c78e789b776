import { choosable, type HelpItem, helpItems } from '../screens/help/items.ts';
import { topFrame, type UiState } from '../state/state.ts';
import type { App } from './app.ts';
import { actionContext } from './subject.ts';

export type Help = {
  readonly items: readonly HelpItem[];
  /** Places of the lines that can be chosen. */
  readonly choices: readonly number[];
  /** Which of the choices the cursor is on; -1: there is none. */
  readonly at: number;
};

/** The help on screen, about the screen that it lies over. */
export function helpOf(app: App, state: UiState): Help | undefined {
  const { view, filter, cursor } = topFrame(state);
  if (view.kind !== 'help') return undefined;
  const { prompt: _, ...rest } = state;
  const under = state.stack.length > 1 ? { ...rest, stack: state.stack.slice(0, -1) } : rest;
  const items = helpItems({ place: view.of, context: actionContext(app, under), keyMap: state.keyMap, filter });
  const choices = choosable(items);
  return { items, choices, at: Math.min(cursor.index, choices.length - 1) };
}
