/** Actions of the app's table, by words: what a key does on a screen, said. */
import { type Action, actionsIn } from '../actions/key-map.ts';
import type { Place } from '../state/view.ts';

/** What only means something where there is a cursor, a window, colours or a clipboard, or what has a word of its own. */
const ofScreens: ReadonlySet<string> = new Set([
  'down',
  'up',
  'page-down',
  'page-up',
  'first',
  'last',
  'scroll-down',
  'scroll-up',
  'back',
  'escape',
  'command',
  'filter',
  'help',
  'column-left',
  'column-right',
  'sort-column',
  'hide-column',
  'show-columns',
  'preview',
  'preview-down',
  'preview-up',
  'compare',
  'mark',
  'mark-range',
  'clear-marks',
  'copy',
  'copy-yaml',
  'copy-json',
  'copy-commands',
  'copy-plan',
  'next-tab',
  'previous-tab',
  'tab-1',
  'tab-2',
  'tab-3',
  'tab-4',
  'tab-5',
  'tab-6',
  'next-field',
  'previous-field',
  'accept',
  'next-choice',
  'previous-choice',
  'editor',
  'review',
  'clear-form',
  'form-command',
  'next-button',
  'previous-button',
  'press',
  'expand',
  'collapse',
  'toggle',
  'diff',
  'approve',
  'exclude',
  'profile-regions',
  'run-chosen',
  'run-prompt',
  'complete',
  'next-suggestion',
  'previous-suggestion',
  'search-history',
  'interrupt',
  'stop',
  'stop-now',
  'suspend',
  'wide',
  'wide-profiles',
  'follow-row',
  'copy-to',
  // Commands, and words of their own.
  'namespaces',
  'service-accounts',
  'associations',
  'roles',
  'refresh',
  'undo-run',
  'undo-last',
  'resume-run',
  'take-up',
  'roll-back',
]);

/** Shorter or plainer words. */
const aliases: Readonly<Record<string, string>> = {
  change: 'edit',
  remove: 'delete',
  csv: 'save-csv',
  tags: 'session-tags',
  retire: 'retirement',
  users: 'used-by',
};

/** The action that a word means in a place; undefined: none. */
export function actionOf(word: string, place: Place): Action | undefined {
  const id = Object.hasOwn(aliases, word) ? aliases[word] : word;
  return wordsIn(place).find(action => action.id === id);
}

/** Actions that can be said in a place. */
export const wordsIn = (place: Place): readonly Action[] => actionsIn(place).filter(({ id }) => !ofScreens.has(id));
