import { describe, expect, test } from 'vitest';
import { withTimeout } from '../../source/commands/timeout.ts';
import type { Clock } from '../../source/run/clock.ts';

/** A clock that notes how long it was asked to wait, and lets no time pass before it is told to. */
function handClock() {
  const asked: number[] = [];
  let ring = () => {};
  let given: AbortSignal | undefined;
  const clock: Clock = {
    now: () => 0,
    sleep: (milliseconds, signal) => {
      asked.push(milliseconds);
      given = signal;
      return new Promise(resolve => {
        ring = resolve;
      });
    },
  };
  return { clock, asked, ring: () => ring(), waits: () => given?.aborted === false };
}

const contextOn = (clock: Clock, signal = new AbortController().signal) => {
  const sink = { write: () => true };
  return { stdout: sink, stderr: sink, environment: {}, version: '0.0.0', clock, signal };
};

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('--timeout', () => {
  test('gives up with a sentence that names it', async () => {
    const { clock, ring } = handClock();
    const late = withTimeout(contextOn(clock), 90_000, ({ signal }) => untilAborted(signal));
    ring();
    await expect(late).rejects.toThrow('gave up after 90 s (--timeout)');
  });

  test('stops waiting when the work is over', async () => {
    const { clock, waits } = handClock();
    const work = withTimeout(contextOn(clock), 90_000, async () => waits());
    expect(await work).toBe(true);
    expect(waits()).toBe(false);
  });

  test('leaves Ctrl-C what it is', async () => {
    const { clock } = handClock();
    const user = new AbortController();
    const work = withTimeout(contextOn(clock, user.signal), 90_000, ({ signal }) => untilAborted(signal));
    user.abort(new Error('interrupted'));
    await expect(work).rejects.toThrow('interrupted');
  });

  test('of a thousand hours is one that a timer can keep', async () => {
    const { clock, asked } = handClock();
    await withTimeout(contextOn(clock), 3_600_000_000, async () => {});
    expect(asked).toEqual([2 ** 31 - 1]);
  });
});
