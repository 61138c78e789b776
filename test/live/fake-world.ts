import type { Addon, Association, Cluster, Namespace, Pod, Role, ServiceAccount } from '../../source/identity/facts.ts';
import type { Failure } from '../../source/identity/reading.ts';
import type { LimiterState, LiveSession, LiveWorld } from '../../source/live/world.ts';
import {
  type CallOptions,
  type CloudFormationPort,
  type EksPort,
  type IamPort,
  type KubernetesCollection,
  type KubernetesPort,
  PortError,
  type WatchEvent,
} from '../../source/run/ports.ts';
import { account, region } from './facts.ts';

/** An API server's collection: what is in it, and who watches. */
export class FakeCollection<T> {
  readonly items = new Map<string, T>();
  readonly #keyOf: (item: T) => string;
  readonly #watchers = new Set<(event: WatchEvent<T>) => void>();
  #version = 1;

  constructor(keyOf: (item: T) => string) {
    this.#keyOf = keyOf;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  put(item: T): void {
    this.items.set(this.#keyOf(item), item);
    this.#tell({ type: 'put', object: item, resourceVersion: String(++this.#version) });
  }

  delete(key: string): void {
    const object = this.items.get(key);
    if (object === undefined) return;
    this.items.delete(key);
    this.#tell({ type: 'delete', object, resourceVersion: String(++this.#version) });
  }

  port(call: (operation: string, subject: string, options?: CallOptions) => Promise<void>, name: string) {
    const self = this;
    return {
      async *list(options) {
        await call(`list ${name}`, '', options);
        yield { items: [...self.items.values()], resourceVersion: String(self.#version) };
      },
      async *watch(_version, options) {
        await call(`watch ${name}`, '', options);
        yield* self.#events(options?.signal);
      },
    } satisfies KubernetesCollection<T>;
  }

  async *#events(signal?: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    const queue: WatchEvent<T>[] = [];
    let wake = () => {};
    const push = (event: WatchEvent<T>) => {
      queue.push(event);
      wake();
    };
    this.#watchers.add(push);
    const stop = () => wake();
    signal?.addEventListener('abort', stop);
    try {
      while (!signal?.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else
          await new Promise<void>(resolve => {
            wake = resolve;
          });
      }
      throw aborted();
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#watchers.delete(push);
    }
  }

  #tell(event: WatchEvent<T>): void {
    for (const push of this.#watchers) push(event);
  }
}

const aborted = () => new PortError({ kind: 'aborted', message: 'We gave up.' });

export class FakeCluster {
  cluster: Cluster;
  readonly associations = new Map<string, Association>();
  agent: Addon | undefined;
  readonly namespaces = new FakeCollection<Namespace>(item => item.name);
  readonly serviceAccounts = new FakeCollection<ServiceAccount>(item => `${item.namespace}/${item.serviceAccount}`);
  readonly pods = new FakeCollection<Pod>(item => item.uid);
  /** Ports that were opened and not closed. */
  open = 0;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  associate(...associations: Association[]): void {
    for (const association of associations) this.associations.set(association.id, association);
  }
}

export type Call = { readonly operation: string; readonly subject: string; readonly priority: string | undefined };

/** A world in memory, with every call noted; calls can be made to fail or to wait. */
export class FakeWorld implements LiveWorld {
  readonly clusters = new Map<string, FakeCluster>();
  readonly roles = new Map<string, Role>();
  readonly providers = new Set<string>();
  alias: string | undefined;
  readonly limiters = new Map<string, LimiterState>();
  readonly calls: Call[] = [];
  /** By operation, or operation and subject (`GetRole api`). */
  readonly failures = new Map<string, Failure>();
  /** Operations that wait until they are taken out of here and `release` is called. */
  readonly held = new Set<string>();
  /** Calls and streams that have not ended. */
  active = 0;
  pageSize = 100;
  #waiting = new Set<() => void>();

  get sessions(): readonly LiveSession[] {
    return [{ id: 'default', region, eks: this.#eks, iam: this.#iam, cloudformation: unused, sts: this.#sts }];
  }

  add(cluster: Cluster): FakeCluster {
    const fake = new FakeCluster(cluster);
    this.clusters.set(cluster.name, fake);
    return fake;
  }

  release(operation: string): void {
    this.held.delete(operation);
    for (const wake of this.#waiting) wake();
  }

  limiterStates(): ReadonlyMap<string, LimiterState> {
    return this.limiters;
  }

  called(operation: string): readonly Call[] {
    return this.calls.filter(call => call.operation === operation);
  }

  subjects(operation: string): readonly string[] {
    return this.called(operation).map(call => call.subject);
  }

  kubernetesFor(cluster: Cluster): KubernetesPort | undefined {
    const fake = this.clusters.get(cluster.name);
    if (!fake) return undefined;
    const failure = this.failures.get('kubernetes');
    if (failure) throw new PortError(failure);
    const call = (operation: string, subject: string, options?: CallOptions) =>
      this.#call(`${operation} ${cluster.name}`, subject, options);
    fake.open += 1;
    return {
      namespaces: fake.namespaces.port(call, 'namespaces'),
      serviceAccounts: fake.serviceAccounts.port(call, 'serviceaccounts'),
      pods: fake.pods.port(call, 'pods'),
      listDaemonSets: async (namespace, options) => {
        await call('list daemonsets', namespace, options);
        return [];
      },
      close: () => {
        fake.open -= 1;
      },
    } satisfies Partial<KubernetesPort> as unknown as KubernetesPort;
  }

  readonly #sts = {
    callerIdentity: async (options?: CallOptions) => {
      await this.#call('GetCallerIdentity', '', options);
      return { account, arn: `arn:aws:sts::${account}:assumed-role/admin/me` };
    },
  };

  readonly #iam = {
    getRole: async (name: string, options?: CallOptions) => {
      await this.#call('GetRole', name, options);
      return this.roles.get(name) ?? missing();
    },
    listOidcProviders: async (options?: CallOptions) => {
      await this.#call('ListOpenIDConnectProviders', '', options);
      return [...this.providers];
    },
    accountAlias: async (options?: CallOptions) => {
      await this.#call('ListAccountAliases', '', options);
      return this.alias;
    },
  } satisfies Partial<IamPort> as unknown as IamPort;

  readonly #eks = makeEks(this, (operation, subject, options) => this.#call(operation, subject, options));

  async #call(operation: string, subject: string, options: CallOptions = {}): Promise<void> {
    const { signal, priority } = options;
    this.calls.push({ operation, subject, priority });
    this.active += 1;
    try {
      while (this.held.has(operation) && !signal?.aborted) await this.#wait(signal);
      if (signal?.aborted) throw aborted();
      const failure = this.failures.get(`${operation} ${subject}`) ?? this.failures.get(operation);
      if (failure) throw new PortError(failure);
    } finally {
      this.active -= 1;
    }
  }

  async #wait(signal?: AbortSignal): Promise<void> {
    await new Promise<void>(resolve => {
      this.#waiting.add(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

function missing(): never {
  throw new PortError({ kind: 'not-found', message: 'There is no such thing.' });
}

const unused = {} as CloudFormationPort;

function makeEks(
  world: FakeWorld,
  call: (operation: string, subject: string, options?: CallOptions) => Promise<void>,
): EksPort {
  const clusterOf = (name: string) => world.clusters.get(name) ?? missing();
  return {
    async *listClusters(options) {
      await call('ListClusters', '', options);
      yield [...world.clusters.keys()];
    },
    async describeCluster(name, options) {
      await call('DescribeCluster', name, options);
      return clusterOf(name).cluster;
    },
    async *listAssociations(name, _filter, options) {
      const all = [...clusterOf(name).associations.values()];
      for (let from = 0; from === 0 || from < all.length; from += world.pageSize) {
        await call('ListPodIdentityAssociations', name, options);
        yield all.slice(from, from + world.pageSize).map(({ id, arn, namespace, serviceAccount, ownerArn }) => ({
          id,
          arn,
          namespace,
          serviceAccount,
          ...(ownerArn !== undefined && { ownerArn }),
        }));
      }
    },
    async describeAssociation(name, id, options) {
      await call('DescribePodIdentityAssociation', id, options);
      return clusterOf(name).associations.get(id) ?? missing();
    },
    async describeAddon(name, _addon, options) {
      await call('DescribeAddon', name, options);
      return clusterOf(name).agent ?? missing();
    },
  } satisfies Partial<EksPort> as unknown as EksPort;
}
