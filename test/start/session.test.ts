import { afterEach, expect, it, vi } from 'vitest';
import { appOptions } from '../../source/start/app-options.ts';
import { runSession } from '../../source/start/session.ts';

const closed = vi.hoisted(() => vi.fn());

vi.mock('../../source/live/create.ts', async original => {
  const { createLiveModel } = await original<typeof import('../../source/live/create.ts')>();
  return {
    createLiveModel: (...given: Parameters<typeof createLiveModel>) => {
      const model = createLiveModel(...given);
      const close = model.close.bind(model);
      model.close = () => close().then(closed);
      return model;
    },
  };
});

/** As when the program was removed or replaced after it began. */
vi.mock('../../source/ui/linear/linear.ts', () => {
  throw new Error('gone');
});

afterEach(() => vi.unstubAllEnvs());

it('ends every loop when nothing can be drawn, without waiting for a world that is not opened', async () => {
  vi.stubEnv('XDG_STATE_HOME', '/nonexistent');
  await expect(runSession(appOptions(['--linear']), undefined)).rejects.toThrow();
  expect(closed).toHaveBeenCalledTimes(1);
});
