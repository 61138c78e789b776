import type { Cluster, Pod } from '../../identity/facts.ts';
import type { Failure } from '../../identity/reading.ts';
import { reflect } from '../../kubernetes/reflector.ts';
import type { KubernetesCollection, KubernetesPort } from '../../run/ports.ts';
import { Alarm } from '../alarm.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import type { SourceName, SourcePart } from '../store/sources.ts';
import type { LiveWorld } from '../world.ts';
import { backoff } from './backoff.ts';
import { failureOf, type SyncContext } from './context.ts';
import { Mirrored, type Sink } from './mirrored.ts';
import type { Tasks } from './tasks.ts';

/** Mirrors one cluster's namespaces and service accounts, and its pods while somebody looks at it. */
export class KubernetesSync {
  readonly #context: SyncContext;
  readonly #facts: ClusterFacts;
  readonly #world: LiveWorld;
  readonly #tasks: Tasks;
  readonly #alarm: Alarm;
  readonly #tried: () => void;
  readonly source: SourceName;
  readonly #namespaces: SourcePart;
  readonly #serviceAccounts: SourcePart;
  readonly #mirrored: Mirrored;
  /** One controller for each mirror that runs: aborting it makes the mirror list again. */
  readonly #rounds = new Set<AbortController>();
  #started = false;
  #port: KubernetesPort | undefined;
  #pods: Tasks | undefined;
  #leaving: Tasks | undefined;

  /** `tried` hears when a way to the API server was found, and when one was not for the first time. */
  constructor(context: SyncContext, world: LiveWorld, facts: ClusterFacts, tasks: Tasks, tried: () => void) {
    this.#tried = tried;
    this.#context = context;
    this.#facts = facts;
    this.#world = world;
    this.#tasks = tasks;
    this.#alarm = new Alarm(context.clock);
    this.#mirrored = new Mirrored(context.store, facts);
    this.source = { id: `kubernetes|${facts.ref.arn}`, source: 'kubernetes', covers: facts.ref.name };
    this.#namespaces = context.store.sources.part(this.source, 'namespaces');
    this.#serviceAccounts = context.store.sources.part(this.source, 'serviceaccounts');
  }

  get started(): boolean {
    return this.#started;
  }

  start(cluster: Cluster): void {
    if (this.#started) return;
    this.#started = true;
    this.#tasks.spawn(async signal => {
      const port = await this.#open(cluster, signal);
      if (!port) {
        // It is asked for again when the cluster is described again.
        this.#started = false;
        return;
      }
      this.#port = port;
      signal.addEventListener('abort', () => port.close(), { once: true });
      this.#mirror(this.#tasks, port.namespaces, this.#namespaces, this.#mirrored.namespaces());
      this.#mirror(this.#tasks, port.serviceAccounts, this.#serviceAccounts, this.#mirrored.serviceAccounts());
      this.look();
      this.#tried();
    });
  }

  /** The API server's port once there is one, for other readers of this cluster. */
  get port(): KubernetesPort | undefined {
    return this.#port;
  }

  /** There is nothing to start with: the cluster has no endpoint, or (`why`) nobody can tell which. */
  cutOff(why?: Failure, retryAt?: number): void {
    if (!this.#started) this.#fail(why ?? noWay(this.#facts.ref.name), retryAt);
  }

  /** Lists again now. */
  now(): void {
    this.#alarm.ring('now');
    for (const round of this.#rounds) round.abort();
  }

  /** The user may have come to this cluster, or left it. */
  look(): void {
    if (this.#context.attention.cluster === this.#facts.ref.arn) this.#watchPods();
    else this.#leavePods();
  }

  async #open(cluster: Cluster, signal: AbortSignal): Promise<KubernetesPort | undefined> {
    const { clock, random } = this.#context;
    for (let failures = 1; ; failures += 1) {
      try {
        const port = this.#world.kubernetesFor(cluster);
        if (port) return port;
        this.#fail(noWay(cluster.name));
        this.#tried();
        return undefined;
      } catch (error) {
        const wait = backoff(failures, random);
        this.#fail(failureOf(error), clock.now() + wait);
        if (failures === 1) this.#tried();
        await this.#alarm.wait(wait, signal);
      }
    }
  }

  #fail(failure: Failure, retryAt?: number): void {
    const at = this.#context.clock.now();
    this.#facts.failNamespaces(failure, at);
    this.#facts.failServiceAccounts(failure, at);
    this.#namespaces.failed(failure, retryAt);
    this.#serviceAccounts.failed(failure, retryAt);
  }

  #watchPods(): void {
    void this.#leaving?.close();
    this.#leaving = undefined;
    if (this.#pods || !this.#port) return;
    this.#pods = this.#tasks.child();
    const part = this.#context.store.sources.part(this.source, 'pods');
    this.#pods.signal.addEventListener('abort', () => part.drop(), { once: true });
    this.#mirror<Pod>(this.#pods, this.#port.pods, part, this.#mirrored.pods());
  }

  /** Pods are kept for a while, since users go back and forth; then they would only cost memory and a watch. */
  #leavePods(): void {
    const pods = this.#pods;
    if (!pods || this.#leaving) return;
    const leaving = this.#tasks.child();
    this.#leaving = leaving;
    leaving.spawn(async signal => {
      await this.#context.clock.sleep(this.#context.policy.kubernetes.podsLinger, signal);
      await pods.close();
      this.#pods = undefined;
      this.#leaving = undefined;
      this.#facts.forgetPods();
      void leaving.close();
      // The user may be back already.
      this.look();
    });
  }

  #mirror<T>(tasks: Tasks, collection: KubernetesCollection<T>, part: SourcePart, sink: Sink<T>): void {
    tasks.spawn(async signal => {
      while (!signal.aborted) await this.#round(signal, collection, part, sink);
    });
  }

  async #round<T>(
    signal: AbortSignal,
    collection: KubernetesCollection<T>,
    part: SourcePart,
    sink: Sink<T>,
  ): Promise<void> {
    const round = new AbortController();
    const stop = () => round.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#rounds.add(round);
    try {
      await reflect(collection, {
        clock: this.#context.clock,
        random: this.#context.random,
        signal: round.signal,
        onReplace: sink.replace,
        onEvent: event => (event.type === 'put' ? sink.put(event.object) : sink.remove(event.object)),
        onState: state => {
          if (state.state === 'loading') part.loading();
          else if (state.state === 'live') {
            sink.covered(state.at);
            part.live(state.at);
          } else {
            sink.failed(state.failure, state.at);
            part.failed(state.failure, state.retryAt);
          }
        },
      });
    } finally {
      this.#rounds.delete(round);
      signal.removeEventListener('abort', stop);
    }
  }
}

const noWay = (cluster: string): Failure => ({
  kind: 'unreachable',
  message: `There is no way to the API server of ${cluster}: it has no endpoint, or none that this session may use.`,
});
