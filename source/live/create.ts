import type { Pod, RoleFact } from '../identity/facts.ts';
import { type Reading, unread } from '../identity/reading.ts';
import type { Clock } from '../run/clock.ts';
import type {
  AssociationRow,
  ClusterRow,
  Focus,
  LiveModel,
  LogLine,
  NamespaceRow,
  RoleRow,
  ServiceAccountRow,
  SourceState,
} from './model.ts';
import { type Policy, standardPolicy } from './policy.ts';
import { Rates } from './rates.ts';
import { type Caller, Store } from './store/store.ts';
import { Attention } from './sync/attention.ts';
import { failureOf } from './sync/context.ts';
import { Sync } from './sync/sync.ts';
import { Tasks } from './sync/tasks.ts';
import { Views } from './views/views.ts';
import type { LiveWorld } from './world.ts';

export type LiveModelOptions = {
  readonly clock: Clock;
  /** Closes the model when it aborts. */
  readonly signal?: AbortSignal;
  readonly policy?: Policy;
  /** Answers 0 <= x < 1, for the spread of waiting times. */
  readonly random?: () => number;
};

const nothing: readonly never[] = [];

/**
 * Reads `world` from now on, until it is closed or `signal` aborts. The first call is made after this has returned, so
 * that a first frame is not held up. A world that is still being opened is read as soon as it is; one that cannot be
 * opened leaves the model empty, and whoever opens it hears why.
 */
export function createLiveModel(world: LiveWorld | Promise<LiveWorld>, options: LiveModelOptions): LiveModel {
  return new Model(world, options);
}

class Model implements LiveModel {
  readonly #store: Store;
  readonly #views: Views;
  readonly #attention = new Attention();
  readonly #rates = new Rates();
  #world: LiveWorld | undefined;
  #sync: Sync | undefined;
  readonly #tasks: Tasks;
  #closed: Promise<void> | undefined;

  constructor(
    world: LiveWorld | Promise<LiveWorld>,
    { clock, signal, policy = standardPolicy, random = Math.random }: LiveModelOptions,
  ) {
    this.#store = new Store(clock);
    this.#views = new Views(this.#store);
    this.#tasks = new Tasks(error => this.#store.say('error', 'podid-tui', failureOf(error).message));
    const context = { store: this.#store, clock, policy, attention: this.#attention, random };
    const start = (opened: LiveWorld) => {
      if (this.#closed) return;
      this.#world = opened;
      this.#sync = new Sync(context, opened, this.#tasks);
      this.#sync.start();
      this.#store.notifier.flush();
    };
    this.#tasks.spawn(stop => this.#store.notifier.run(stop));
    if (world instanceof Promise) world.then(start, () => {});
    else start(world);
    if (signal?.aborted) void this.close();
    else signal?.addEventListener('abort', () => void this.close(), { once: true, signal: this.#tasks.signal });
  }

  get revision(): number {
    return this.#store.revision;
  }

  subscribe(listener: () => void): () => void {
    return this.#store.notifier.subscribe(listener);
  }

  clusters(): readonly ClusterRow[] {
    return this.#views.clusters();
  }

  namespaces(cluster: string): readonly NamespaceRow[] {
    return this.#views.of(cluster)?.namespaces() ?? nothing;
  }

  serviceAccounts(cluster?: string, namespace?: string): readonly ServiceAccountRow[] {
    if (cluster === undefined) return this.#views.serviceAccounts(namespace);
    return this.#views.of(cluster)?.serviceAccounts(namespace) ?? nothing;
  }

  associations(cluster?: string, namespace?: string): readonly AssociationRow[] {
    if (cluster === undefined) return this.#views.associations(namespace);
    return this.#views.of(cluster)?.associations(namespace) ?? nothing;
  }

  roles(cluster: string): readonly RoleRow[] {
    return this.#views.of(cluster)?.roles() ?? nothing;
  }

  pods(cluster: string): Reading<readonly Pod[]> {
    return this.#views.of(cluster)?.pods() ?? unread;
  }

  role(_cluster: string, arn: string): Reading<RoleFact> {
    return this.#store.roles.get(arn);
  }

  sources(): readonly SourceState[] {
    return this.#rates.of(this.#store.sources.states(), this.revision, this.#world?.limiterStates?.());
  }

  log(): readonly LogLine[] {
    return this.#store.log.lines();
  }

  caller(): Reading<Caller> {
    return this.#store.caller;
  }

  focus(what: Focus): void {
    this.#attention.set(what);
  }

  refresh(cluster?: string): void {
    this.#sync?.now(cluster);
    this.#store.notifier.flush();
  }

  close(): Promise<void> {
    this.#closed ??= this.#tasks.close();
    return this.#closed;
  }
}
