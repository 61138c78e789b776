import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { LiveSession, LiveWorld } from '../world.ts';
import { Admission } from './admission.ts';
import { ClusterSync } from './cluster.ts';
import type { SyncContext } from './context.ts';
import { RolesSync } from './roles.ts';
import { partitionOf, SessionSync } from './session.ts';
import type { Tasks } from './tasks.ts';

/** Keeps the store's facts up to date with the world: every session, cluster and account, each on its own. */
export class Sync {
  readonly #context: SyncContext;
  readonly #world: LiveWorld;
  readonly #tasks: Tasks;
  readonly #sessions: SessionSync[];
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
    const [first] = world.sessions;
    this.#sessions = world.sessions.map(
      session =>
        new SessionSync(context, session, coverage(session, world.sessions), {
          identified: (who, caller) => {
            this.#roles.attach({ partition: partitionOf(caller.arn), account: caller.account }, who.iam);
            if (who.id === first?.id) context.store.putCaller(caller, context.clock.now());
          },
          unidentified: (who, failure: Failure) => {
            if (who.id === first?.id) context.store.failCaller(failure, context.clock.now());
          },
          found: (who, ref, arrived) => this.#found(who, ref, arrived),
          described: () => this.#admission.look(),
          listed: (who, account, names) => this.#forgetOthers(who.region, account, names),
          gone: cluster => this.#gone(cluster),
        }),
    );
  }

  start(): void {
    for (const session of this.#sessions) session.start(this.#tasks);
    this.#tasks.spawn(signal => this.#admission.run(signal));
    this.#context.attention.onChange(() => this.#look());
  }

  /** Reads again now: everything, or one cluster and the roles it names. */
  now(arn?: string): void {
    if (arn === undefined) {
      for (const session of this.#sessions) session.now();
      this.#roles.now();
      return;
    }
    for (const session of this.#sessions) session.clusterNow(arn);
    const facts = this.#context.store.cluster(arn);
    if (facts) this.#roles.now(facts.roleUses.arns());
  }

  #look(): void {
    for (const session of this.#sessions) session.look();
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

  /** Clusters that only the last sitting's picture knows are gone if the account has them no more. */
  #forgetOthers(region: string, account: string, names: ReadonlySet<string>): void {
    this.#context.store.regionListed(account, region);
    for (const { ref } of [...this.#context.store.clusters()]) {
      if (ref.region !== region || ref.account !== account) continue;
      if (!names.has(ref.name) && !this.#clusters.has(ref.arn)) this.#context.store.removeCluster(ref.arn);
    }
  }

  #gone(cluster: ClusterSync): void {
    const { arn } = cluster.facts.ref;
    this.#clusters.delete(arn);
    this.#context.store.removeCluster(arn);
    for (const id of cluster.sources) this.#context.store.sources.forget(id);
    void cluster.close();
  }
}

/** A region, and whose when several sessions are in it. */
function coverage(session: LiveSession, all: readonly LiveSession[]): string {
  const alone = all.filter(other => other.region === session.region).length === 1;
  return alone ? session.region : `${session.region} (${session.id})`;
}
