/** Every screen and state at 80 columns by 24 rows. */
import { vi } from 'vitest';

// Before Ink is loaded: its colours are decided once.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '3';
});
// The only thing in a frame that is left to chance: runs of one second are told apart by it.
vi.mock('../../source/run/run-id.ts', async () => (await import('./run-ids.ts')).counted);

const { describeFrames, small } = await import('./frames.ts');
describeFrames(small);
