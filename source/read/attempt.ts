import { failed, type Reading, read, unread } from '../identity/reading.ts';
import type { Clock } from '../run/clock.ts';
import { PortError } from '../run/ports.ts';

/** A port's answer as a reading. What is no `PortError` is a fault of the program and goes on as it is. */
export async function attempt<T>(clock: Clock, work: () => Promise<T>): Promise<Reading<T>> {
  try {
    return read(await work(), clock.now());
  } catch (error) {
    if (error instanceof PortError) return failed<T>(error.failure, clock.now(), unread);
    throw error;
  }
}

export const isNotFound = (error: unknown): boolean => error instanceof PortError && error.failure.kind === 'not-found';

/** `undefined` where the service says that there is no such thing; every other failure stays one. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
