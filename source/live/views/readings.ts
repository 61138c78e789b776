import { lastKnown, type Reading, read, unread } from '../../identity/reading.ts';
import type { Count } from '../model.ts';
import type { Coverage } from '../store/cluster.ts';

/**
 * What is known of one object of a list that was read whole, or not: `value` undefined is an answer only if the list
 * was read. It is as fresh as the list.
 */
export function member<T>(list: Coverage, value: T | undefined): Reading<T | undefined> {
  if (list.state === 'unread') return unread;
  if (list.state === 'read') return read(value, list.at);
  const { failure, at, last } = list;
  return last ? { state: 'failed', failure, at, last: { value, at: last.at } } : { state: 'failed', failure, at };
}

/** The same reading of something that follows from the value. */
export function mapped<T, U>(reading: Reading<T>, map: (value: T) => U): Reading<U> {
  if (reading.state === 'unread') return reading;
  if (reading.state === 'read') return read(map(reading.value), reading.at);
  const { failure, at, last } = reading;
  return last
    ? { state: 'failed', failure, at, last: { value: map(last.value), at: last.at } }
    : { state: 'failed', failure, at };
}

/** A count is known once what it counts was listed whole. */
export const counted = (count: number, ...lists: readonly Coverage[]): Count =>
  lists.every(list => lastKnown(list) !== undefined) ? count : undefined;
