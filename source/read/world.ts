import type { LimiterState } from '../aws/limiter.ts';
import type { Session } from '../aws/session.ts';
import { parseClusterArn } from '../identity/arn.ts';
import type { Cluster } from '../identity/facts.ts';
import { plainText } from '../identity/plain-text.ts';
import type { ClusterRef } from '../identity/scope.ts';
import type { Kubeconfig } from '../kubernetes/kubeconfig-model.ts';
import type { OpenOptions } from '../kubernetes/open.ts';
import {
  type CallOptions,
  type CloudFormationPort,
  type ClusterPorts,
  type EksPort,
  type IamPort,
  type KubernetesPort,
  PortError,
  type StsPort,
} from '../run/ports.ts';
import { type FoundCluster, inOneOf, whereToLook } from './find-cluster.ts';
import { type PoolSettings, SessionPool } from './session-pool.ts';

export type WorldSettings = PoolSettings & {
  /** `--kubeconfig` and `--context`: absent, clusters are reached as EKS tells, with a token from the credentials. */
  readonly kubeconfig?: { readonly path?: string; readonly context?: string };
  /** Takes the place of sockets to API servers. For servers in the same process. */
  readonly exchange?: OpenOptions['exchange'];
};

/** One profile in one region. */
export type WorldSession = {
  readonly id: string;
  readonly profile?: string;
  readonly region: string;
  /** The custom endpoint of EKS, when one is configured: worlds differ by it. */
  readonly endpoint?: string;
  /** What is known of it by now; asks nothing. */
  known(): SessionFacts;
  readonly eks: EksPort;
  readonly iam: IamPort;
  readonly cloudformation: CloudFormationPort;
  readonly sts: StsPort;
};

export type SessionFacts = {
  /** Once STS has answered. */
  readonly account?: string;
  /** When its credentials run out, ms since the epoch; absent: none have been found yet. */
  readonly expiresAt?: number | 'never';
};

export interface World {
  /** As they are now: they may come and go. */
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

/** A world whose sessions can be changed while it is used. */
export interface ScopedWorld extends World {
  /** One more session, of a profile or the default chain; asks nothing. Throws `PortError` for settings that cannot work. */
  open(profile: string | undefined, region: string): Promise<WorldSession>;
  /** Closes a session's sockets, and those to API servers that nobody else in scope can reach. Unknown ids are ignored. */
  drop(id: string): void;
  /** Lists clusters of a region that is not in scope. Throws `PortError` when the region refuses, or cannot be reached. */
  tryRegion(profile: string | undefined, region: string, options?: CallOptions): Promise<void>;
}

/**
 * Opens a session for each profile in each region. Nothing is asked of AWS yet; the SDK is loaded here and not before,
 * so that this module may be imported early. Throws `PortError` for settings that cannot work: no region, an unknown
 * profile, a kubeconfig that cannot be read.
 */
export async function openWorld(settings: WorldSettings): Promise<ScopedWorld> {
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

class OpenWorld implements ScopedWorld {
  readonly #views = new Map<Session, WorldSession>();
  readonly #settings: WorldSettings;
  readonly #pool: SessionPool;
  readonly #tools: KubernetesTools;
  /** What `findCluster` read, to open the cluster's first port with; it ages, so nothing else is taken from it. */
  readonly #found = new Map<string, Cluster>();
  readonly #kubernetes = new Map<string, KubernetesPort>();
  /** Clusters that the user named: `--context` is theirs, wherever it points. */
  readonly #named = new Set<string>();

  constructor(settings: WorldSettings, pool: SessionPool, tools: KubernetesTools) {
    this.#settings = settings;
    this.#pool = pool;
    this.#tools = tools;
  }

  get sessions(): readonly WorldSession[] {
    return this.#pool.sessions.map(session => this.#view(session));
  }

  #view(session: Session): WorldSession {
    const view = this.#views.get(session) ?? worldSession(session);
    this.#views.set(session, view);
    return view;
  }

  async open(profile: string | undefined, region: string): Promise<WorldSession> {
    return this.#view(await this.#pool.add(profile, region));
  }

  drop(id: string): void {
    const session = this.#pool.sessions.find(each => each.id === id);
    if (!session) return;
    this.#pool.drop(session);
    this.#views.delete(session);
    const account = session.knownScope()?.account;
    const others = this.#pool.sessions.filter(({ region }) => region === session.region);
    for (const [arn, kubernetes] of this.#kubernetes) {
      const ref = parseClusterArn(arn);
      if (!ref.ok || ref.value.region !== session.region) continue;
      if (account !== undefined && ref.value.account !== account) continue;
      if (others.some(each => each.knownScope()?.account === ref.value.account)) continue;
      this.#kubernetes.delete(arn);
      kubernetes.close();
    }
  }

  async tryRegion(profile: string | undefined, region: string, options: CallOptions = {}): Promise<void> {
    const session = await this.#pool.apart(profile, region);
    try {
      // The first page tells; how many more there are does not matter.
      for await (const _ of session.ports.eks.listClusters(options)) return;
    } finally {
      session.close();
    }
  }

  async findCluster(nameOrArn: string, options: CallOptions = {}): Promise<Cluster> {
    const found = nameOrArn.startsWith('arn:')
      ? await this.#byArn(nameOrArn, options)
      : await this.#byName(nameOrArn, options);
    this.#found.set(found.arn, found);
    this.#named.add(found.arn);
    return found;
  }

  async portsFor(ref: ClusterRef, options: CallOptions = {}): Promise<ClusterPorts> {
    const session = await this.#pool.sessionOf(ref, options);
    const kubernetes = this.#kubernetes.get(ref.arn) ?? (await this.#openKubernetes(session, ref, options));
    return kubernetes ? { ...session.ports, kubernetes } : session.ports;
  }

  /** Only a way that is there is remembered: a cluster that is being created gets its endpoint minutes later. */
  async #openKubernetes(session: Session, ref: ClusterRef, options: CallOptions): Promise<KubernetesPort | undefined> {
    const cluster = this.#found.get(ref.arn) ?? (await describe(session, ref, options));
    this.#found.delete(ref.arn);
    // Another caller may have opened it while this one waited.
    const kubernetes = this.#kubernetes.get(ref.arn) ?? this.kubernetesFor(cluster);
    if (kubernetes) this.#kubernetes.set(ref.arn, kubernetes);
    return kubernetes;
  }

  kubernetesFor(cluster: Cluster): KubernetesPort | undefined {
    const { clock, onRequest, kubeconfig, exchange } = this.#settings;
    const common = { cluster, clock, ...(onRequest ? { onRequest } : {}), ...(exchange ? { exchange } : {}) };
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
    return describe(session, ref.value, options);
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

/** Names repeat over accounts: what is not the very cluster that was meant is refused. */
async function describe(session: Session, ref: ClusterRef, options: CallOptions): Promise<Cluster> {
  const cluster = await session.ports.eks.describeCluster(ref.name, options);
  if (cluster.arn === ref.arn) return cluster;
  const message = plainText(`The credentials in scope see ${cluster.arn}, not ${ref.arn}: choose another --profile.`);
  throw new PortError({ kind: 'denied', message, operation: 'eks:DescribeCluster' });
}

/** `--context` alone leaves only that context to choose from. */
const narrowed = (config: Kubeconfig, context: string | undefined): Kubeconfig =>
  context === undefined ? config : { ...config, contexts: config.contexts.filter(each => each.name === context) };

function worldSession(session: Session): WorldSession {
  const { id, profile, region, endpoints, ports } = session;
  return {
    id,
    region,
    ...(profile !== undefined ? { profile } : {}),
    ...(endpoints.eks !== undefined ? { endpoint: endpoints.eks } : {}),
    known: () => {
      const account = session.knownScope()?.account;
      const expiresAt = session.knownExpiry();
      return {
        ...(account !== undefined ? { account } : {}),
        ...(expiresAt !== undefined ? { expiresAt } : {}),
      };
    },
    ...ports,
  };
}
