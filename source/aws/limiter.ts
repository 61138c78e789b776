import type { Clock } from '../run/clock.ts';
import type { Priority } from '../run/ports.ts';
import { TurnQueue, type Waiter } from './turn-queue.ts';

/** What a limiter does now, for the status line and for tests. Rates are requests a second, times ms since the epoch. */
export type LimiterState = {
  readonly rate: number;
  readonly queued: number;
  readonly inFlight: number;
  /** Nothing is sent before this time, because the service said to slow down. */
  readonly throttledUntil?: number;
};

export type Outcome = 'answered' | 'throttled' | 'failed';

/** Leave to send one request. `end` must be called exactly once, when the answer or the error is there. */
export type Turn = {
  /** Place in the queue; a retry that hands it back goes before everything that came later. */
  readonly ticket: number;
  end(outcome: Outcome, retryAfterMilliseconds?: number): void;
};

export type LimiterOptions = {
  readonly clock: Clock;
  /** Requests that may be under way at once; equals the sockets of the agent. */
  readonly maxInFlight?: number;
  readonly startRate?: number;
  /** 0 <= x < 1; spreads the back-off. */
  readonly random?: () => number;
};

const priorities: readonly Priority[] = ['write', 'visible', 'background'];

const startRate = 500;
const minimumRate = 0.5;
const maximumRate = 1000;
/** Seconds' worth of requests that may leave at once. */
const burstSeconds = 0.1;
const firstBackOff = 100;
const longestBackOff = 5000;

/**
 * One limiter per account, region and service (IAM: per account), shared by reads, syncing and runs. AWS publishes no
 * rates for EKS, IAM or CloudFormation, so the rate is found: it starts wide, halves once for each volley that meets
 * throttling, climbs back quickly to just under the rate that was too much, and adds slowly from there.
 */
export class Limiter {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #maxInFlight: number;
  readonly #queues: Readonly<Record<Priority, TurnQueue<Turn>>> = {
    write: new TurnQueue<Turn>(),
    visible: new TurnQueue<Turn>(),
    background: new TurnQueue<Turn>(),
  };
  readonly #closed = new AbortController();
  #rate: number;
  /** The rate that last met throttling. */
  #ceiling = Number.POSITIVE_INFINITY;
  #tokens: number;
  #refilledAt: number;
  #raisedAt: number;
  #cutAt = Number.NEGATIVE_INFINITY;
  #cutsInARow = 0;
  #throttledUntil = 0;
  #inFlight = 0;
  #nextTicket = 0;
  #wakeAt: number | undefined;

  constructor(options: LimiterOptions) {
    this.#clock = options.clock;
    this.#random = options.random ?? Math.random;
    this.#maxInFlight = options.maxInFlight ?? 48;
    this.#rate = options.startRate ?? startRate;
    this.#tokens = this.#capacity();
    const now = this.#clock.now();
    this.#refilledAt = now;
    this.#raisedAt = now;
  }

  state(): LimiterState {
    const queued = priorities.reduce((sum, priority) => sum + this.#queues[priority].size, 0);
    const state = { rate: this.#rate, queued, inFlight: this.#inFlight };
    return this.#throttledUntil > this.#clock.now() ? { ...state, throttledUntil: this.#throttledUntil } : state;
  }

  /** Waits for leave to send one request; rejects with the signal's reason when it aborts first. */
  acquire(priority: Priority, signal?: AbortSignal, ticket: number = this.#nextTicket++): Promise<Turn> {
    return new Promise((resolve, reject) => {
      if (this.#closed.signal.aborted) return reject(this.#closed.signal.reason);
      if (signal?.aborted) return reject(signal.reason);
      const queue = this.#queues[priority];
      const forget = () => {
        signal?.removeEventListener('abort', stop);
        this.#closed.signal.removeEventListener('abort', stop);
      };
      const stop = () => {
        forget();
        queue.drop(waiter);
        reject(signal?.aborted ? signal.reason : this.#closed.signal.reason);
      };
      const waiter: Waiter<Turn> = {
        ticket,
        gone: false,
        grant: turn => {
          forget();
          resolve(turn);
        },
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#closed.signal.addEventListener('abort', stop, { once: true });
      queue.add(waiter);
      this.#pump();
    });
  }

  /** Refuses all that waits and all that comes. */
  close(): void {
    this.#closed.abort(new DOMException('The session was closed.', 'AbortError'));
  }

  #pump(): void {
    while (this.#inFlight < this.#maxInFlight) {
      const queue = priorities.map(priority => this.#queues[priority]).find(candidate => candidate.size > 0);
      if (!queue) return;
      const wait = this.#millisecondsToWait();
      if (wait > 0) {
        this.#wakeAfter(wait);
        return;
      }
      const waiter = queue.take();
      if (waiter) this.#send(waiter);
    }
  }

  #send(waiter: Waiter<Turn>): void {
    this.#tokens -= 1;
    this.#inFlight += 1;
    const sentAt = this.#clock.now();
    let ended = false;
    waiter.grant({
      ticket: waiter.ticket,
      end: (outcome, retryAfter = 0) => {
        if (ended) return;
        ended = true;
        this.#inFlight -= 1;
        if (outcome === 'throttled') this.#slowDown(sentAt, retryAfter);
        else if (outcome === 'answered') this.#speedUp(sentAt);
        this.#pump();
      },
    });
  }

  /** Until there is a token and no back-off; 0: now. */
  #millisecondsToWait(): number {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#capacity(), this.#tokens + ((now - this.#refilledAt) / 1000) * this.#rate);
    this.#refilledAt = now;
    const forToken = this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#rate) * 1000);
    return Math.max(forToken, this.#throttledUntil - now, 0);
  }

  #capacity(): number {
    return Math.max(1, this.#rate * burstSeconds);
  }

  /** Requests that left before the last cut tell nothing about the rate after it: they do not cut again. */
  #slowDown(sentAt: number, retryAfter: number): void {
    const now = this.#clock.now();
    if (sentAt > this.#cutAt) {
      this.#ceiling = this.#rate;
      this.#rate = Math.max(minimumRate, this.#rate / 2);
      this.#cutAt = now;
      this.#raisedAt = now;
      this.#tokens = Math.min(this.#tokens, 1);
      const backOff = Math.min(longestBackOff, firstBackOff * 2 ** this.#cutsInARow);
      this.#cutsInARow += 1;
      this.#throttledUntil = Math.max(this.#throttledUntil, now + backOff * (0.5 + this.#random() / 2));
    }
    if (retryAfter > 0) this.#throttledUntil = Math.max(this.#throttledUntil, now + Math.min(retryAfter, 60_000));
  }

  #speedUp(sentAt: number): void {
    if (sentAt <= this.#cutAt) return;
    this.#cutsInARow = 0;
    const now = this.#clock.now();
    const seconds = Math.min(1, (now - this.#raisedAt) / 1000);
    this.#raisedAt = now;
    const nearCeiling = this.#rate >= this.#ceiling * 0.85;
    const slope = nearCeiling ? Math.max(0.2, this.#rate * 0.05) : Math.max(1, this.#ceiling / 2);
    this.#rate = Math.min(maximumRate, this.#rate + (Number.isFinite(slope) ? slope : 0) * seconds);
  }

  /** One wake-up is enough: a later one that is already set stays behind and finds nothing to do. */
  #wakeAfter(milliseconds: number): void {
    const at = this.#clock.now() + milliseconds;
    if (this.#wakeAt !== undefined && this.#wakeAt <= at) return;
    this.#wakeAt = at;
    this.#clock.sleep(milliseconds, this.#closed.signal).then(
      () => {
        if (this.#wakeAt !== at) return;
        this.#wakeAt = undefined;
        this.#pump();
      },
      () => {},
    );
  }
}
