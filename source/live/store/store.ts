import { isDeepStrictEqual } from 'node:util';
import { plainText } from '../../identity/plain-text.ts';
import { type Failure, failed, lastKnown, type Reading, read, unread } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { Clock } from '../../run/clock.ts';
import type { LogLine, SourceState } from '../model.ts';
import type { Fleet } from '../policy.ts';
import { AGE_SHOWN_WITHIN, ClusterFacts } from './cluster.ts';
import { Pool } from './intern.ts';
import { Log } from './log.ts';
import { Notifier } from './notifier.ts';
import { type RoleChange, Roles } from './roles.ts';
import { Sources } from './sources.ts';

/** How many clusters name a role is told by its own row: seldom looked at, and changed by most of what is read. Milliseconds. */
const USERS_SHOWN_EVERY = 1_000;

/** From so many associations on, what nobody has opened is shown a few times a second instead of twenty. */
const LARGE = 5_000;
const LARGE_SHOWN_WITHIN = 250;

export type Caller = { readonly account: string; readonly arn: string };

/** What hears of roles that must be read, or no longer. */
export type RoleDemand = { readonly wanted: (arn: string) => void; readonly unwanted: (arn: string) => void };

/**
 * All facts of the live model, outside React. Writers change facts; changes are gathered and become visible together,
 * as a commit with a new revision. A cluster's own revision tells whether its rows can have changed.
 */
export class Store {
  readonly roles: Roles;
  readonly sources: Sources;
  readonly notifier: Notifier;
  readonly log = new Log();
  readonly #clock: Clock;
  readonly #pool = new Pool();
  readonly #listed = new Set<string>();
  readonly #clusters = new Map<string, ClusterFacts>();
  readonly #oidcProviders = new Map<string, Reading<ReadonlySet<string>>>();
  readonly #aliases = new Map<string, Reading<string | undefined>>();
  #caller: Reading<Caller> = unread;
  #revision = 0;
  #fleet: Fleet = { clusters: 0, associations: 0, roles: 0, rate: Number.POSITIVE_INFINITY };
  #rate = Number.POSITIVE_INFINITY;
  #demand: RoleDemand | undefined;
  /** Clusters with roles that other clusters have come to name, or no longer do. */
  readonly #usersChanged = new Set<ClusterFacts>();
  #usersShownAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.notifier = new Notifier(clock, () => this.#commit());
    this.sources = new Sources((state, turned, ageOnly) => this.#sourceChanged(state, turned, ageOnly));
    this.roles = new Roles({
      wanted: arn => this.#demand?.wanted(arn),
      unwanted: arn => this.#demand?.unwanted(arn),
      changed: (arn, users, what) => this.#roleChanged(arn, users, what),
    });
  }

  get revision(): number {
    return this.#revision;
  }

  /** The size of what is watched, as of the last commit. */
  get fleet(): Fleet {
    return this.#fleet;
  }

  /** Requests a second that the slowest of the services that are read bears now. */
  paced(rate: number): void {
    this.#rate = rate;
  }

  get caller(): Reading<Caller> {
    return this.#caller;
  }

  /** From now on `demand` hears of roles that clusters begin or cease to name. */
  onRoleDemand(demand: RoleDemand): void {
    this.#demand = demand;
  }

  clusters(): IterableIterator<ClusterFacts> {
    return this.#clusters.values();
  }

  cluster(arn: string): ClusterFacts | undefined {
    return this.#clusters.get(arn);
  }

  /** Makes the cluster known: its row is there from now on. */
  addCluster(ref: ClusterRef): ClusterFacts {
    const known = this.#clusters.get(ref.arn);
    if (known) return known;
    const facts = new ClusterFacts(
      ref,
      {
        changed: within => this.notifier.mark(within),
        pace: () => this.#pace(),
        now: () => this.#clock.now(),
        roleNamed: arn => this.roles.use(arn, ref.arn),
        roleForgotten: arn => this.roles.release(arn, ref.arn),
      },
      this.#pool,
    );
    this.#clusters.set(ref.arn, facts);
    this.notifier.mark();
    return facts;
  }

  /** All clusters of the account in the region are known: whoever remembers another one is out of date. */
  regionListed(account: string, region: string): void {
    this.#listed.add(`${account} ${region}`);
  }

  isListed(account: string, region: string): boolean {
    return this.#listed.has(`${account} ${region}`);
  }

  removeCluster(arn: string): void {
    const facts = this.#clusters.get(arn);
    if (!facts) return;
    this.#clusters.delete(arn);
    this.#usersChanged.delete(facts);
    facts.forgetRoles();
    this.notifier.mark();
  }

  putCaller(caller: Caller, at: number): void {
    this.#caller = read(caller, at);
    this.notifier.mark();
  }

  /** Whoever it was is not asked any more. */
  forgetCaller(): void {
    this.#caller = unread;
    this.notifier.mark();
  }

  failCaller(failure: Failure, at: number): void {
    this.#caller = failed(failure, at, this.#caller);
    this.notifier.mark();
  }

  /** ARNs of the OIDC providers of an account. */
  oidcProviders(account: string): Reading<ReadonlySet<string>> {
    return this.#oidcProviders.get(account) ?? unread;
  }

  putOidcProviders(account: string, arns: Iterable<string>, at: number): void {
    const before = this.oidcProviders(account);
    const value = new Set(arns);
    this.#oidcProviders.set(account, read(value, at));
    const same = before.state === 'read' && isDeepStrictEqual(before.value, value);
    if (!same) this.#accountChanged(account);
  }

  failOidcProviders(account: string, failure: Failure, at: number): void {
    const before = this.oidcProviders(account);
    this.#oidcProviders.set(account, failed(failure, at, before));
    if (before.state !== 'failed' || lastKnown(before) === undefined) this.#accountChanged(account);
  }

  /** The name of an account; what was read and is undefined: it has none. */
  accountAlias(account: string): Reading<string | undefined> {
    return this.#aliases.get(account) ?? unread;
  }

  putAccountAlias(account: string, alias: Reading<string | undefined>): void {
    this.#aliases.set(account, alias);
    this.notifier.mark();
  }

  /** Adds a line to the log; `text` may hold names from AWS or Kubernetes and is made safe to print here. */
  say(level: LogLine['level'], source: string, text: string): void {
    this.log.add({ at: this.#clock.now(), level, source: plainText(source), text: plainText(text) });
    this.notifier.mark(this.#pace());
  }

  /** Within how many milliseconds something is shown that nobody waits for. */
  #pace(): number {
    return this.#fleet.associations < LARGE ? 0 : LARGE_SHOWN_WITHIN;
  }

  #commit(): void {
    this.#revision += 1;
    let associations = 0;
    let nextAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    this.#showUsers(now);
    for (const facts of this.#clusters.values()) {
      associations += facts.associations.size;
      facts.forgetOldMarks(now);
      nextAt = Math.min(nextAt, facts.marks.nextAt);
      if (!facts.dirty) continue;
      facts.dirty = false;
      facts.revision = this.#revision;
    }
    this.#fleet = { clusters: this.#clusters.size, associations, roles: this.roles.size, rate: this.#rate };
    if (nextAt < Number.POSITIVE_INFINITY) this.notifier.mark(nextAt - now);
  }

  #accountChanged(account: string): void {
    for (const facts of this.#clusters.values()) if (facts.ref.account === account) facts.surroundingsChanged();
  }

  #roleChanged(arn: string, users: Iterable<string>, what: RoleChange): void {
    for (const cluster of users) {
      const facts = this.#clusters.get(cluster);
      if (what === 'fact') facts?.roleChanged(arn);
      else if (what === 'age') facts?.roleRenewed();
      else if (facts) this.#usersChanged.add(facts);
    }
    if (what === 'users') this.notifier.mark(Math.max(0, this.#usersShownAt - this.#clock.now()));
  }

  /** As long as a fleet is read, most descriptions add a user to a role that other clusters name, too. */
  #showUsers(now: number): void {
    if (this.#usersChanged.size === 0) return;
    if (now < this.#usersShownAt) {
      this.notifier.mark(this.#usersShownAt - now);
      return;
    }
    this.#usersShownAt = now + USERS_SHOWN_EVERY;
    for (const facts of this.#usersChanged) facts.dirty = true;
    this.#usersChanged.clear();
  }

  #sourceChanged(state: SourceState, turned: 'failed' | 'recovered' | undefined, ageOnly: boolean): void {
    this.notifier.mark(ageOnly ? AGE_SHOWN_WITHIN : 0);
    if (turned === 'failed') this.say('error', `${state.source} ${state.covers}`, state.failure?.message ?? 'failed');
    if (turned === 'recovered') this.say('info', `${state.source} ${state.covers}`, 'answers again');
  }
}
