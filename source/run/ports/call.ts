import type { Failure } from '../../identity/reading.ts';

/** The one error that ports throw; `failure` says what happened in terms a user can act on. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** Writes go first, then what is on screen, then the rest (one limiter per account, region and service). */
export type Priority = 'write' | 'visible' | 'background';

export type CallOptions = { readonly signal?: AbortSignal; readonly priority?: Priority };

/** One finished request, for the log and the stream of a run. No bodies, no secrets. */
export type RequestNote = {
  readonly at: number;
  readonly service: 'eks' | 'iam' | 'cloudformation' | 'sts' | 'kubernetes';
  readonly operation: string;
  readonly account?: string;
  readonly region?: string;
  readonly cluster?: string;
  /** What it was about, e.g. `payments/api` or a role name. */
  readonly subject?: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly attempts: number;
  readonly requestId?: string;
  readonly write: boolean;
};

export type RequestListener = (note: RequestNote) => void;
