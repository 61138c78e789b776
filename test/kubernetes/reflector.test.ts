import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ReflectorState, reflect } from '../../source/kubernetes/reflector.ts';
import { PortError } from '../../source/run/ports.ts';
import { FakeCollection, type Step, type Thing } from './fake-collection.ts';
import { FakeClock } from './support.ts';

/** A mirror of the collection, kept by a reflector on a clock of its own. */
function mirrorOf(collection: FakeCollection, clock = new FakeClock()) {
  const mirror = new Map<string, number>();
  const states: ReflectorState[] = [];
  const stop = new AbortController();
  const running = reflect<Thing>(collection, {
    clock,
    signal: stop.signal,
    random: () => 0.5,
    onReplace: items => {
      mirror.clear();
      for (const { name, value } of items) mirror.set(name, value);
    },
    onEvent: ({ type, object }) => {
      if (type === 'put') mirror.set(object.name, object.value);
      else mirror.delete(object.name);
    },
    onState: state => states.push(state),
  });
  return { mirror, states, clock, running, stop };
}

const sorted = (map: ReadonlyMap<string, number>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), name, value: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), name }) },
  { weight: 2, arbitrary: fc.constant({ do: 'compact' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'bookmark' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'cut' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'end' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      times: fc.integer({ min: 1, max: 4 }),
      kind: fc.constantFrom('unreachable' as const, 'server' as const, 'denied' as const, 'invalid' as const),
    }),
  },
);
/** A step and how long after it the next one comes, ms. */
const script = fc.array(fc.tuple(step, fc.constantFrom(0, 0, 0, 300, 1_500, 20_000)), { maxLength: 40 });

describe('a mirror', () => {
  test('ends up as the server is, whatever was cut, forgotten or refused on the way', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.array(step, { maxLength: 6 }), async (steps, whileListing) => {
        const collection = new FakeCollection();
        const during = [...whileListing];
        collection.betweenPages = () => {
          const next = during.shift();
          if (next) collection.apply(next);
        };
        for (const [first] of steps.slice(0, 5)) collection.apply(first);
        const { mirror, states, clock, running, stop } = mirrorOf(collection);
        for (const [each, pause] of steps) {
          collection.apply(each);
          await clock.advance(pause);
        }
        // Nothing goes wrong from here on: failures still in store are used up, one back-off after another.
        await clock.advance(3_600_000);
        expect(sorted(mirror)).toEqual(sorted(collection.things));
        expect(states.at(-1)?.state).toBe('live');
        expect(collection.watches).toBe(1);
        stop.abort();
        await running;
        expect(collection.watches).toBe(0);
        expect(clock.sleeping).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('tells how far loading is, then that it is live', async () => {
    const collection = new FakeCollection();
    for (const each of ['a', 'b', 'c']) collection.apply({ do: 'put', name: each, value: 1 });
    const { states, clock, stop } = mirrorOf(collection);
    onTestFinished(() => stop.abort());
    await clock.advance(0);
    expect(states).toEqual([
      { state: 'loading', loaded: 0 },
      { state: 'loading', loaded: 2 },
      { state: 'loading', loaded: 3 },
      { state: 'live', at: clock.now() },
    ]);
  });

  test('lists again at once when its version is gone, and keeps what it had until then', async () => {
    const collection = new FakeCollection();
    collection.apply({ do: 'put', name: 'a', value: 1 });
    const { mirror, clock, stop } = mirrorOf(collection);
    onTestFinished(() => stop.abort());
    await clock.advance(300_000);
    collection.apply({ do: 'cut' });
    await clock.advance(0);
    collection.apply({ do: 'put', name: 'b', value: 2 });
    collection.apply({ do: 'compact' });
    expect(sorted(mirror)).toEqual([['a', 1]]);
    await clock.advance(1_000);
    expect(sorted(mirror)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(collection.lists).toBe(2);
  });

  test('goes on from where it was after a cut, without a new list', async () => {
    const collection = new FakeCollection();
    const { mirror, clock, stop } = mirrorOf(collection);
    onTestFinished(() => stop.abort());
    await clock.advance(0);
    collection.apply({ do: 'cut' });
    collection.apply({ do: 'put', name: 'a', value: 1 });
    await clock.advance(1_000);
    expect(sorted(mirror)).toEqual([['a', 1]]);
    expect(collection.lists).toBe(1);
  });

  test('says what failed and when it tries again, and waits longer each time, up to a minute', async () => {
    const collection = new FakeCollection();
    collection.apply({ do: 'fail', times: 9, kind: 'denied' });
    const { states, clock, stop } = mirrorOf(collection);
    onTestFinished(() => stop.abort());
    await clock.advance(600_000);
    const failed = states.filter(state => state.state === 'failed');
    expect(failed[0]?.failure).toEqual({ kind: 'denied', message: 'denied on purpose' });
    expect(failed.map(state => state.retryAt - state.at)).toEqual([
      750, 1500, 3000, 6000, 12000, 24000, 45000, 45000, 45000,
    ]);
    expect(states.at(-1)?.state).toBe('live');
  });

  test.each([
    ['ends every watch at once', undefined],
    ['forgets every version at once', new PortError({ kind: 'conflict', message: 'gone', code: 'Expired' })],
  ])('does not run hot against a server that %s', async (_name, error) => {
    const collection = new FakeCollection();
    let opened = 0;
    collection.watch = async function* (version) {
      opened += 1;
      yield { type: 'bookmark', resourceVersion: version };
      if (error) throw error;
    };
    const { clock, stop } = mirrorOf(collection);
    onTestFinished(() => stop.abort());
    await clock.advance(60_000);
    expect(opened).toBeGreaterThan(3);
    expect(opened).toBeLessThan(10);
  });

  test('rejects with what a callback threw: that is a fault, not weather', async () => {
    const collection = new FakeCollection();
    const running = reflect<Thing>(collection, {
      clock: new FakeClock(),
      signal: new AbortController().signal,
      onReplace: () => {
        throw new TypeError('a fault');
      },
      onEvent: () => undefined,
    });
    await expect(running).rejects.toThrow('a fault');
  });
});
