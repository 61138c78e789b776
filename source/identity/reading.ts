/** Why something could not be read or written, in classes that decide what a user can do about it. */
export type FailureKind =
  | 'no-credentials' // nothing to sign with: what was looked for is in the message
  | 'expired-credentials' // an SSO session or a token ran out
  | 'denied' // authenticated, not allowed
  | 'not-found'
  | 'exists' // 409 on create, AlreadyExists
  | 'conflict' // the object changed since it was read
  | 'throttled'
  | 'invalid' // the service refused the input
  | 'unreachable' // DNS, TCP, TLS, proxy, timeouts
  | 'server' // 5xx
  | 'aborted' // we gave up on it ourselves
  | 'unknown';

/** A failed call as a fact: one sentence for people, codes for programs. Never holds a secret. */
export type Failure = {
  readonly kind: FailureKind;
  /** One sentence, sanitised, without a stack trace. */
  readonly message: string;
  /** The service's own error name, e.g. `ResourceInUseException`; absent when no service answered. */
  readonly code?: string;
  readonly status?: number;
  readonly requestId?: string;
  /** The call that failed, e.g. `eks:DescribeCluster`. */
  readonly operation?: string;
};

/**
 * A fact with its age, or why it is missing. What could not be read is never an empty value: a failed
 * reading keeps the last good value apart, so that a screen can show it as stale.
 * Times are milliseconds since the epoch.
 */
export type Reading<T> =
  | { readonly state: 'unread' }
  | { readonly state: 'read'; readonly value: T; readonly at: number }
  | {
      readonly state: 'failed';
      readonly failure: Failure;
      readonly at: number;
      readonly last?: { readonly value: T; readonly at: number };
    };

export const unread: Reading<never> = { state: 'unread' };

export const read = <T>(value: T, at: number): Reading<T> => ({ state: 'read', value, at });

/** A failure that keeps what `previous` knew, so that nothing failing blanks what was there. */
export function failed<T>(failure: Failure, at: number, previous: Reading<T> = unread): Reading<T> {
  const last = lastKnown(previous);
  return last ? { state: 'failed', failure, at, last } : { state: 'failed', failure, at };
}

/** The newest value this reading knows, fresh or stale, with its time. */
export function lastKnown<T>(reading: Reading<T>): { readonly value: T; readonly at: number } | undefined {
  if (reading.state === 'read') return { value: reading.value, at: reading.at };
  return reading.state === 'failed' ? reading.last : undefined;
}

/** The value if it was read and is not stale; plans are made of these only. */
export const known = <T>(reading: Reading<T>): T | undefined => (reading.state === 'read' ? reading.value : undefined);
