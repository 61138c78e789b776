import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import type { ActionSpec } from '../../../source/ui/actions/action.ts';
import { actions } from '../../../source/ui/actions/actions.ts';
import { actionFor, actionsIn, hintsFor, ownKeys } from '../../../source/ui/actions/key-map.ts';
import { keyNamed, parseKeys, typingPlaces } from '../../../source/ui/actions/parse-keys.ts';
import { performOf } from '../../../source/ui/actions/perform/all.ts';
import { reasonAgainst } from '../../../source/ui/actions/reasons.ts';
import { keyPresses } from '../../../source/ui/input/keys.ts';
import { helpItems } from '../../../source/ui/screens/help/items.ts';
import { lineText } from '../../../source/ui/state/lines.ts';
import { editForKey } from '../../../source/ui/state/text-field.ts';
import type { Place } from '../../../source/ui/state/view.ts';

const places = [...new Set(actions.flatMap(action => [...action.scope]))];

describe('the key table', () => {
  it.each(places)('gives each key one meaning in %s', place => {
    const keys = actionsIn(place).flatMap(action => action.keys.map(key => ({ key, id: action.id })));
    const twice = keys.filter(({ key, id }) => keys.some(other => other.key === key && other.id !== id));
    expect(twice).toEqual([]);
  });

  it('has every action carried out by something', () => {
    for (const action of actions) expect(performOf(action.id), action.id).toBeTypeOf('function');
  });

  it('takes no printable key where text is typed', () => {
    for (const place of typingPlaces) {
      for (const action of actionsIn(place))
        for (const key of action.keys) expect(key.length, `${place} ${key}`).toBeGreaterThan(1);
    }
  });

  it('takes no editing key away from the prompts', () => {
    for (const place of ['filter', 'command'] as const) {
      for (const action of actionsIn(place))
        for (const key of action.keys) expect(editForKey(key), `${place} ${key}`).toBeUndefined();
    }
  });

  it('shows in help all that works in a place, and in hints only that', () => {
    for (const place of ['associations', 'migrate', 'detail', 'runs', 'run'] as const) {
      const context = { place, sandbox: false };
      const help = helpItems({ place, context, keyMap: ownKeys, filter: '' })
        .map(item => lineText(item.line))
        .join('\n');
      for (const action of actionsIn(place)) expect(help).toContain(action.label);
      for (const hint of hintsFor(place)) expect(hint.scope).toContain(place);
    }
  });

  it('can be left and quit from everywhere', () => {
    for (const place of places) {
      expect(actionFor(place, 'esc')?.id).toBe('escape');
      const stops: Partial<Record<Place, string>> = { migrate: 'stop', stop: 'stop-now' };
      expect(actionFor(place, 'ctrl-c')?.id).toBe(stops[place] ?? 'interrupt');
    }
  });

  it('offers the sandbox only outside it', () => {
    const offer = actionFor('clusters', 'X');
    expect(offer?.id).toBe('sandbox');
    expect(offer?.disabledReason?.({ place: 'clusters', sandbox: false })).toBeUndefined();
    expect(offer?.disabledReason?.({ place: 'clusters', sandbox: true })).toBe('this is the sandbox');
  });

  it('says why an action is off', () => {
    const reason = (id: string, row: object | undefined, more: object = {}) => {
      const action = actionsIn('associations').find(each => each.id === id);
      const context = {
        place: 'associations',
        sandbox: false,
        ...(row ? { row: row as never } : {}),
        ...more,
      } as const;
      return action && reasonAgainst(action, context);
    };
    expect(reason('delete', undefined)).toBe('there is no row');
    expect(reason('delete', { ghost: true, association: 'none' })).toBe('that row is gone');
    expect(reason('delete', { ghost: false, association: 'one', owner: 'vpc-cni' })).toBe('the add-on vpc-cni owns it');
    expect(reason('edit', { ghost: false, association: 'unread' })).toBe('its association has not been read yet');
    expect(reason('delete', { ghost: false, association: 'one' })).toBeUndefined();
    const readOnly = { readOnly: 'read-only: asked for' };
    expect(reason('delete', { ghost: false, association: 'one' }, readOnly)).toBe('read-only: asked for');
    expect(reason('open', { ghost: false, association: 'one' }, readOnly)).toBeUndefined();
  });

  it('lets nothing that changes AWS or Kubernetes through when changes are not allowed', () => {
    for (const action of actions as readonly ActionSpec[]) {
      const needs = action.needs?.includes('write') ?? false;
      expect(needs, action.id).toBe(action.danger >= 2);
    }
  });

  it('repeats only what moves', () => {
    for (const action of actions as readonly ActionSpec[]) if (action.repeats) expect(action.danger, action.id).toBe(0);
  });
});

describe("a user's own keys", () => {
  it('replace those of the table, wherever the action works', () => {
    const { map, problem } = parseKeys({ delete: 'ctrl-k', wide: ['W', 'ctrl-w'], help: '?' });
    expect(problem).toBeUndefined();
    expect(actionFor('associations', 'ctrl-k', map)?.id).toBe('delete');
    expect(actionFor('associations', 'ctrl-d', map)).toBeUndefined();
    expect(actionFor('clusters', 'ctrl-w', map)?.id).toBe('wide');
    expect(hintsFor('associations', undefined, map).find(({ id }) => id === 'delete')?.keys).toEqual(['ctrl-k']);
    expect(actionFor('associations', 'ctrl-d')?.id).toBe('delete');
  });

  it.each([
    [{ delet: 'x' }, 'keys: there is no action "delet", but "delete"'],
    [{ delete: 'j' }, 'keys: j would be "down" and "delete" in service-accounts'],
    [{ delete: 'f7' }, 'keys: "f7" of "delete" is no key that a terminal sends'],
    [{ delete: 3 }, 'keys: 3 of "delete" is no key that a terminal sends'],
    [{ delete: [] }, 'keys: "delete" needs a key'],
    [{ escape: 'x' }, 'keys: "escape" keeps its key'],
    [{ review: 'r' }, 'keys: r is for typing in form, so it cannot be "review"'],
    [{ complete: 'ctrl-w' }, 'keys: ctrl-w is for typing in filter, so it cannot be "complete"'],
    [['delete'], 'keys must be an object of actions and their keys'],
    [null, 'keys must be an object of actions and their keys'],
  ])('that are wrong change nothing, and say why: %j', (stored, problem) => {
    const { map, ...read } = parseKeys(stored);
    expect(read.problem).toContain(problem);
    expect(map).toBe(ownKeys);
  });

  it('may be written as people write them', () => {
    const written = ['shift-x', 'Ctrl+K', 'control-k', 'escape', 'PgDn', ' ', 'é', '!', 'ctrl-\\'];
    expect(written.map(keyNamed)).toEqual(['X', 'ctrl-k', 'ctrl-k', 'esc', 'pagedown', 'space', 'é', '!', 'ctrl-\\']);
    expect(['', 'f1', 'ctrl-1', 'alt-x', 'shift-enter'].map(keyNamed)).toEqual(Array(5).fill(undefined));
  });
});

describe('keys', () => {
  const none = { upArrow: false, ctrl: false, shift: false, meta: false } as unknown as Key;
  const names = (input: string, key: Partial<Key> = {}) =>
    keyPresses(input, { ...none, ...key }).map(press => press.key);
  it('splits a chunk into its keys', () => {
    expect(names('jjj')).toEqual(['j', 'j', 'j']);
    expect(names(':sa\r')).toEqual([':', 's', 'a', 'enter']);
    expect(names('\u0004j')).toEqual(['ctrl-d', 'j']);
    expect(keyPresses('jj', none).every(press => press.burst)).toBe(true);
    // Two presses of esc that come together are told by Ink as one with meta.
    expect(keyPresses('', { ...none, escape: true, meta: true }).map(press => press.key)).toEqual(['esc', 'esc']);
    expect(keyPresses('j', none)[0]?.burst).toBe(false);
  });
  it('names what Ink names', () => {
    expect(names('', { upArrow: true })).toEqual(['up']);
    expect(names('d', { ctrl: true })).toEqual(['ctrl-d']);
    expect(names('', { tab: true, shift: true })).toEqual(['shift-tab']);
    expect(names('', { escape: true })).toEqual(['esc']);
    expect(names('x', { meta: true })).toEqual([]);
    // Esc and `:` that come together are told by Ink as alt and `:`.
    expect(names(':', { meta: true })).toEqual(['esc', ':']);
    expect(names('/', { meta: true })).toEqual(['esc', '/']);
  });
});
