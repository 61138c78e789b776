import { describe, expect, it } from 'vitest';
import { Tasks } from '../../../source/live/sync/tasks.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('tasks', () => {
  it('end with their group, and the group waits for them', async () => {
    const tasks = new Tasks(() => {});
    const inner = tasks.child();
    let ended = 0;
    for (const group of [tasks, inner])
      group.spawn(async signal => {
        await untilAborted(signal);
        ended += 1;
      });
    await new Promise(setImmediate);
    expect(tasks.size).toBe(2);
    await inner.close();
    expect([ended, tasks.size]).toEqual([1, 1]);
    await tasks.close();
    expect([ended, tasks.size]).toEqual([2, 0]);
  });

  it('tell of a defect, but not of what ends because the group ends', async () => {
    const heard: unknown[] = [];
    const tasks = new Tasks(error => heard.push(error));
    tasks.spawn(async () => {
      throw new Error('a defect');
    });
    tasks.spawn(async signal => {
      await untilAborted(signal);
      throw signal.reason;
    });
    await new Promise(setImmediate);
    await tasks.close();
    expect(heard).toEqual([new Error('a defect')]);
  });

  it('do not start in a group that is closed', async () => {
    const tasks = new Tasks(() => {});
    await tasks.close();
    tasks.spawn(() => Promise.reject(new Error('started')));
    expect(tasks.size).toBe(0);
    expect(tasks.child().signal.aborted).toBe(true);
  });
});
