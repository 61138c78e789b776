import { nearestOf } from '../state/nearest.ts';
import { editForKey } from '../state/text-field.ts';
import type { Place } from '../state/view.ts';
import { type ActionId, actions } from './actions.ts';
import { actionsIn, type KeyMap, ownKeys } from './key-map.ts';

/** Keys that have a name of their own; beside them any character, and `ctrl-` with a letter. */
const named: ReadonlySet<string> = new Set([
  ...['enter', 'tab', 'shift-tab', 'space', 'esc', 'up', 'down', 'left', 'right'],
  ...['pageup', 'pagedown', 'home', 'end', 'backspace', 'delete', 'ctrl-space'],
]);

const otherNames: Readonly<Record<string, string>> = {
  escape: 'esc',
  return: 'enter',
  pgup: 'pageup',
  pgdn: 'pagedown',
  ' ': 'space',
};

/** What the dispatcher calls a key that somebody wrote; undefined: there is no such key, or no terminal sends it. */
export function keyNamed(written: string): string | undefined {
  const shifted = /^shift-([a-z])$/i.exec(written)?.[1];
  if (shifted) return shifted.toUpperCase();
  if ([...written].length === 1 && written.trim() !== '') return written;
  const lower = written.toLowerCase().replace(/^(ctrl|control)[+ -]/, 'ctrl-');
  const name = otherNames[lower] ?? lower;
  return named.has(name) || /^ctrl-[a-z\\\]^_]$/.test(name) ? name : undefined;
}

/** Ways out and ways to stop: they stay where fingers find them in an emergency. */
const fixed: ReadonlySet<ActionId> = new Set(['escape', 'interrupt', 'stop', 'stop-now', 'press', 'run-prompt']);

export const typingPlaces: readonly Place[] = ['form', 'filter', 'command', 'delete', 'approve', 'retire', 'review'];

/**
 * The user's own keys out of preferences: `{ "ACTION": "KEY" }` or `{ "ACTION": ["KEY", ...] }`. Any mistake leaves every
 * key as it is, so that no key does what nobody expects.
 *
 * @returns the keys, and in one sentence what is wrong with them
 */
export function parseKeys(stored: unknown): { readonly map: KeyMap; readonly problem?: string } {
  if (stored === undefined) return { map: ownKeys };
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored))
    return { map: ownKeys, problem: 'keys must be an object of actions and their keys' };
  const map = new Map<ActionId, readonly string[]>();
  for (const [id, value] of Object.entries(stored)) {
    const read = readKeys(id, value);
    if (typeof read === 'string') return { map: ownKeys, problem: read };
    map.set(read.id, read.keys);
  }
  const problem = clashIn(map);
  return problem === undefined ? { map } : { map: ownKeys, problem };
}

type Read = { readonly id: ActionId; readonly keys: readonly string[] };

function readKeys(name: string, value: unknown): Read | string {
  const id = actions.find(action => action.id === name)?.id;
  if (id === undefined) {
    const near = nearestOf(
      name,
      actions.map(action => action.id),
    );
    return `keys: there is no action "${name}"${near === undefined ? '' : `, but "${near}"`}`;
  }
  if (fixed.has(id)) return `keys: "${id}" keeps its key`;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const keys: string[] = [];
  for (const each of list) {
    const key = typeof each === 'string' ? keyNamed(each) : undefined;
    if (key === undefined) return `keys: ${JSON.stringify(each)} of "${id}" is no key that a terminal sends`;
    keys.push(key);
  }
  return keys.length === 0 ? `keys: "${id}" needs a key` : { id, keys };
}

/** A key that means two things in one place, or takes a letter away where text is typed. */
function clashIn(map: KeyMap): string | undefined {
  const places = [...new Set(actions.flatMap(action => [...action.scope]))];
  for (const place of places) {
    const owners = new Map<string, string>();
    for (const { id, keys } of actionsIn(place, map)) {
      for (const key of keys) {
        const other = owners.get(key);
        if (other !== undefined && other !== id) return `keys: ${key} would be "${other}" and "${id}" in ${place}`;
        const typed = [...key].length === 1 || key === 'space';
        const edits = (place === 'filter' || place === 'command') && editForKey(key) !== undefined;
        if (map.has(id) && typingPlaces.includes(place) && (typed || edits))
          return `keys: ${key} is for typing in ${place}, so it cannot be "${id}"`;
        owners.set(key, id);
      }
    }
  }
  return undefined;
}
