import type { Failure } from '../identity/reading.ts';
import type { Clock } from './clock.ts';
import { PortError, type StsPort } from './ports.ts';

const every = 5_000;

export type Expected = {
  readonly account: string;
  /** ARN of whoever began the run; absent: not known, then the account alone is compared. */
  readonly caller?: string;
};

/**
 * Waits for the credentials of an account that ran out in the middle of a run, for all its branches together: asks STS
 * who we are every few seconds until the same account and role are back.
 */
export class CredentialWait {
  readonly #sts: StsPort;
  readonly #clock: Clock;
  readonly #expected: Expected;
  #waiting: Promise<void> | undefined;

  constructor(sts: StsPort, clock: Clock, expected: Expected) {
    this.#sts = sts;
    this.#clock = clock;
    this.#expected = expected;
  }

  /**
   * Resolves when they are back. Rejects with a `PortError` when those of another account came instead, and with the
   * reason of the clock's signal when the run is stopped.
   */
  wait(say: (reason: string) => void): Promise<void> {
    this.#waiting ??= this.#poll(say).finally(() => {
      this.#waiting = undefined;
    });
    return this.#waiting;
  }

  /** Whether a refusal by something else comes from credentials that ran out: STS then refuses them, too. */
  async expired(): Promise<boolean> {
    try {
      await this.#sts.callerIdentity();
      return false;
    } catch (error) {
      return error instanceof PortError && isExpiry(error.failure);
    }
  }

  async #poll(say: (reason: string) => void): Promise<void> {
    let said: string | undefined;
    for (;;) {
      const obstacle = await this.#obstacle();
      if (obstacle === undefined) return;
      if (said !== undefined && obstacle !== said) say(obstacle);
      said = obstacle;
      await this.#clock.sleep(every);
    }
  }

  async #obstacle(): Promise<string | undefined> {
    try {
      const { account, arn } = await this.#sts.callerIdentity();
      const { account: wanted, caller } = this.#expected;
      if (account !== wanted) {
        const message = `the credentials that came back are of account ${account}, not ${wanted}: nothing more was sent`;
        throw new PortError({ kind: 'denied', message });
      }
      if (caller === undefined || samePrincipal(arn, caller)) return undefined;
      return `credentials are back as ${arn}, but the run began as ${caller}: waiting for those`;
    } catch (error) {
      if (error instanceof PortError && !isFinal(error.failure)) return error.failure.message;
      throw error;
    }
  }
}

export const isExpiry = ({ kind }: Failure): boolean => kind === 'expired-credentials';

/** The API server says no more than that it does not know us; that may be a token made of credentials that ran out. */
export const isUnauthorized = ({ operation, status }: Failure): boolean =>
  status === 401 && operation?.startsWith('kubernetes:') === true;

const isFinal = ({ kind }: Failure): boolean => kind === 'denied' || kind === 'invalid';

/** Sessions of one role have names of their own: `arn:aws:sts::1:assumed-role/Role/session`. */
export function samePrincipal(one: string, other: string): boolean {
  const principal = (arn: string) => arn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
  return principal(one) === principal(other);
}
