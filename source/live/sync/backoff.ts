const FIRST = 1_000;
const LONGEST = 120_000;

/**
 * Milliseconds to wait after the `failures`-th failure in a row: doubles from 1 s to 2 min, spread by a tenth to either
 * side so that many sources that failed together do not come back together. `random` answers 0 <= x < 1.
 */
export function backoff(failures: number, random: () => number): number {
  const step = Math.min(LONGEST, FIRST * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(step * spread(random));
}

/** A factor between 0.9 and 1.1, so that loops of many clusters do not run in step. */
export const spread = (random: () => number): number => 0.9 + 0.2 * random();
