import type { Failure } from '../identity/reading.ts';
import type { Clock } from '../run/clock.ts';
import type { CallOptions, Priority, RequestListener, RequestNote } from '../run/ports.ts';
import { PortError } from '../run/ports.ts';
import { errorFacts } from './error-facts.ts';
import type { CallContext } from './error-sentences.ts';
import { type RetryClass, retryClass, toPortError } from './errors.ts';
import type { Limiter, Outcome } from './limiter.ts';

/** What is said of one call besides its input. */
export type CallNote = {
  readonly operation: string;
  /** What it is about, for the log, e.g. a role's name. */
  readonly subject?: string;
  readonly cluster?: string;
  readonly write?: boolean;
  /**
   * Whether the request may be sent again when nobody knows if the first one took effect. Reads may, and so may writes
   * that carry a client request token or that say the same thing twice without harm.
   */
  readonly repeatable?: boolean;
};

export type CallerOptions = {
  readonly service: RequestNote['service'];
  readonly region: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly clock: Clock;
  /** Asked for each call: the account is not known before the first answer of STS. */
  readonly limiter: () => Limiter;
  readonly account: () => string | undefined;
  readonly onRequest?: RequestListener;
  /** Told every failure before it is thrown. */
  readonly onFailure?: (failure: Failure) => void;
  /** Attempts for failures of the network and of the service, the first one included. */
  readonly maxAttempts?: number;
  readonly random?: () => number;
};

/** What one attempt is told: its number, and whether an earlier one may have taken effect. */
export type Attempt = { readonly signal: AbortSignal | undefined; readonly maybeDone: boolean };

/** Throttled requests wait in the limiter; this many refusals of one request are enough to say so. */
const maxThrottled = 12;
const firstDelay = 50;
const longestDelay = 5_000;

/**
 * The one way a request goes out: leave from the limiter, the SDK's client (whose own retries are off), retries with
 * full jitter where a second request is safe, one note when it is over, and a `PortError` when it failed.
 */
export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  async call<T>(note: CallNote, send: (attempt: Attempt) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const { clock } = this.#options;
    const began = clock.now();
    const progress: Progress = { attempts: 0, throttled: 0, maybeDone: false, ticket: undefined };
    try {
      const value = await this.#attempts(note, send, options, progress);
      this.#tell(note, began, progress, 200, requestIdOf(value));
      return value;
    } catch (error) {
      const failure = options.signal?.aborted ? abortError(error) : error;
      const portError = toPortError(failure, this.#context(note));
      const { status, requestId } = portError.failure;
      this.#options.onFailure?.(portError.failure);
      if (progress.attempts > 0) this.#tell(note, began, progress, status ?? 0, requestId);
      throw portError;
    }
  }

  async #attempts<T>(
    note: CallNote,
    send: (attempt: Attempt) => Promise<T>,
    options: CallOptions,
    progress: Progress,
  ): Promise<T> {
    const priority: Priority = note.write ? 'write' : (options.priority ?? 'visible');
    for (;;) {
      const limiter = this.#options.limiter();
      const turn = await limiter.acquire(priority, options.signal, progress.ticket);
      progress.ticket = turn.ticket;
      progress.attempts += 1;
      let outcome: Outcome = 'failed';
      let retryAfter: number | undefined;
      try {
        const value = await send({ signal: options.signal, maybeDone: progress.maybeDone });
        outcome = 'answered';
        return value;
      } catch (error) {
        const kind = retryClass(error);
        const facts = errorFacts(error);
        if (kind === 'throttled') outcome = 'throttled';
        else if (facts.status !== undefined && facts.status < 500) outcome = 'answered';
        retryAfter = facts.retryAfterMilliseconds;
        if (options.signal?.aborted || !this.#mayRetry(kind, note, progress)) throw error;
      } finally {
        turn.end(outcome, retryAfter);
      }
      if (outcome !== 'throttled') await this.#backOff(progress.attempts - progress.throttled, options.signal);
    }
  }

  /** Counts the failure, and says whether another attempt is safe and within the allowance. */
  #mayRetry(kind: RetryClass, note: CallNote, progress: Progress): boolean {
    if (kind === 'final') return false;
    if (kind === 'throttled') {
      progress.throttled += 1;
      return progress.throttled < maxThrottled;
    }
    const spent = progress.attempts - progress.throttled;
    if (spent >= (this.#options.maxAttempts ?? 3)) return false;
    if (kind !== 'ambiguous') return true;
    if (note.write && !note.repeatable) return false;
    progress.maybeDone = true;
    return true;
  }

  async #backOff(spent: number, signal: AbortSignal | undefined): Promise<void> {
    const random = this.#options.random ?? Math.random;
    const most = Math.min(longestDelay, firstDelay * 2 ** spent);
    await this.#options.clock.sleep(Math.ceil(random() * most), signal);
  }

  #context(note: CallNote): CallContext {
    const { service, region, profile, endpoint } = this.#options;
    return {
      service,
      region,
      operation: note.operation,
      ...(profile !== undefined ? { profile } : {}),
      ...(endpoint !== undefined ? { endpoint } : {}),
    };
  }

  #tell(note: CallNote, began: number, progress: Progress, status: number, requestId: string | undefined): void {
    const { clock, service, region, onRequest } = this.#options;
    if (!onRequest) return;
    const at = clock.now();
    const account = this.#options.account();
    onRequest({
      at,
      service,
      operation: note.operation,
      region,
      status,
      milliseconds: at - began,
      attempts: progress.attempts,
      write: note.write ?? false,
      ...(account !== undefined ? { account } : {}),
      ...(note.cluster !== undefined ? { cluster: note.cluster } : {}),
      ...(note.subject !== undefined ? { subject: note.subject } : {}),
      ...(requestId !== undefined ? { requestId } : {}),
    });
  }
}

type Progress = { attempts: number; throttled: number; maybeDone: boolean; ticket: number | undefined };

const abortError = (error: unknown): unknown =>
  error instanceof PortError ? error : new DOMException('Aborted.', 'AbortError');

/** Every SDK output carries `$metadata`. */
function requestIdOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('$metadata' in value)) return undefined;
  const metadata = value.$metadata as { readonly requestId?: string } | undefined;
  return metadata?.requestId;
}

/** The SDK's own name for a signal; absent when there is none. */
export const abortable = (signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } =>
  signal ? { abortSignal: signal } : {};
