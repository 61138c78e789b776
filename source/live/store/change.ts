import { isDeepStrictEqual } from 'node:util';
import type { ServiceAccount } from '../../identity/facts.ts';
import { lastKnown, type Reading, read } from '../../identity/reading.ts';

/** What a fact that came in did to those that were there. */
export type Change = 'new' | 'changed' | 'same';

/**
 * The reading after `value` was read: the object that is there already is kept when it says the same. `fresh` when
 * there is more to show than a new age.
 */
export function renewed<T>(
  before: Reading<T>,
  value: T,
  at: number,
): { readonly reading: Reading<T>; readonly change: Change; readonly fresh: boolean } {
  const last = lastKnown(before);
  if (!last) return { reading: read(value, at), change: 'new', fresh: true };
  if (!isDeepStrictEqual(last.value, value)) return { reading: read(value, at), change: 'changed', fresh: true };
  return { reading: read(last.value, at), change: 'same', fresh: before.state !== 'read' };
}

/** Other controllers touch service accounts often (managed fields, tokens): only what is shown counts as a change. */
export function sameServiceAccount(a: ServiceAccount, b: ServiceAccount): boolean {
  return (
    a.uid === b.uid &&
    a.roleArn === b.roleArn &&
    isDeepStrictEqual(a.annotations, b.annotations) &&
    isDeepStrictEqual(a.labels, b.labels)
  );
}
