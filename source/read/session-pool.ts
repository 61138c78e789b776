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
  /** Where `regions` is empty: the regions of one profile (empty: the default chain's), ahead of its own. */
  readonly regionsOf?: (profile: string) => readonly string[];
  /** Takes the place of every configured AWS endpoint. */
  readonly endpoint?: string;
  readonly clock: Clock;
  readonly onRequest?: RequestListener;
  /** Takes the place of sockets to AWS. For servers in the same process. */
  readonly requestHandler?: RequestHandler;
};

/** `limiters`: those of the world; absent: the session has its own, and closes them. */
type Opener = (profile: string | undefined, region: string | undefined, limiters?: Limiters) => Promise<Session>;

/** The sessions of a world, and further ones for clusters whose ARN names another region. */
export class SessionPool {
  readonly limiters: Limiters;
  readonly #open: Opener;
  #sessions: readonly Session[];
  readonly #further = new Map<string, Promise<Session>>();

  private constructor(sessions: readonly Session[], open: Opener, limiters: Limiters) {
    this.#sessions = sessions;
    this.#open = open;
    this.limiters = limiters;
  }

  get sessions(): readonly Session[] {
    return this.#sessions;
  }

  /** One more session; the one that is there already, if there is. Throws `PortError`. */
  async add(profile: string | undefined, region: string): Promise<Session> {
    const there = () => this.#sessions.find(each => each.profile === profile && each.region === region);
    const before = there();
    if (before) return before;
    const opened = await this.#open(profile, region, this.limiters);
    // Whoever asked at the same time was first.
    const since = there();
    if (since) {
      opened.close();
      return since;
    }
    this.#sessions = [...this.#sessions, opened];
    return opened;
  }

  /** A session that is none of the world's: whoever asks for it closes it. Throws `PortError`. */
  apart(profile: string | undefined, region: string): Promise<Session> {
    return this.#open(profile, region);
  }

  /** Closes a session, and what was opened besides for a profile that has none any more. */
  drop(session: Session): void {
    this.#sessions = this.#sessions.filter(each => each !== session);
    session.close();
    const account = session.knownScope()?.account;
    const alike = this.#sessions.filter(each => each.knownScope()?.account === account);
    if (account !== undefined && !alike.some(({ region }) => region === session.region))
      this.limiters.drop(account, session.region);
    if (this.#sessions.some(({ profile }) => profile === session.profile)) return;
    for (const [key, further] of this.#further) {
      if (!key.startsWith(`${session.profile ?? ''} `)) continue;
      this.#further.delete(key);
      closeOnceOpen(further);
    }
  }

  static async open(settings: PoolSettings): Promise<SessionPool> {
    const [{ openSession }, { Limiters }, { readProfiles }] = await Promise.all([
      import('../aws/session.ts'),
      import('../aws/limiters.ts'),
      import('../aws/profiles.ts'),
    ]);
    const limiters = new Limiters(settings.clock);
    const { clock, onRequest, endpoint, requestHandler } = settings;
    // Their files are read anew for each session that comes later: somebody may have added a profile.
    let known: Awaited<ReturnType<typeof readProfiles>> | undefined = await readProfiles();
    const open: Opener = async (profile, region, shared) =>
      openSession({
        clock,
        ...(shared ? { limiters: shared } : {}),
        profiles: known ?? (await readProfiles()),
        ...(profile !== undefined ? { profile } : {}),
        ...(region !== undefined ? { region } : {}),
        ...(endpoint !== undefined ? { endpoint } : {}),
        ...(onRequest ? { onRequest } : {}),
        ...(requestHandler ? { requestHandler } : {}),
      });
    const profiles = orOne(settings.profiles);
    const { regions = [], regionsOf } = settings;
    const wanted = profiles.flatMap(profile =>
      orOne(regions.length > 0 ? regions : regionsOf?.(profile ?? '')).map(region => ({ profile, region })),
    );
    const sessions = await Promise.all(wanted.map(({ profile, region }) => open(profile, region, limiters)));
    known = undefined;
    return new SessionPool(sessions, open, limiters);
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
    for (const session of this.#further.values()) closeOnceOpen(session);
  }

  #inRegion(region: string): Promise<readonly Session[]> {
    const sessions = [...new Set(this.#sessions.map(({ profile }) => profile))].map(profile => {
      const key = `${profile ?? ''} ${region}`;
      const session = this.#further.get(key) ?? this.#open(profile, region, this.limiters);
      this.#further.set(key, session);
      return session;
    });
    return Promise.all(sessions);
  }
}

const orOne = (values: readonly string[] | undefined): readonly (string | undefined)[] =>
  values && values.length > 0 ? [...new Set(values)] : [undefined];

function closeOnceOpen(opening: Promise<Session>): void {
  opening.then(
    session => session.close(),
    () => {},
  );
}
