import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { actionFor, actions, actionsIn, hintsFor } from '../../../source/ui/actions/actions.ts';
import { performOf } from '../../../source/ui/actions/perform/all.ts';
import { keyPresses } from '../../../source/ui/input/keys.ts';
import { helpLines } from '../../../source/ui/screens/help/lines.ts';
import { lineText } from '../../../source/ui/state/lines.ts';
import { editForKey } from '../../../source/ui/state/text-field.ts';
import type { Place } from '../../../source/ui/state/view.ts';

const places = [...new Set(actions.flatMap(action => [...action.places]))];

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
    const typing: readonly Place[] = ['form', 'filter', 'command', 'delete', 'approve', 'retire', 'review'];
    for (const place of typing) {
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
      const help = helpLines(place, 98, '').map(lineText).join('\n');
      for (const action of actionsIn(place)) expect(help).toContain(action.label);
      for (const hint of hintsFor(place)) expect(hint.places).toContain(place);
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
    const reason = (id: string, row: object | undefined) =>
      actionsIn('associations')
        .find(action => action.id === id)
        ?.disabledReason?.({ place: 'associations', sandbox: false, ...(row ? { row: row as never } : {}) });
    expect(reason('delete', undefined)).toBe('there is no row');
    expect(reason('delete', { ghost: true, association: 'none' })).toBe('that row is gone');
    expect(reason('delete', { ghost: false, association: 'one', owner: 'vpc-cni' })).toBe('the add-on vpc-cni owns it');
    expect(reason('edit', { ghost: false, association: 'unread' })).toBe('its association has not been read yet');
    expect(reason('delete', { ghost: false, association: 'one' })).toBeUndefined();
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
    expect(keyPresses('j', none)[0]?.burst).toBe(false);
  });
  it('names what Ink names', () => {
    expect(names('', { upArrow: true })).toEqual(['up']);
    expect(names('d', { ctrl: true })).toEqual(['ctrl-d']);
    expect(names('', { tab: true, shift: true })).toEqual(['shift-tab']);
    expect(names('', { escape: true })).toEqual(['esc']);
    expect(names('x', { meta: true })).toEqual([]);
  });
});
