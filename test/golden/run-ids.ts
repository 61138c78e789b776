import type { Clock } from '../../source/run/clock.ts';

let runs = 0;

/** Begins to count anew: each scene has runs of its own. */
export const countRunsAnew = (): void => {
  runs = 0;
};

/** In place of `source/run/run-id.ts`: the time as there, and a number where chance was. */
export const counted = {
  newRunId: (clock: Clock): string => {
    runs += 1;
    const time = new Date(clock.now()).toISOString().slice(0, 19).replace(/\D/g, '');
    return `${time}-${runs.toString(16).padStart(6, '0')}`;
  },
};
