import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** Sorts by time, and tells two runs of one second apart. */
export const newRunId = (clock: Clock): string =>
  `${new Date(clock.now()).toISOString().slice(0, 19).replace(/\D/g, '')}-${randomBytes(3).toString('hex')}`;
