/**
 * A fleet in memory behind the real limiter, on a clock that jumps: an hour of the live model in seconds. Each answer is
 * made anew, as the adapters make them, so that what the model keeps is what it costs.
 */
import { Limiters } from '../source/aws/limiters.ts';
import type { Association, Cluster, Namespace, ServiceAccount } from '../source/identity/facts.ts';
import type { LiveSession, LiveWorld } from '../source/live/world.ts';
import type { Clock } from '../source/run/clock.ts';
import {
  type CallOptions,
  type EksPort,
  type IamPort,
  type KubernetesPort,
  PortError,
  type StsPort,
  type WatchEvent,
} from '../source/run/ports.ts';

export const account = '111122223333';
const regions = ['eu-west-1', 'us-east-1', 'eu-central-1', 'us-west-2'] as const;
const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}';

export type VirtualOptions = {
  readonly clusters: number;
  readonly associations: number;
  /** Milliseconds of each answer; requests a second and region before throttling, Infinity: any. */
  readonly latency: number;
  readonly throttle: number;
};

/** As a service counts: a bucket of one second's worth. */
class Bucket {
  readonly #rate: number;
  #tokens: number;
  #at = 0;
  constructor(rate: number) {
    this.#rate = rate;
    this.#tokens = rate;
  }
  take(now: number): boolean {
    this.#tokens = Math.min(this.#rate, this.#tokens + ((now - this.#at) / 1_000) * this.#rate);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

export class VirtualFleet implements LiveWorld {
  readonly sessions: readonly LiveSession[];
  /** Answered requests by operation, and how many were refused. */
  readonly answered = new Map<string, number>();
  refused = 0;
  readonly #options: VirtualOptions;
  readonly #clock: Clock;
  readonly #limiters: Limiters;
  readonly #buckets = new Map<string, Bucket>();
  /** By cluster and index: how often the association was given another role. */
  readonly #edits = new Map<string, number>();
  readonly #watchers = new Map<string, Set<(event: WatchEvent<ServiceAccount>) => void>>();

  constructor(options: VirtualOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#limiters = new Limiters(clock);
    this.sessions = regions.slice(0, Math.min(regions.length, options.clusters)).map(region => this.#session(region));
  }

  /** Somebody gives an association another role, and touches the service account. */
  churn(cluster: number, index: number): void {
    const key = `${cluster}/${index}`;
    this.#edits.set(key, ((this.#edits.get(key) ?? 0) + 1) % 3);
    const object = this.#serviceAccount(cluster, index);
    for (const tell of this.#watchers.get(nameOf(cluster)) ?? [])
      tell({ type: 'put', object, resourceVersion: object.resourceVersion });
  }

  limiterStates() {
    return this.#limiters.states();
  }

  kubernetesFor(cluster: Cluster): KubernetesPort {
    const number = numberOf(cluster.name);
    const all = Array.from({ length: this.#options.associations }, (_, index) => index);
    const namespaces = [...new Set(all.map(namespaceOf))];
    const collection = <T>(
      items: () => readonly T[],
      watch: (signal?: AbortSignal) => AsyncGenerator<WatchEvent<T>>,
    ) => ({
      list: async function* () {
        yield { items: items(), resourceVersion: '1' };
      },
      watch: (_version: string, options?: CallOptions) => watch(options?.signal),
    });
    return {
      namespaces: collection<Namespace>(
        () => namespaces.map(name => ({ name, phase: 'Active', labels: { 'kubernetes.io/metadata.name': name } })),
        quiet,
      ),
      serviceAccounts: collection<ServiceAccount>(
        () => all.map(index => this.#serviceAccount(number, index)),
        signal => this.#watch(cluster.name, signal),
      ),
      pods: collection(() => [], quiet),
      listDaemonSets: async () => [],
      close: () => {},
    } as unknown as KubernetesPort;
  }

  #session(region: string): LiveSession {
    const mine = Array.from({ length: this.#options.clusters }, (_, index) => index).filter(
      index => regions[index % regions.length] === region,
    );
    const call = <T>(operation: string, options: CallOptions | undefined, answer: () => T) =>
      this.#call(region, operation, options, answer);
    const { associations } = this.#options;
    const self = this;
    const eks = {
      async *listClusters(options?: CallOptions) {
        yield await call('ListClusters', options, () => mine.map(nameOf));
      },
      describeCluster: (name: string, options?: CallOptions) =>
        call('DescribeCluster', options, () => clusterOf(numberOf(name))),
      async *listAssociations(name: string, _filter: object, options?: CallOptions) {
        for (let from = 0; from < associations; from += 100)
          yield await call('ListPodIdentityAssociations', options, () =>
            Array.from({ length: Math.min(100, associations - from) }, (_, offset) => {
              const { id, arn, namespace, serviceAccount } = self.#association(numberOf(name), from + offset);
              return { id, arn, namespace, serviceAccount };
            }),
          );
      },
      describeAssociation: (name: string, id: string, options?: CallOptions) =>
        call('DescribePodIdentityAssociation', options, () => this.#association(numberOf(name), Number(id.slice(-6)))),
    } as unknown as EksPort;
    const iam = {
      getRole: async (name: string): Promise<unknown> => ({
        arn: roleArn(name),
        name,
        trustPolicy: copyOf(trust),
        tags: {},
      }),
      listOidcProviders: async () => [],
    } as unknown as IamPort;
    const sts: StsPort = {
      callerIdentity: async () => ({ account, arn: `arn:aws:sts::${account}:assumed-role/bench/me` }),
    };
    return { id: region, region, eks, iam, sts, cloudformation: {} as LiveSession['cloudformation'] };
  }

  async #call<T>(region: string, operation: string, options: CallOptions = {}, answer: () => T): Promise<T> {
    const limiter = this.#limiters.for({ service: 'eks', region, account });
    let ticket: number | undefined;
    for (;;) {
      const turn = await limiter.acquire(options.priority ?? 'visible', options.signal, ticket);
      ticket = turn.ticket;
      const bucket = this.#bucket(region);
      const served = bucket.take(this.#clock.now());
      try {
        if (this.#options.latency > 0) await this.#clock.sleep(this.#options.latency, options.signal);
      } catch {
        turn.end('failed');
        throw new PortError({ kind: 'aborted', message: 'given up' });
      }
      turn.end(served ? 'answered' : 'throttled');
      if (served) {
        this.answered.set(operation, (this.answered.get(operation) ?? 0) + 1);
        return answer();
      }
      this.refused += 1;
    }
  }

  #bucket(region: string): Bucket {
    const bucket = this.#buckets.get(region) ?? new Bucket(this.#options.throttle);
    this.#buckets.set(region, bucket);
    return bucket;
  }

  #association(cluster: number, index: number): Association {
    const id = `a-${nameOf(cluster).slice(-4)}${'x'.repeat(7)}${String(index).padStart(6, '0')}`;
    const region = regions[cluster % regions.length] ?? regions[0];
    const edits = this.#edits.get(`${cluster}/${index}`) ?? 0;
    return {
      id: copyOf(id),
      arn: copyOf(`arn:aws:eks:${region}:${account}:podidentityassociation/${nameOf(cluster)}/${id}`),
      namespace: copyOf(namespaceOf(index)),
      serviceAccount: copyOf(serviceAccountOf(index)),
      roleArn: copyOf(roleArn(`${namespaceOf(index)}-${serviceAccountOf(index)}${edits === 0 ? '' : `-${edits}`}`)),
      disableSessionTags: false,
      tags: {},
      createdAt: 1_700_000_000_000 + index,
      modifiedAt: 1_700_000_000_000 + index,
    };
  }

  #serviceAccount(cluster: number, index: number): ServiceAccount {
    const edits = this.#edits.get(`${cluster}/${index}`) ?? 0;
    return {
      namespace: copyOf(namespaceOf(index)),
      serviceAccount: copyOf(serviceAccountOf(index)),
      uid: copyOf(`0b5c${String(cluster).padStart(4, '0')}-1111-4222-8333-${String(index).padStart(12, '0')}`),
      resourceVersion: copyOf(String(100_000 + index + edits)),
      annotations: {},
      labels: { 'app.kubernetes.io/name': copyOf(serviceAccountOf(index)), edits: String(edits) },
      createdAt: 1_700_000_000_000 + index,
    };
  }

  async *#watch(cluster: string, signal?: AbortSignal): AsyncGenerator<WatchEvent<ServiceAccount>> {
    const queue: WatchEvent<ServiceAccount>[] = [];
    let wake = () => {};
    const tell = (event: WatchEvent<ServiceAccount>) => {
      queue.push(event);
      wake();
    };
    const watchers = this.#watchers.get(cluster) ?? new Set();
    this.#watchers.set(cluster, watchers.add(tell));
    const stop = () => wake();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      while (!signal?.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else
          await new Promise<void>(resolve => {
            wake = resolve;
          });
      }
      throw new PortError({ kind: 'aborted', message: 'given up' });
    } finally {
      signal?.removeEventListener('abort', stop);
      watchers.delete(tell);
    }
  }
}

/** A watch without events, until it is given up. */
async function* quiet(signal?: AbortSignal): AsyncGenerator<never> {
  await new Promise<void>(resolve => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
  throw new PortError({ kind: 'aborted', message: 'given up' });
}

/** Text of an answer is never the same object as that of another one. */
const copyOf = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

const nameOf = (cluster: number): string => `fleet-${String(cluster).padStart(4, '0')}`;
const numberOf = (name: string): number => Number(name.slice(-4));
const namespaceOf = (index: number): string => `team-${String(Math.floor(index / 10)).padStart(4, '0')}`;
const serviceAccountOf = (index: number): string => `service-${index % 10}`;
const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

function clusterOf(number: number): Cluster {
  const region = regions[number % regions.length] ?? regions[0];
  const name = nameOf(number);
  return {
    partition: 'aws',
    account,
    region,
    arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
    name,
    status: 'ACTIVE',
    version: '1.33',
    endpoint: `https://${name}.example`,
    autoMode: true,
    tags: {},
  };
}
