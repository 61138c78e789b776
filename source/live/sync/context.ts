import { plainText } from '../../identity/plain-text.ts';
import type { Failure } from '../../identity/reading.ts';
import type { Clock } from '../../run/clock.ts';
import { PortError } from '../../run/ports.ts';
import type { Policy } from '../policy.ts';
import type { Store } from '../store/store.ts';
import type { Attention } from './attention.ts';

/** What every loop needs. */
export type SyncContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: Policy;
  readonly attention: Attention;
  /** Answers 0 <= x < 1. */
  readonly random: () => number;
};

/** Any error of a call as a failure; ports throw nothing but `PortError`, the rest are defects that must not end a loop. */
export function failureOf(error: unknown): Failure {
  if (error instanceof PortError) return error.failure;
  return { kind: 'unknown', message: plainText(error instanceof Error ? error.message : String(error)) };
}
