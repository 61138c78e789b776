import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type StreamPlace, scrollStream, streamWindow, turnFollowing } from '../../../source/ui/state/stream.ts';

const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('a stream', () => {
  it('shows its end, and the whole of it where it fits', () => {
    expect(streamWindow(lines(0, 30), undefined, 10)).toEqual({ top: 20, following: true, fresh: 0 });
    expect(streamWindow(lines(0, 3), undefined, 10)).toEqual({ top: 0, following: true, fresh: 0 });
    expect(scrollStream(lines(0, 3), undefined, 10, -1)).toBeUndefined();
    expect(scrollStream([], undefined, 10, 'first')).toBeUndefined();
    expect(turnFollowing([], undefined, 10)).toBeUndefined();
  });

  it('stays where it was scrolled to, and counts what comes meanwhile', () => {
    const place = scrollStream(lines(0, 30), undefined, 10, -5);
    expect(streamWindow(lines(0, 30), place, 10)).toEqual({ top: 15, following: false, fresh: 0 });
    expect(streamWindow(lines(0, 42), place, 10)).toEqual({ top: 15, following: false, fresh: 12 });
    // The oldest lines are dropped: what is read stays.
    expect(streamWindow(lines(7, 42), place, 10)).toEqual({ top: 8, following: false, fresh: 12 });
    expect(streamWindow(lines(20, 52), place, 10)).toEqual({ top: 0, following: false, fresh: 22 });
    expect(streamWindow(lines(40, 72), place, 10)).toEqual({ top: 0, following: false, fresh: 22 });
  });

  it('does not count as new what has been scrolled into sight', () => {
    const place = scrollStream(lines(0, 30), undefined, 10, -5);
    const down = scrollStream(lines(0, 42), place, 10, 9);
    expect(streamWindow(lines(0, 42), down, 10)).toEqual({ top: 24, following: false, fresh: 8 });
    const up = scrollStream(lines(0, 42), down, 10, 'first');
    expect(streamWindow(lines(0, 42), up, 10)).toEqual({ top: 0, following: false, fresh: 8 });
  });

  it('is followed again at its last line, and by the key', () => {
    const place = scrollStream(lines(0, 30), undefined, 10, 'first');
    expect(scrollStream(lines(0, 30), place, 10, 'last')).toBeUndefined();
    expect(scrollStream(lines(0, 30), place, 10, 20)).toBeUndefined();
    expect(turnFollowing(lines(0, 30), place, 10)).toBeUndefined();
  });

  it('stops at its end by the same key, also before it fills the window', () => {
    const full = turnFollowing(lines(0, 30), undefined, 10);
    expect(streamWindow(lines(0, 33), full, 10)).toEqual({ top: 20, following: false, fresh: 3 });
    const begun = turnFollowing(lines(0, 2), undefined, 10);
    expect(streamWindow(lines(0, 15), begun, 10)).toEqual({ top: 0, following: false, fresh: 5 });
  });

  it('keeps its laws whatever comes, is dropped and is pressed', () => {
    const step = fc.oneof(
      fc.nat(12).map(count => ({ does: 'come' as const, count })),
      fc
        .oneof(fc.integer({ min: -12, max: 12 }), fc.constantFrom('first' as const, 'last' as const))
        .map(to => ({ does: 'scroll' as const, to })),
      fc.constant({ does: 'turn' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (steps, height) => {
        let end = 0;
        let place: StreamPlace<number> | undefined;
        /** The last line that the window has reached: what a count of new lines must go by. */
        let reached = -1;
        const items = () => lines(Math.max(0, end - 40), end);
        for (const todo of steps) {
          const before = streamWindow(items(), place, height);
          const first = items()[before.top];
          if (todo.does === 'come') end += todo.count;
          else if (todo.does === 'scroll') place = scrollStream(items(), place, height, todo.to);
          else place = turnFollowing(items(), place, height);
          const all = items();
          const now = streamWindow(all, place, height);
          const shown = all.slice(now.top, now.top + height);
          reached = Math.max(reached, shown.at(-1) ?? -1);
          expect(shown.length).toBe(Math.min(height, all.length));
          expect(now.following).toBe(place === undefined);
          if (now.following) expect(shown.at(-1)).toBe(all.at(-1));
          expect(now.fresh).toBe(end - 1 - Math.max(reached, -1));
          if (todo.does === 'come' && !before.following && first !== undefined && all.includes(first))
            expect(shown[0]).toBe(first);
        }
      }),
    );
  });
});
