import { formatClusterArn } from '../../identity/arn.ts';
import type { Cluster } from '../../identity/facts.ts';
import { type Failure, lastKnown } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import { Alarm } from '../alarm.ts';
import type { SourceName, SourcePart } from '../store/sources.ts';
import type { LiveSession } from '../world.ts';
import type { ClusterSync } from './cluster.ts';
import type { SyncContext } from './context.ts';
import { describeAssociations } from './describe-associations.ts';
import { OneByOne } from './one-by-one.ts';
import { Poll } from './poll.ts';
import { pump } from './pump.ts';
import type { Tasks } from './tasks.ts';

/** What a session tells whoever keeps all of them. */
export type SessionOwner = {
  /** Who the session calls as. */
  readonly identified: (session: LiveSession, caller: { readonly account: string; readonly arn: string }) => void;
  readonly unidentified: (session: LiveSession, failure: Failure) => void;
  /** The cluster is there; answers what syncs it, or undefined when another session does already. */
  readonly found: (session: LiveSession, ref: ClusterRef, arrived: () => void) => ClusterSync | undefined;
  readonly described: (cluster: ClusterSync) => void;
  /** These are all clusters of the account in the session's region. */
  readonly listed: (session: LiveSession, account: string, names: ReadonlySet<string>) => void;
  readonly gone: (cluster: ClusterSync) => void;
};

/** One profile in one region: who it is, its clusters, and the descriptions of their associations. */
export class SessionSync {
  readonly #context: SyncContext;
  readonly #session: LiveSession;
  readonly #owner: SessionOwner;
  readonly #caller: Poll;
  readonly #list: Poll;
  readonly #descriptions: OneByOne<Cluster>;
  readonly #describeAlarm: Alarm;
  readonly #associationAlarm: Alarm;
  readonly #eksSource: SourceName;
  #nameless: SourcePart | undefined;
  #listedOnce = false;
  /** By name: the clusters of this session that it syncs. */
  readonly #clusters = new Map<string, ClusterSync>();
  #scope: { readonly partition: string; readonly account: string } | undefined;
  #identityTried: () => void = () => undefined;

  constructor(context: SyncContext, session: LiveSession, covers: string, owner: SessionOwner) {
    this.#context = context;
    this.#session = session;
    this.#owner = owner;
    this.#describeAlarm = new Alarm(context.clock);
    this.#associationAlarm = new Alarm(context.clock);
    const { sources } = context.store;
    this.#caller = new Poll(context, {
      part: sources.part({ id: `sts|${session.id}`, source: 'sts', covers }, 'GetCallerIdentity'),
      read: signal => this.#identify(signal),
      failed: failure => {
        owner.unidentified(session, failure);
        this.#identityTried();
      },
      every: () => context.policy.caller,
    });
    this.#eksSource = { id: `eks|${session.id}`, source: 'eks', covers };
    this.#list = new Poll(context, {
      part: sources.part(this.#eksSource, 'ListClusters'),
      read: signal => this.#listClusters(signal),
      failed: () => undefined,
      every: () => context.policy.clusters,
    });
    this.#descriptions = this.#describer();
  }

  /** What is read of it: its clusters, as far as they are this session's to read. */
  get clusters(): Iterable<ClusterSync> {
    return this.#clusters.values();
  }

  /** Ids of the sources that are this session's alone. */
  get sources(): readonly string[] {
    return [`sts|${this.#session.id}`, this.#eksSource.id];
  }

  /** Another session of its region has left: lists at once, for clusters that nobody reads now. They are not new. */
  takeOver(): void {
    this.#listedOnce = false;
    this.#list.now();
  }

  start(tasks: Tasks): void {
    const { clock, policy } = this.#context;
    const tried = new Promise<void>(resolve => {
      this.#identityTried = resolve;
    });
    tasks.spawn(signal => this.#caller.run(signal));
    tasks.spawn(async signal => {
      await untilAborted(tried, signal);
      await this.#list.run(signal);
    });
    tasks.spawn(signal =>
      pump(
        {
          clock,
          alarm: this.#describeAlarm,
          concurrency: policy.concurrency.clusters,
          next: now => this.#descriptions.next(now, this.#inView(), this.#clusterAges, signal),
          nextAt: now => this.#descriptions.nextAt(now, this.#inView(), this.#clusterAges),
        },
        signal,
      ),
    );
    tasks.spawn(signal =>
      describeAssociations(this.#context, this.#associationAlarm, () => this.#clusters.values(), signal),
    );
  }

  look(): void {
    this.#describeAlarm.ring('look');
    this.#associationAlarm.ring('look');
    for (const cluster of this.#clusters.values()) cluster.look();
  }

  /** Reads everything again; of clusters nobody looks at, the lists and what failed. */
  now(): void {
    this.#caller.now();
    this.#list.now();
    this.#descriptions.again('all');
    for (const cluster of this.#clusters.values())
      cluster.now(this.#context.attention.sees(cluster.facts.ref.arn) ? 'all' : 'failed');
    this.#describeAlarm.ring('look');
    this.#associationAlarm.ring('look');
  }

  /** Reads one cluster again; false when it is not of this session. */
  clusterNow(arn: string): boolean {
    for (const [name, cluster] of this.#clusters) {
      if (cluster.facts.ref.arn !== arn) continue;
      this.#descriptions.queue.renew(name);
      cluster.now('all');
      this.#describeAlarm.ring('look');
      this.#associationAlarm.ring('look');
      return true;
    }
    return false;
  }

  get #clusterAges() {
    const { visible, other } = this.#context.policy.cluster;
    return { onScreen: visible, other: other(this.#context.store.fleet) };
  }

  async #identify(signal: AbortSignal): Promise<void> {
    const caller = await this.#session.sts.callerIdentity({ signal, priority: 'visible' });
    signal.throwIfAborted();
    this.#scope = { partition: partitionOf(caller.arn), account: caller.account };
    this.#owner.identified(this.#session, caller);
    this.#identityTried();
  }

  async #listClusters(signal: AbortSignal): Promise<void> {
    const listed = new Set<string>();
    for await (const page of this.#session.eks.listClusters({ signal, priority: 'visible' })) {
      signal.throwIfAborted();
      for (const name of page) {
        listed.add(name);
        this.#named(name);
      }
      this.#describeAlarm.ring('look');
    }
    signal.throwIfAborted();
    for (const name of [...this.#clusters.keys()]) if (!listed.has(name)) this.#gone(name);
    if (this.#scope) this.#owner.listed(this.#session, this.#scope.account, listed);
    this.#listedOnce = true;
  }

  /** The name is enough for a row once the account is known; else the description tells the ARN. */
  #named(name: string): void {
    if (this.#scope) {
      const scope = { ...this.#scope, region: this.#session.region, name };
      if (!this.#found({ ...scope, arn: formatClusterArn(scope) })) return;
    }
    this.#descriptions.queue.add(name);
  }

  #found(ref: ClusterRef): ClusterSync | undefined {
    const known = this.#clusters.get(ref.name);
    if (known) return known;
    const cluster = this.#owner.found(this.#session, ref, () => this.#associationAlarm.ring('look'));
    if (!cluster) return undefined;
    this.#clusters.set(ref.name, cluster);
    if (this.#listedOnce) this.#context.store.say('info', ref.name, `the cluster is new in ${ref.region}`);
    return cluster;
  }

  #gone(name: string): void {
    this.#descriptions.queue.delete(name);
    const cluster = this.#clusters.get(name);
    this.#clusters.delete(name);
    if (!cluster) return;
    this.#context.store.say('info', name, 'the cluster is gone');
    this.#owner.gone(cluster);
  }

  #describer(): OneByOne<Cluster> {
    return new OneByOne<Cluster>(this.#context, {
      read: (name, options) => this.#session.eks.describeCluster(name, options),
      put: (_, cluster, at) => this.#describedAs(cluster, at),
      fail: (name, failure, at, retryAt) => {
        const sync = this.#clusters.get(name);
        if (sync) sync.undescribed(failure, at, retryAt);
        else this.#unplaced().failed(failure, retryAt);
      },
      gone: name => this.#gone(name),
    });
  }

  /** Clusters known by name only have no source of their own yet. */
  #unplaced(): SourcePart {
    this.#nameless ??= this.#context.store.sources.part(this.#eksSource, 'DescribeCluster');
    return this.#nameless;
  }

  #describedAs(cluster: Cluster, at: number): void {
    const { arn, name, partition, account, region } = cluster;
    this.#nameless?.live(at);
    const sync = this.#found({ arn, name, partition, account, region });
    if (!sync) return;
    const before = lastKnown(sync.facts.cluster)?.value;
    sync.facts.putCluster(cluster, at);
    if (before && (before.status !== cluster.status || before.version !== cluster.version))
      this.#context.store.say('info', name, `the cluster is now ${cluster.status}, version ${cluster.version}`);
    sync.description.live(at);
    if (!before) sync.described(cluster);
    this.#owner.described(sync);
  }

  #inView(): readonly string[] {
    const names: string[] = [];
    for (const [name, { facts }] of this.#clusters) if (this.#context.attention.sees(facts.ref.arn)) names.push(name);
    return names;
  }
}

/** An ARN begins with `arn:{partition}:`. */
export const partitionOf = (arn: string): string => arn.split(':')[1] ?? 'aws';

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
