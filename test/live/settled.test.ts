import { expect, test } from 'vitest';
import type { LiveModel } from '../../source/live/model.ts';
import { settled } from '../../source/live/settled.ts';
import { TestClock } from './test-clock.ts';

/** One to which nothing has come yet: its world may never open. */
const empty = { revision: 0, sources: () => [], clusters: () => [] } as Partial<LiveModel> as LiveModel;

test('what never comes is waited for as long as was said, and not beyond the end of who waits', async () => {
  const clock = new TestClock();
  const patient = settled(empty, clock, 1000);
  await clock.pass(1100);
  expect(await patient).toBe(false);

  const ended = new AbortController();
  const given = settled(empty, clock, 1000, ended.signal);
  ended.abort(new Error('it is over'));
  await expect(given).rejects.toThrow('it is over');
  expect(clock.sleeping).toBe(0);
});
