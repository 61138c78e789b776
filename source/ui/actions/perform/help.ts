import { type App, layout } from '../../controller/app.ts';
import { helpOf } from '../../controller/help.ts';
import { changeTop, pop } from '../../state/navigation.ts';
import { topFrame } from '../../state/state.ts';
import { emptyField, fieldOf } from '../../state/text-field.ts';
import type { ActionId } from '../actions.ts';
import { go } from './navigate.ts';
import type { Performs } from './perform.ts';

/** Moves among what can be chosen, by choices or to an end. */
export function moveHelp(app: App, by: number | 'first' | 'last'): void {
  app.store.update(state => {
    const help = helpOf(app, state);
    if (!help) return state;
    const last = help.choices.length - 1;
    const to = by === 'first' ? 0 : by === 'last' ? last : help.at + by;
    const index = Math.max(0, Math.min(last, to));
    return changeTop(state, frame => ({ ...frame, cursor: { ...frame.cursor, index } }));
  });
}

/** Choices that a page key passes. */
export const helpPage = (app: App): number => Math.max(1, layout(app.store.get()).body - 2);

/** Leaves help; an action that was chosen is done on the screen beneath, a command is put into the command line. */
function runChosen(app: App): ActionId | undefined {
  const help = helpOf(app, app.store.get());
  const choice = help?.items[help.choices[help.at] ?? -1]?.choice;
  if (!choice) return undefined;
  app.store.update(pop);
  if (choice.kind === 'action') return choice.action.id;
  const [word = ''] = choice.command.words;
  app.store.update(state => ({
    ...state,
    prompt: { kind: 'command', before: '', pick: -1, field: word === '' ? emptyField : fieldOf(`${word} `) },
  }));
  return undefined;
}

export const helpActions: Performs = {
  help: app => {
    const { view } = topFrame(app.store.get());
    if (view.kind === 'help') app.store.update(pop);
    else go(app, { kind: 'help', of: view.kind });
  },
  'run-chosen': runChosen,
};
