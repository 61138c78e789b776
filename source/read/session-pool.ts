import type { Limiters } from '../aws/limiters.ts';
import type { Session } from '../aws/session.ts';
import type { RequestHandler } from '../aws/transport.ts';
import type { Failure } from '../identity/reading.ts';
import type { ClusterRef } from '../identity/scope.ts';
import type { Clock } from '../run/clock.ts';
import { type CallOptions, PortError, type RequestListener } from '../run/ports.ts';

export type PoolSettings = {
  /** Absent or empty: the SDK's default chain of credentials. */
  readonly profiles?: readonly string[];
  /** Absent or empty: each profile's own region (AWS_REGION and AWS_DEFAULT_REGION come first). */
  readonly regions?: readonly string[];
  /** Takes the place of every configured AWS endpoint. */
  readonly endpoint?: string;
  readonly clock: Clock;
  readonly onRequest?: RequestListener;
  /** Takes the place of sockets to AWS. For servers in the same process. */
  readonly requestHandler?: RequestHandler;
};

type Opener = (profile: string | undefined, region: string | undefined) => Promise<Session>;

/** The sessions of a world, and further ones for clusters whose ARN names another region. */
export class SessionPool {
  readonly sessions: readonly Session[];
  readonly limiters: Limiters;
  readonly #open: Opener;
  readonly #profiles: readonly (string | undefined)[];
  readonly #further = new Map<string, Promise<Session>>();

  private constructor(
    sessions: readonly Session[],
    profiles: readonly (string | undefined)[],
    open: Opener,
    limiters: Limiters,
  ) {
    this.sessions = sessions;
    this.#profiles = profiles;
    this.#open = open;
    this.limiters = limiters;
  }

  static async open(settings: PoolSettings): Promise<SessionPool> {
    const [{ openSession }, { Limiters }, { readProfiles }] = await Promise.all([
      import('../aws/session.ts'),
      import('../aws/limiters.ts'),
      import('../aws/profiles.ts'),
    ]);
    const limiters = new Limiters(settings.clock);
    const known = await readProfiles();
    const { clock, onRequest, endpoint, requestHandler } = settings;
    const open: Opener = (profile, region) =>
      openSession({
        clock,
        limiters,
        profiles: known,
        ...(profile !== undefined ? { profile } : {}),
        ...(region !== undefined ? { region } : {}),
        ...(endpoint !== undefined ? { endpoint } : {}),
        ...(onRequest ? { onRequest } : {}),
        ...(requestHandler ? { requestHandler } : {}),
      });
    const profiles = orOne(settings.profiles);
    const wanted = profiles.flatMap(profile => orOne(settings.regions).map(region => ({ profile, region })));
    const sessions = await Promise.all(wanted.map(({ profile, region }) => open(profile, region)));
    return new SessionPool(sessions, profiles, open, limiters);
  }

  /**
   * The session whose account and region are the cluster's. Where STS cannot be reached (a private network without its
   * endpoint) the only candidate is taken: whoever describes the cluster sees by its ARN whether it is the right one.
   * Throws `PortError` when no credentials fit.
   */
  async sessionOf(cluster: ClusterRef, options: CallOptions = {}): Promise<Session> {
    const open = this.sessions.filter(session => session.region === cluster.region);
    const candidates = open.length > 0 ? open : await this.#inRegion(cluster.region);
    const accounts: string[] = [];
    let failure: Failure | undefined;
    for (const session of candidates) {
      try {
        const { account } = await session.scope(options);
        if (account === cluster.account) return session;
        accounts.push(account);
      } catch (error) {
        if (!(error instanceof PortError)) throw error;
        failure ??= error.failure;
      }
    }
    const [only, ...others] = candidates;
    if (only && others.length === 0 && failure?.kind === 'unreachable') return only;
    if (failure) throw new PortError(failure);
    const message = `${cluster.arn} is in account ${cluster.account}; the credentials in scope are for ${accounts.join(', ')}: choose another --profile.`;
    throw new PortError({ kind: 'denied', message });
  }

  close(): void {
    this.limiters.close();
    for (const session of this.sessions) session.close();
    for (const session of this.#further.values()) {
      session.then(
        opened => opened.close(),
        () => {},
      );
    }
  }

  #inRegion(region: string): Promise<readonly Session[]> {
    const sessions = this.#profiles.map(profile => {
      const key = `${profile ?? ''} ${region}`;
      const session = this.#further.get(key) ?? this.#open(profile, region);
      this.#further.set(key, session);
      return session;
    });
    return Promise.all(sessions);
  }
}

const orOne = (values: readonly string[] | undefined): readonly (string | undefined)[] =>
  values && values.length > 0 ? [...new Set(values)] : [undefined];
