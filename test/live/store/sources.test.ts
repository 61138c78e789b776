import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../source/identity/reading.ts';
import { Sources } from '../../../source/live/store/sources.ts';

const name = { id: 'eks|one', source: 'eks', covers: 'one' } as const;
const denied: Failure = { kind: 'denied', message: 'You may not.' };

function made() {
  const turns: string[] = [];
  const sources = new Sources((_, turned) => {
    if (turned) turns.push(turned);
  });
  const list = sources.part(name, 'List');
  const describe = sources.part(name, 'Describe');
  return { sources, list, describe, turns, state: () => sources.states()[0] };
}

describe('a source', () => {
  it('waits until it is asked, loads until it answers, and is as fresh as its last answer', () => {
    const { list, describe, state } = made();
    expect(state()).toEqual({ ...name, state: 'waiting' });
    list.loading();
    expect(state()?.state).toBe('loading');
    list.live(5);
    describe.live(7);
    list.loading();
    expect(state()).toEqual({ ...name, state: 'live', at: 7 });
  });

  it('fails when one kind of call does; it is stale when that one had answered before', () => {
    const { list, describe, state } = made();
    list.live(5);
    describe.failed(denied, 20);
    expect(state()).toEqual({ ...name, state: 'failed', at: 5, failure: denied, retryAt: 20 });
    describe.live(6);
    describe.failed(denied);
    describe.loading();
    expect(state()).toEqual({ ...name, state: 'stale', at: 6, failure: denied });
  });

  it('turns once, however often it fails in the same way', () => {
    const { list, turns } = made();
    list.failed(denied, 1);
    list.loading();
    list.failed(denied, 2);
    list.failed({ kind: 'unreachable', message: 'Nobody answers.' }, 3);
    list.live(4);
    list.live(5);
    expect(turns).toEqual(['failed', 'failed', 'recovered']);
  });

  it('is forgotten with what still reports to it', () => {
    const { sources, list } = made();
    sources.forget(name.id);
    list.live(5);
    expect(sources.states()).toEqual([]);
  });

  it('gives the same array until something changes', () => {
    const { sources, list } = made();
    list.live(5);
    const before = sources.states();
    list.live(5);
    list.loading();
    expect(sources.states()).toBe(before);
  });
});
