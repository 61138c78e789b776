import type { FaultKind } from './faults.ts';

/** Killed before a request leaves; after it took effect, with nobody to hear the answer; likewise, and the journal lost. */
export const requestKills = ['kill-before', 'kill-after', 'kill-forgotten'] as const;
/** Killed before a record of the journal is kept, or right after. */
export const recordKills = ['kill-unwritten', 'kill-written'] as const;

/** What happens to a process once, at a request of it or at a record that it journals. */
export type Mishap =
  /** `at`: number of the request. */
  | { readonly at: number; readonly what: FaultKind | (typeof requestKills)[number] }
  /** `at`: number of the record. */
  | { readonly at: number; readonly what: (typeof recordKills)[number] };

export const isRecordKill = (what: Mishap['what']): boolean => recordKills.some(each => each === what);
export const isKill = (what: Mishap['what']): boolean => what.startsWith('kill');
