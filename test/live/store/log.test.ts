import { describe, expect, it } from 'vitest';
import { Log } from '../../../source/live/store/log.ts';
import { Store } from '../../../source/live/store/store.ts';
import { TestClock } from '../test-clock.ts';

describe('the log', () => {
  it('keeps the newest lines, as the same array until one is added', () => {
    const log = new Log(3);
    for (let at = 0; at < 10; at += 1) log.add({ at, level: 'info', source: 'eks', text: 'seen' });
    expect(log.lines().map(({ at }) => at)).toEqual([7, 8, 9]);
    expect(log.lines()).toBe(log.lines());
  });

  it('holds no control characters, whatever a name holds', () => {
    const store = new Store(new TestClock());
    store.say('info', 'one\u001b[2J', 'association of a\u001b]0;x\u0007/b is new');
    expect(JSON.stringify(store.log.lines())).not.toMatch(/\\u00/);
  });
});
