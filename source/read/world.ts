import type { LimiterState } from '../aws/limiter.ts';
import type { Limiters } from '../aws/limiters.ts';
import type { Session } from '../aws/session.ts';
import { parseClusterArn } from '../identity/arn.ts';
import type { Cluster } from '../identity/facts.ts';
import { plainText } from '../identity/plain-text.ts';
import type { Failure } from '../identity/reading.ts';
import type { ClusterRef } from '../identity/scope.ts';
import type { Kubeconfig } from '../kubernetes/kubeconfig-model.ts';
import type { Clock } from '../run/clock.ts';
import {
  type CallOptions,
  type CloudFormationPort,
  type ClusterPorts,
  type EksPort,
  type IamPort,
  type KubernetesPort,
  PortError,
  type RequestListener,
  type StsPort,
} from '../run/ports.ts';
import { type FoundCluster, inOneOf, whereToLook } from './find-cluster.ts';

export type WorldSettings = {
  /** Absent or empty: the SDK's default chain of credentials. */
  readonly profiles?: readonly string[];
  /** Absent or empty: each profile's own region (AWS_REGION and AWS_DEFAULT_REGION come first). */
  readonly regions?: readonly string[];
  /** Takes the place of every configured AWS endpoint. */
  readonly endpoint?: string;
  /** `--kubeconfig` and `--context`: absent, clusters are reached as EKS tells, with a token from the credentials. */
  readonly kubeconfig?: { readonly path?: string; readonly context?: string };
  readonly clock: Clock;
  readonly onRequest?: RequestListener;
};

/** One profile in one region. */
export type WorldSession = {
  readonly id: string;
  readonly profile?: string;
  readonly region: string;
  /** The custom endpoint of EKS, when one is configured: worlds differ by it. */
  readonly endpoint?: string;
  readonly eks: EksPort;
  readonly iam: IamPort;
  readonly cloudformation: CloudFormationPort;
  readonly sts: StsPort;
};

export interface World {
  readonly sessions: readonly WorldSession[];
  /**
   * The cluster of a name (in any session) or of an ARN (of any region). Throws `PortError`: `invalid` when several fit,
   * listing them; `not-found` when none does, naming the regions that were looked in; else why it could not be told.
   */
  findCluster(nameOrArn: string, options?: CallOptions): Promise<Cluster>;
  /** Everything that a plan or a run on the cluster may touch; the world closes it. Throws `PortError`. */
  portsFor(cluster: ClusterRef, options?: CallOptions): Promise<ClusterPorts>;
  /** A new way to the API server, closed by whoever asked; undefined when the cluster has no endpoint yet. */
  kubernetesFor(cluster: Cluster): KubernetesPort | undefined;
  /** How fast each service is asked now, by `service account region`; for the status of sources. */
  limiterStates(): ReadonlyMap<string, LimiterState>;
  /** Ends all sockets and refuses further calls. */
  close(): void;
}

/**
 * Opens a session for each profile in each region. Nothing is asked of AWS yet; the SDK is loaded here and not before,
 * so that this module may be imported early. Throws `PortError` for settings that cannot work: no region, an unknown
 * profile, a kubeconfig that cannot be read.
 */
export async function openWorld(settings: WorldSettings): Promise<World> {
  const [sessions, kubeconfig, { openKubernetes }, { contextFor }] = await Promise.all([
    SessionPool.open(settings),
    readKubeconfig(settings),
    import('../kubernetes/open.ts'),
    import('../kubernetes/kubeconfig.ts'),
  ]);
  return new OpenWorld(settings, sessions, { kubeconfig, openKubernetes, contextFor });
}

async function readKubeconfig({ kubeconfig }: WorldSettings): Promise<Kubeconfig | undefined> {
  if (!kubeconfig) return undefined;
  const { loadKubeconfig } = await import('../kubernetes/kubeconfig.ts');
  return loadKubeconfig(kubeconfig.path === undefined ? {} : { path: kubeconfig.path });
}

type KubernetesTools = {
  readonly kubeconfig: Kubeconfig | undefined;
  readonly openKubernetes: typeof import('../kubernetes/open.ts').openKubernetes;
  readonly contextFor: typeof import('../kubernetes/kubeconfig.ts').contextFor;
};

class OpenWorld implements World {
  readonly sessions: readonly WorldSession[];
  readonly #settings: WorldSettings;
  readonly #pool: SessionPool;
  readonly #tools: KubernetesTools;
  readonly #described = new Map<string, Cluster>();
  readonly #kubernetes = new Map<string, KubernetesPort>();
  /** Clusters that the user named: `--context` is theirs, wherever it points. */
  readonly #named = new Set<string>();

  constructor(settings: WorldSettings, pool: SessionPool, tools: KubernetesTools) {
    this.#settings = settings;
    this.#pool = pool;
    this.#tools = tools;
    this.sessions = pool.sessions.map(worldSession);
  }

  async findCluster(nameOrArn: string, options: CallOptions = {}): Promise<Cluster> {
    const found = nameOrArn.startsWith('arn:')
      ? await this.#byArn(nameOrArn, options)
      : await this.#byName(nameOrArn, options);
    this.#described.set(found.arn, found);
    this.#named.add(found.arn);
    return found;
  }

  async portsFor(ref: ClusterRef, options: CallOptions = {}): Promise<ClusterPorts> {
    const session = await this.#pool.sessionOf(ref, options);
    const cluster = this.#described.get(ref.arn) ?? (await session.ports.eks.describeCluster(ref.name, options));
    this.#described.set(ref.arn, cluster);
    const kubernetes = this.#kubernetes.get(ref.arn) ?? this.kubernetesFor(cluster);
    if (!kubernetes) return session.ports;
    this.#kubernetes.set(ref.arn, kubernetes);
    return { ...session.ports, kubernetes };
  }

  kubernetesFor(cluster: Cluster): KubernetesPort | undefined {
    const { clock, onRequest, kubeconfig } = this.#settings;
    const common = { cluster, clock, ...(onRequest ? { onRequest } : {}) };
    const config = this.#tools.kubeconfig;
    if (config) {
      const named = this.#named.has(cluster.arn) ? kubeconfig?.context : undefined;
      const context = this.#tools.contextFor(cluster, narrowed(config, kubeconfig?.context), named);
      if (context) return this.#tools.openKubernetes({ ...common, access: { context } });
    }
    const { endpoint, certificateAuthority } = cluster;
    if (!endpoint) return undefined;
    const token = async () => (await this.#pool.sessionOf(cluster)).token(cluster.name);
    const access = { endpoint, token, ...(certificateAuthority ? { certificateAuthority } : {}) };
    return this.#tools.openKubernetes({ ...common, access });
  }

  limiterStates(): ReadonlyMap<string, LimiterState> {
    return this.#pool.limiters.states();
  }

  close(): void {
    for (const kubernetes of this.#kubernetes.values()) kubernetes.close();
    this.#kubernetes.clear();
    this.#pool.close();
  }

  async #byArn(arn: string, options: CallOptions): Promise<Cluster> {
    const ref = parseClusterArn(arn);
    if (!ref.ok) {
      const message = plainText(`"${arn}" is not a cluster ARN: ${ref.reason}.`);
      throw new PortError({ kind: 'invalid', message });
    }
    const session = await this.#pool.sessionOf(ref.value, options);
    return session.ports.eks.describeCluster(ref.value.name, options);
  }

  async #byName(name: string, options: CallOptions): Promise<Cluster> {
    const { sessions } = this.#pool;
    const answers = await Promise.all(
      sessions.map(async ({ ports, region, profile }): Promise<FoundCluster> => {
        const where = whereToLook(region, profile, sessions.length);
        try {
          return { where, cluster: await ports.eks.describeCluster(name, options) };
        } catch (error) {
          if (error instanceof PortError) return { where, failure: error.failure };
          throw error;
        }
      }),
    );
    return inOneOf(name, answers);
  }
}

/** `--context` alone leaves only that context to choose from. */
const narrowed = (config: Kubeconfig, context: string | undefined): Kubeconfig =>
  context === undefined ? config : { ...config, contexts: config.contexts.filter(each => each.name === context) };

const worldSession = ({ id, profile, region, endpoints, ports }: Session): WorldSession => ({
  id,
  region,
  ...(profile !== undefined ? { profile } : {}),
  ...(endpoints.eks !== undefined ? { endpoint: endpoints.eks } : {}),
  ...ports,
});

type Opener = (profile: string | undefined, region: string | undefined) => Promise<Session>;

/** The sessions of a world, and further ones for clusters whose ARN names another region. */
class SessionPool {
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

  static async open(settings: WorldSettings): Promise<SessionPool> {
    const [{ openSession }, { Limiters }, { readProfiles }] = await Promise.all([
      import('../aws/session.ts'),
      import('../aws/limiters.ts'),
      import('../aws/profiles.ts'),
    ]);
    const limiters = new Limiters(settings.clock);
    const known = await readProfiles();
    const { clock, onRequest, endpoint } = settings;
    const open: Opener = (profile, region) =>
      openSession({
        clock,
        limiters,
        profiles: known,
        ...(profile !== undefined ? { profile } : {}),
        ...(region !== undefined ? { region } : {}),
        ...(endpoint !== undefined ? { endpoint } : {}),
        ...(onRequest ? { onRequest } : {}),
      });
    const profiles = orOne(settings.profiles);
    const wanted = profiles.flatMap(profile => orOne(settings.regions).map(region => ({ profile, region })));
    const sessions = await Promise.all(wanted.map(({ profile, region }) => open(profile, region)));
    return new SessionPool(sessions, profiles, open, limiters);
  }

  /** The session whose account and region are the cluster's. Throws `PortError` when no credentials fit. */
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
