import type { Clock } from '../run/clock.ts';
import { Limiter, type LimiterState } from './limiter.ts';
import type { AwsService } from './services.ts';

export type LimiterKey = {
  readonly service: AwsService;
  readonly region: string;
  /** The account, or what stands for it until STS has told which it is. */
  readonly account: string;
};

/** The limiters of all sessions: one per account, region and service, and one per account for IAM, which is global. */
export class Limiters {
  readonly #limiters = new Map<string, Limiter>();
  readonly #clock: Clock;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  for(key: LimiterKey): Limiter {
    const name = nameOf(key);
    const there = this.#limiters.get(name);
    if (there) return there;
    const limiter = new Limiter({ clock: this.#clock });
    if (this.#closed) limiter.close();
    this.#limiters.set(name, limiter);
    return limiter;
  }

  /** STS told the account: what was learnt under the stand-in goes on under it, unless another session was first. */
  rename(from: LimiterKey, to: LimiterKey): void {
    const limiter = this.#limiters.get(nameOf(from));
    if (!limiter || this.#limiters.has(nameOf(to))) return;
    this.#limiters.delete(nameOf(from));
    this.#limiters.set(nameOf(to), limiter);
  }

  /** Nobody asks in this region of the account any more. IAM's, which is of the whole account, stays. */
  drop(account: string, region: string): void {
    for (const [name, limiter] of this.#limiters) {
      if (!name.endsWith(` ${account} ${region}`)) continue;
      limiter.close();
      this.#limiters.delete(name);
    }
  }

  /** By `service account region`, for the status of sources. */
  states(): ReadonlyMap<string, LimiterState> {
    return new Map([...this.#limiters].map(([name, limiter]) => [name, limiter.state()]));
  }

  close(): void {
    this.#closed = true;
    for (const limiter of this.#limiters.values()) limiter.close();
  }
}

const nameOf = (key: LimiterKey): string =>
  key.service === 'iam' ? `iam ${key.account}` : `${key.service} ${key.account} ${key.region}`;
