import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { Caller } from '../store/store.ts';
import type { LiveSession, LiveWorld } from '../world.ts';
import { Admission } from './admission.ts';
import { ClusterSync } from './cluster.ts';
import type { SyncContext } from './context.ts';
import { RolesSync } from './roles.ts';
import { partitionOf, SessionSync } from './session.ts';
import type { Tasks } from './tasks.ts';

/** A session that is read; `caller` once STS has told. */
type Member = {
  readonly session: LiveSession;
  readonly sync: SessionSync;
  readonly tasks: Tasks;
  caller?: Caller;
};

/** Keeps the store's facts up to date with the world: every session, cluster and account, each on its own. */
export class Sync {
  readonly #context: SyncContext;
  readonly #world: LiveWorld;
  readonly #tasks: Tasks;
  /** By session id, in the order in which they came; the first one's caller is who we are. */
  readonly #members = new Map<string, Member>();
  readonly #clusters = new Map<string, ClusterSync>();
  readonly #roles: RolesSync;
  readonly #admission: Admission;

  constructor(context: SyncContext, world: LiveWorld, tasks: Tasks) {
    this.#context = context;
    this.#world = world;
    this.#tasks = tasks;
    this.#roles = new RolesSync(context, tasks);
    this.#admission = new Admission(context, () => this.#clusters.values());
    context.store.onRoleDemand(this.#roles);
    for (const session of world.sessions) this.#add(session, coverage(session, world.sessions));
  }

  start(): void {
    for (const { sync, tasks } of this.#members.values()) sync.start(tasks);
    this.#tasks.spawn(signal => this.#admission.run(signal));
    this.#context.attention.onChange(() => this.#look());
  }

  /** Reads one more session from now on; nothing happens when it is read already. */
  join(session: LiveSession): void {
    if (this.#members.has(session.id)) return;
    const others = [...this.#members.values()].map(member => member.session);
    const { sync, tasks } = this.#add(session, coverage(session, [...others, session]));
    sync.start(tasks);
  }

  /**
   * Reads a session no more: its loops end, its clusters and sources are forgotten. What others can read as well they take
   * over. Resolves when nothing of it runs any more; the session itself is closed by whoever opened it.
   */
  async leave(id: string): Promise<void> {
    const member = this.#members.get(id);
    if (!member) return;
    const wasFirst = this.#isFirst(id);
    this.#members.delete(id);
    const { sync, tasks, session } = member;
    const closing: Promise<void>[] = [tasks.close()];
    for (const cluster of sync.clusters) closing.push(this.#gone(cluster));
    for (const source of sync.sources) this.#context.store.sources.forget(source);
    closing.push(this.#roles.detach(session.iam));
    for (const other of this.#members.values()) {
      if (other.caller) this.#attach(other.session, other.caller);
      if (other.session.region === session.region) other.sync.takeOver();
    }
    this.#forgetUnread(ref => !this.#mayRead(ref));
    const [first] = this.#members.values();
    if (wasFirst && first?.caller) this.#context.store.putCaller(first.caller, this.#context.clock.now());
    else if (wasFirst) this.#context.store.forgetCaller();
    this.#context.store.say('info', session.id, 'is not read any more');
    await Promise.all(closing);
  }

  #add(session: LiveSession, covers: string): Member {
    const sync = new SessionSync(this.#context, session, covers, {
      identified: (who, caller) => {
        const member = this.#members.get(who.id);
        if (member) member.caller = caller;
        this.#attach(who, caller);
        if (this.#isFirst(who.id)) this.#context.store.putCaller(caller, this.#context.clock.now());
      },
      unidentified: (who, failure: Failure) => {
        if (this.#isFirst(who.id)) this.#context.store.failCaller(failure, this.#context.clock.now());
      },
      found: (who, ref, arrived) => this.#found(who, ref, arrived),
      described: () => this.#admission.look(),
      listed: (who, account, names) => this.#forgetOthers(who.region, account, names),
      gone: cluster => void this.#gone(cluster),
    });
    const member: Member = { session, sync, tasks: this.#tasks.child() };
    this.#members.set(session.id, member);
    return member;
  }

  #isFirst(id: string): boolean {
    const [first] = this.#members.keys();
    return first === id;
  }

  #attach(session: LiveSession, { arn, account }: Caller): void {
    this.#roles.attach({ partition: partitionOf(arn), account }, session.iam);
  }

  /** Reads again now: everything, or one cluster and the roles it names. */
  now(arn?: string): void {
    if (arn === undefined) {
      for (const { sync } of this.#members.values()) sync.now();
      this.#roles.now();
      return;
    }
    for (const { sync } of this.#members.values()) sync.clusterNow(arn);
    const facts = this.#context.store.cluster(arn);
    if (facts) this.#roles.now(facts.roleUses.arns());
  }

  #look(): void {
    for (const { sync } of this.#members.values()) sync.look();
    this.#roles.look();
    this.#admission.look();
  }

  #found(session: LiveSession, ref: ClusterRef, arrived: () => void): ClusterSync | undefined {
    if (this.#clusters.has(ref.arn)) return undefined;
    this.#roles.attach(ref, session.iam);
    const facts = this.#context.store.addCluster(ref);
    const cluster = new ClusterSync(this.#context, this.#world, session.eks, facts, this.#tasks.child(), arrived);
    this.#clusters.set(ref.arn, cluster);
    return cluster;
  }

  /**
   * Clusters that only the last sitting's picture knows are gone if the account has them no more, or nobody could read them:
   * a profile may name another region than it did then, or be gone.
   */
  #forgetOthers(region: string, account: string, names: ReadonlySet<string>): void {
    this.#context.store.regionListed(account, region);
    this.#forgetUnread(
      ref => !this.#mayRead(ref) || (ref.region === region && ref.account === account && !names.has(ref.name)),
    );
  }

  #forgetUnread(gone: (ref: ClusterRef) => boolean): void {
    const { store } = this.#context;
    for (const { ref } of [...store.clusters()])
      if (!this.#clusters.has(ref.arn) && gone(ref)) store.removeCluster(ref.arn);
  }

  /** As long as STS has not told whom a session calls as, it may be anybody. */
  #mayRead({ region, account }: ClusterRef): boolean {
    return [...this.#members.values()].some(
      ({ session, caller }) => session.region === region && (caller?.account ?? account) === account,
    );
  }

  #gone(cluster: ClusterSync): Promise<void> {
    const { arn } = cluster.facts.ref;
    this.#clusters.delete(arn);
    this.#context.store.removeCluster(arn);
    for (const id of cluster.sources) this.#context.store.sources.forget(id);
    return cluster.close();
  }
}

/** A region, and whose when several sessions are in it. */
function coverage(session: LiveSession, all: readonly LiveSession[]): string {
  const alone = all.filter(other => other.region === session.region).length === 1;
  return alone ? session.region : `${session.region} (${session.id})`;
}
