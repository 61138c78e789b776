import { isDeepStrictEqual } from 'node:util';
import type {
  AgentState,
  Association,
  AssociationSummary,
  Cluster,
  Namespace,
  Pod,
  ServiceAccount,
} from '../../identity/facts.ts';
import { type Failure, failed, lastKnown, type Reading, read, unread } from '../../identity/reading.ts';
import type { ClusterRef, Subject } from '../../identity/scope.ts';
import { fromBefore } from '../picture/before.ts';
import { Associations } from './associations.ts';
import { type Change, renewed, sameServiceAccount } from './change.ts';
import { compactAssociation, compactNamespace, compactServiceAccount, compactSummary } from './compact.ts';
import { SubjectCounts, Trait } from './counts.ts';
import type { Pool } from './intern.ts';
import { keyOf } from './keys.ts';
import { Marks } from './marks.ts';
import { Pods } from './pods.ts';
import { type RoleNames, RoleUses } from './role-uses.ts';
import { Stale } from './stale.ts';

/** Whether all of a kind was listed, and when last; its objects are kept apart, by key. */
export type Coverage = Reading<'all'>;

/** What only grows older is shown at the latest after this, milliseconds. */
export const AGE_SHOWN_WITHIN = 5_000;

/** What the facts of a cluster tell the store that holds them. */
export type ClusterWatcher = {
  /** Something changed, to be shown within so many milliseconds. */
  readonly changed: (within: number) => void;
  /** Within how many milliseconds a fact is shown of a cluster that nobody has opened. */
  readonly pace: () => number;
  readonly now: () => number;
  readonly roleNamed: (arn: string) => void;
  readonly roleForgotten: (arn: string) => void;
};

/** Everything known about one cluster, with its indexes and counts, kept as facts come in one at a time. */
export class ClusterFacts {
  readonly ref: ClusterRef;
  readonly namespaces = new Map<string, Namespace>();
  readonly serviceAccounts = new Map<string, ServiceAccount>();
  readonly associations = new Associations();
  readonly pods = new Pods();
  readonly roleUses: RoleUses;
  readonly counts = new SubjectCounts();
  readonly stale = new Stale();
  /** What changed since the first lists, for a while. */
  readonly marks = new Marks();
  /** The model's revision at the last commit that changed this cluster. */
  revision = 0;
  /** Changed since that commit. */
  dirty = true;
  /** Somebody looks at what is inside, not only at the cluster's own row. */
  opened = false;
  /** Grows with every change of what is known, not with ages. */
  content = 0;
  #cluster: Reading<Cluster> = unread;
  #agent: Reading<AgentState> = unread;
  #namespacesRead: Coverage = unread;
  #serviceAccountsRead: Coverage = unread;
  #associationsRead: Coverage = unread;
  #podsRead: Coverage = unread;
  readonly #watcher: ClusterWatcher;
  readonly #pool: Pool;

  /** `pool`: one for all clusters, whose facts share many texts. */
  constructor(ref: ClusterRef, watcher: ClusterWatcher, pool: Pool) {
    this.ref = ref;
    this.#watcher = watcher;
    this.#pool = pool;
    this.roleUses = new RoleUses(watcher.roleNamed, watcher.roleForgotten);
  }

  get cluster(): Reading<Cluster> {
    return this.#cluster;
  }
  get agent(): Reading<AgentState> {
    return this.#agent;
  }
  get namespacesRead(): Coverage {
    return this.#namespacesRead;
  }
  get serviceAccountsRead(): Coverage {
    return this.#serviceAccountsRead;
  }
  get associationsRead(): Coverage {
    return this.#associationsRead;
  }
  get podsRead(): Coverage {
    return this.#podsRead;
  }

  /** Keys of all service accounts that the cluster or an association knows. */
  subjects(): Iterable<string> {
    return new Set([...this.serviceAccounts.keys(), ...this.associations.subjects()]);
  }

  putCluster(cluster: Cluster, at: number): void {
    const { reading, fresh } = renewed(this.#cluster, cluster, at);
    this.#cluster = reading;
    this.#everything(fresh);
  }

  failCluster(failure: Failure, at: number): void {
    this.#cluster = failed(failure, at, this.#cluster);
    this.#everything(true);
  }

  putAgent(agent: AgentState, at: number): void {
    const { reading, fresh } = renewed(this.#agent, agent, at);
    this.#agent = reading;
    this.#everything(fresh);
  }

  failAgent(failure: Failure, at: number): void {
    this.#agent = failed(failure, at, this.#agent);
    this.#everything(true);
  }

  /** A fact outside the cluster that every row of it depends on changed, e.g. the account's OIDC providers. */
  surroundingsChanged(): void {
    this.#everything(true);
  }

  /** What changed a while ago is shown as a change no more. */
  forgetOldMarks(now: number): void {
    for (const key of this.marks.expire(now)) {
      this.stale.subject(key);
      this.stale.association(key);
      this.dirty = true;
    }
  }

  /** What the first list holds is not new, nor what the first one after the last sitting's picture holds. */
  #mark(change: Change, covered: Coverage, keys: readonly string[], at: number): void {
    const first = covered.state === 'unread' || (covered.state === 'failed' && covered.failure === fromBefore);
    if (change === 'same' || first) return;
    for (const key of keys) this.marks.put(key, change, at);
  }

  /** A role that the cluster names is known to be otherwise. */
  roleChanged(arn: string): void {
    for (const key of this.roleUses.get(arn)?.subjects ?? []) this.#rows(key);
    this.#touch('fact');
  }

  /** A role that the cluster names was read again and says the same: only its own row tells its age. */
  roleRenewed(): void {
    this.#touch('age');
  }

  putNamespace(told: Namespace): Change {
    const namespace = compactNamespace(told, this.#pool);
    const before = this.namespaces.get(namespace.name);
    if (isDeepStrictEqual(before, namespace)) return 'same';
    this.namespaces.set(namespace.name, namespace);
    if (before?.phase !== namespace.phase) this.stale.all();
    this.#touch('fact');
    return before ? 'changed' : 'new';
  }

  deleteNamespace(name: string): boolean {
    if (!this.namespaces.delete(name)) return false;
    this.stale.all();
    this.#touch('fact');
    return true;
  }

  namespacesListed(at: number): void {
    this.#namespacesRead = this.#covered(this.#namespacesRead, at);
  }

  failNamespaces(failure: Failure, at: number): void {
    this.#namespacesRead = failed(failure, at, this.#namespacesRead);
    this.#everything(true);
  }

  putServiceAccount(told: ServiceAccount): Change {
    const account = compactServiceAccount(told, this.#pool);
    const key = this.#key(account);
    const before = this.serviceAccounts.get(key);
    if (before && sameServiceAccount(before, account)) {
      if (before.resourceVersion !== account.resourceVersion)
        this.#edit(account, () => this.serviceAccounts.set(key, account));
      return 'same';
    }
    this.#edit(account, () => this.serviceAccounts.set(key, account));
    const change = before ? 'changed' : 'new';
    this.#mark(change, this.#serviceAccountsRead, [key], this.#watcher.now());
    return change;
  }

  deleteServiceAccount(key: string): ServiceAccount | undefined {
    const before = this.serviceAccounts.get(key);
    if (before) this.#edit(before, () => this.serviceAccounts.delete(key));
    return before;
  }

  serviceAccountsListed(at: number): void {
    this.#serviceAccountsRead = this.#covered(this.#serviceAccountsRead, at);
  }

  failServiceAccounts(failure: Failure, at: number): void {
    this.#serviceAccountsRead = failed(failure, at, this.#serviceAccountsRead);
    this.#everything(true);
  }

  putSummary(told: AssociationSummary): Change {
    const before = this.associations.get(told.id)?.summary;
    if (before && before.ownerArn === told.ownerArn) return 'same';
    const summary = compactSummary(told, this.#pool);
    const key = this.#key(summary);
    this.#edit(summary, () => this.associations.putSummary(summary, key), summary.id);
    const change = before ? 'changed' : 'new';
    this.#mark(change, this.#associationsRead, [summary.id, key], this.#watcher.now());
    return change;
  }

  /** Ignored for an association that was never listed, or is gone. */
  putAssociation(told: Association, at: number): Change {
    const entry = this.associations.get(told.id);
    if (!entry) return 'same';
    const association = compactAssociation(told, entry.summary, this.#pool);
    const { reading, change, fresh } = renewed(entry.described, association, at);
    this.#edit(association, () => this.associations.putDescribed(association.id, reading), association.id, fresh);
    // The first description of an association is not a change of it.
    if (change === 'changed') this.#mark(change, this.#associationsRead, [association.id, this.#key(association)], at);
    return change;
  }

  failAssociation(id: string, failure: Failure, at: number): void {
    const entry = this.associations.get(id);
    if (!entry) return;
    const reading = failed(failure, at, entry.described);
    this.#edit(entry.summary, () => this.associations.putDescribed(id, reading), id);
  }

  deleteAssociation(id: string): AssociationSummary | undefined {
    const before = this.associations.get(id)?.summary;
    if (before) this.#edit(before, () => this.associations.delete(id), id);
    return before;
  }

  associationsListed(at: number): void {
    this.#associationsRead = this.#covered(this.#associationsRead, at);
  }

  failAssociations(failure: Failure, at: number): void {
    this.#associationsRead = failed(failure, at, this.#associationsRead);
    this.#everything(true);
  }

  putPod(pod: Pod): void {
    const before = this.pods.get(pod.uid);
    if (isDeepStrictEqual(before, pod)) return;
    this.pods.put(pod);
    if (before) this.#rows(keyOf(before));
    this.#rows(keyOf(pod));
    this.#touch('fact');
  }

  deletePod(uid: string): void {
    const before = this.pods.get(uid);
    if (!before) return;
    this.pods.delete(uid);
    this.#rows(keyOf(before));
    this.#touch('fact');
  }

  podsListed(at: number): void {
    this.#podsRead = this.#covered(this.#podsRead, at);
  }

  failPods(failure: Failure, at: number): void {
    this.#podsRead = failed(failure, at, this.#podsRead);
    this.#everything(true);
  }

  /** Pods are no longer watched: what is not kept up to date is not known. */
  forgetPods(): void {
    this.pods.clear();
    this.#podsRead = unread;
    this.#everything(true);
  }

  /** Gives back every role the cluster named. */
  forgetRoles(): void {
    for (const arn of [...this.roleUses.arns()]) this.#watcher.roleForgotten(arn);
  }

  #covered(before: Coverage, at: number): Coverage {
    this.#everything(before.state !== 'read');
    return read('all', at);
  }

  /** `fresh`: more than an age changed. */
  #everything(fresh: boolean): void {
    if (fresh) this.stale.all();
    this.#touch(fresh ? 'fact' : 'age');
  }

  #rows(key: string): void {
    this.stale.subject(key);
    const id = this.associations.idOf(key);
    if (id !== undefined) this.stale.association(id);
  }

  /** Changes facts about one service account, and with them its counts, its roles' users and its rows. */
  #edit(subject: Subject, edit: () => void, associationId?: string, fresh = true): void {
    const key = this.#key(subject);
    const traits = this.#traits(key);
    const names = this.#roleNames(key);
    // Before as well as after: another association may come to stand for the service account.
    this.#rows(key);
    edit();
    this.counts.move(subject.namespace, traits, this.#traits(key));
    this.roleUses.move(key, names, this.#roleNames(key));
    this.#rows(key);
    if (associationId !== undefined) this.stale.association(associationId);
    this.#touch(fresh ? 'fact' : 'age');
  }

  #key(subject: Subject): string {
    return this.#pool.text(keyOf(subject));
  }

  #traits(key: string): number {
    const account = this.serviceAccounts.get(key);
    return (
      (account ? Trait.serviceAccount : 0) |
      (account?.roleArn === undefined ? 0 : Trait.irsa) |
      (this.associations.idOf(key) === undefined ? 0 : Trait.association)
    );
  }

  #roleNames(key: string): RoleNames {
    const association = lastKnown(this.associations.of(key)?.described ?? unread)?.value;
    return {
      irsa: this.serviceAccounts.get(key)?.roleArn,
      association: association?.roleArn,
      target: association?.targetRoleArn,
    };
  }

  #touch(what: 'fact' | 'age'): void {
    this.dirty = true;
    if (what === 'fact') this.content += 1;
    this.#watcher.changed(what === 'age' ? AGE_SHOWN_WITHIN : this.opened ? 0 : this.#watcher.pace());
  }
}
