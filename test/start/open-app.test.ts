import { expect, it, vi } from 'vitest';
import { openApp } from '../../source/start/open-app.ts';

const stop = vi.hoisted(() => vi.fn(async () => {}));

vi.mock('../../source/start/sandbox-process.ts', () => ({
  startSandboxProcess: async () => ({ environment: {}, regions: ['eu-west-1'], stop }),
  enterSandbox: () => {},
}));

/** As when the program was removed or replaced after it began. */
vi.mock('../../source/start/session.ts', () => {
  throw new Error('gone');
});

it('leaves no sandbox behind when the screens cannot be loaded', async () => {
  const undo = vi.fn();
  const painted = { screen: undefined, undo, handOver: () => {} };
  await expect(openApp(['--sandbox', '--linear'], painted)).rejects.toThrow();
  expect(stop).toHaveBeenCalledTimes(1);
  expect(undo).toHaveBeenCalledTimes(1);
});
