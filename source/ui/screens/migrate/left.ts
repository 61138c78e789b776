import type { RunResult } from '../../../run/event.ts';

/** Something of a run that did not go through. */
export type Left = { readonly id: string; readonly what: string; readonly subject: string; readonly reason: string };

/** What a run has left: what failed first, then what may have taken effect, what waits and what was not tried. */
export const leftBy = (result: RunResult | undefined): readonly Left[] =>
  result === undefined
    ? []
    : [
        ...result.failed.map(item => ({ ...item, what: 'failed' })),
        ...(result.unknown ?? []).map(item => ({ ...item, what: 'unknown' })),
        ...result.held.map(item => ({ ...item, what: 'held' })),
        ...result.skipped.map(item => ({ ...item, what: 'not done' })),
      ];
