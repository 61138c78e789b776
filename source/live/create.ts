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
import { fromBefore, offline } from './picture/before.ts';
import { PictureFiles } from './picture/file.ts';
import { frameText } from './picture/frame.ts';
import { PictureKeeper } from './picture/keeper.ts';
import { type Policy, standardPolicy } from './policy.ts';
import { Rates, slowest } from './rates.ts';
import { type Caller, Store } from './store/store.ts';
import { Attention } from './sync/attention.ts';
import { failureOf } from './sync/context.ts';
import { Sync } from './sync/sync.ts';
import { Tasks } from './sync/tasks.ts';
import { Views } from './views/views.ts';
import type { LiveSession, LiveWorld } from './world.ts';

export type LiveModelOptions = {
  readonly clock: Clock;
  /** Closes the model when it aborts. */
  readonly signal?: AbortSignal;
  readonly policy?: Policy;
  /** Answers 0 <= x < 1, for the spread of waiting times. */
  readonly random?: () => number;
  /** Where the last seen picture is kept; absent: nothing is kept. */
  readonly picture?: {
    readonly directory: string;
    /** Shows the picture alone: the world is never asked, and the picture stays as it is. */
    readonly offline?: boolean;
  };
};

const nothing: readonly never[] = [];

/**
 * Reads `world` from now on, until it is closed or `signal` aborts. The first call is made after this has returned, so
 * that a first frame is not held up. A world that is still being opened is read as soon as it is; one that cannot be
 * opened leaves the model empty, and whoever opens it hears why.
 */
export function createLiveModel(world: LiveWorld | Promise<LiveWorld>, options: LiveModelOptions): OpenModel {
  return new Model(world, options);
}

/** A model whose sessions come and go while it is read. */
export interface OpenModel extends LiveModel {
  /** Resolves when the last picture is shown as far as a screen goes, or there is none. Never rejects. */
  readonly pictured: Promise<void>;
  /** Reads one more session of the world from now on. */
  join(session: LiveSession): void;
  /** Reads the session no more; resolves when none of its loops, watches and timers is left. */
  leave(id: string): Promise<void>;
}

class Model implements OpenModel {
  readonly #store: Store;
  readonly #views: Views;
  readonly #attention = new Attention();
  readonly #rates = new Rates();
  #keeper: PictureKeeper | undefined;
  #world: LiveWorld | undefined;
  #sync: Sync | undefined;
  readonly #tasks: Tasks;
  #closed: Promise<void> | undefined;
  readonly #pictured = Promise.withResolvers<void>();

  constructor(
    world: LiveWorld | Promise<LiveWorld>,
    { clock, signal, policy = standardPolicy, random = Math.random, picture }: LiveModelOptions,
  ) {
    this.#store = new Store(clock);
    this.#views = new Views(this.#store);
    this.#tasks = new Tasks(error => this.#store.say('error', 'podid-tui', failureOf(error).message));
    const context = { store: this.#store, clock, policy, attention: this.#attention, random };
    const start = (opened: LiveWorld) => {
      if (this.#closed) return;
      this.#world = opened;
      this.#store.notifier.subscribe(() => this.#store.paced(slowest(opened.limiterStates?.())));
      this.#sync = new Sync(context, opened, this.#tasks);
      this.#sync.start();
      this.#store.notifier.flush();
    };
    this.#tasks.spawn(stop => this.#store.notifier.run(stop));
    if (picture) this.#keepPicture(clock, picture);
    else this.#pictured.resolve();
    if (picture?.offline) return;
    if (world instanceof Promise) world.then(start, () => {});
    else start(world);
    if (signal?.aborted) void this.close();
    else signal?.addEventListener('abort', () => void this.close(), { once: true, signal: this.#tasks.signal });
  }

  #keepPicture(clock: Clock, { directory, offline: alone = false }: NonNullable<LiveModelOptions['picture']>): void {
    const store = this.#store;
    const frame = () => frameText(this.#views.clusters(), clock.now());
    const keeper = new PictureKeeper({ store, files: new PictureFiles(directory), clock, frame });
    const source = alone && store.sources.part({ id: 'picture', source: 'eks', covers: 'the last picture' }, 'read');
    if (!alone) this.#keeper = keeper;
    this.#tasks.spawn(async stop => {
      await keeper.show(alone ? offline : fromBefore, stop, this.#pictured.resolve).finally(this.#pictured.resolve);
      if (source && keeper.takenAt !== undefined) source.live(keeper.takenAt);
      if (source) source.failed(offline);
      if (!alone) await keeper.run(stop);
    });
    if (!alone) store.notifier.subscribe(() => keeper.identified());
  }

  get pictured(): Promise<void> {
    return this.#pictured.promise;
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

  accountAlias(account: string): Reading<string | undefined> {
    return this.#store.accountAlias(account);
  }

  focus(what: Focus): void {
    this.#attention.set(what);
  }

  refresh(cluster?: string): void {
    this.#sync?.now(cluster);
    this.#store.notifier.flush();
  }

  join(session: LiveSession): void {
    if (this.#closed) return;
    this.#sync?.join(session);
    this.#store.notifier.flush();
  }

  async leave(id: string): Promise<void> {
    const left = this.#sync?.leave(id);
    this.#store.notifier.flush();
    await left;
  }

  close(): Promise<void> {
    this.#closed ??= this.#tasks.close().then(() => this.#keeper?.end());
    return this.#closed;
  }
}
