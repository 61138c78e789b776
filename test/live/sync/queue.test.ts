import { describe, expect, it } from 'vitest';
import { RefreshQueue } from '../../../source/live/sync/queue.ts';

const second = () => 1_000;

describe('a refresh queue', () => {
  it('gives what is on screen first, then what is new in order of arrival', () => {
    const queue = new RefreshQueue();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(queue.takeAmong(['c', 'x'], 0, 100)).toBe('c');
    expect([queue.take(0, 100), queue.take(0, 100), queue.take(0, 100)]).toEqual(['a', 'b', undefined]);
  });

  it('gives an answered key again when it is too old, the oldest first', () => {
    const queue = new RefreshQueue();
    for (const [at, key] of ['a', 'b'].entries()) {
      queue.add(key);
      queue.take(0, 100);
      queue.answered(key, at);
    }
    expect(queue.take(99, 100)).toBeUndefined();
    expect(queue.nextAt([], 10, 100)).toBe(100);
    expect(queue.nextAt(['b'], 10, 100)).toBe(11);
    expect(queue.takeAmong(['b'], 11, 10)).toBe('b');
    expect(queue.take(100, 100)).toBe('a');
  });

  it('waits longer for a key with every failure in a row', () => {
    const queue = new RefreshQueue();
    const delay = (failures: number) => failures * 1_000;
    queue.add('a');
    queue.take(0, 100);
    expect(queue.failed('a', 0, delay)).toBe(1_000);
    expect(queue.take(999, 100)).toBeUndefined();
    expect(queue.nextAt([], 10, 100)).toBe(1_000);
    expect(queue.take(1_000, 100)).toBe('a');
    expect(queue.failed('a', 1_000, delay)).toBe(3_000);
    queue.renewFailed();
    expect(queue.take(1_001, 100)).toBe('a');
    queue.answered('a', 1_001);
    queue.renew('a');
    queue.take(1_002, 100);
    expect(queue.failed('a', 1_002, delay)).toBe(2_002);
  });

  it('does not give a key that is being read, and ignores the answer of one that was dropped', () => {
    const queue = new RefreshQueue();
    queue.add('a');
    queue.take(0, 100);
    queue.add('a');
    queue.renew('a');
    expect(queue.take(0, 100)).toBeUndefined();
    queue.delete('a');
    expect(queue.answered('a', 0)).toBe(false);
    expect(queue.failed('a', 0, second)).toBeUndefined();
    expect(queue.size).toBe(0);
    expect(queue.nextAt([], 10, 100)).toBe(Number.POSITIVE_INFINITY);
  });
});
