import { issuerPath, roleArnOf } from '../identity/arn.ts';
import type { AgentState, Cluster, RoleFact } from '../identity/facts.ts';
import { known, type Reading, unread } from '../identity/reading.ts';
import { type ClusterRef, type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import type { Clock } from '../run/clock.ts';
import type { CallOptions, ClusterPorts } from '../run/ports.ts';
import { readAddonOffer } from './addon-offers.ts';
import { readAddons } from './addons.ts';
import { readAgent } from './agent.ts';
import { readAllAssociations } from './associations.ts';
import { attempt } from './attempt.ts';
import { kubernetesOf, readNamespaces, readPods, readServiceAccounts } from './kubernetes.ts';
import { readRole } from './roles.ts';
import { StackReader } from './snapshot-stacks.ts';
import { rolesTrusting } from './trust-sweep.ts';
import { everything, type Want } from './want.ts';
import type { ReadProgress } from './workbench.ts';

export type SnapshotOptions = {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Absent: everything. */
  readonly want?: Want;
};

/**
 * Reads a cluster's facts now, all sources at once. Each part is a reading of its own: one that fails says why and
 * leaves the others as they are. Throws `PortError` only when the cluster itself cannot be described, for then there is
 * nothing to plan with, and the signal's reason when it aborts.
 */
export async function readSnapshot(
  ports: ClusterPorts,
  cluster: ClusterRef,
  options: SnapshotOptions,
): Promise<Snapshot> {
  const { clock, signal, onProgress = () => {} } = options;
  const calls: CallOptions = { priority: 'visible', ...(signal ? { signal } : {}) };
  const readAt = clock.now();
  onProgress({ what: `cluster ${cluster.name}`, done: 0, of: 1 });
  const described = await ports.eks.describeCluster(cluster.name, calls);
  onProgress({ what: `cluster ${cluster.name}`, done: 1, of: 1 });
  const reader = new SnapshotReader(ports, described, { clock, calls, onProgress, want: options.want ?? everything });
  const snapshot = await reader.read(readAt);
  signal?.throwIfAborted();
  return snapshot;
}

type ReaderOptions = {
  readonly clock: Clock;
  readonly calls: CallOptions;
  readonly onProgress: (progress: ReadProgress) => void;
  readonly want: Want;
};

class SnapshotReader {
  readonly #ports: ClusterPorts;
  readonly #cluster: Cluster;
  readonly #options: ReaderOptions;
  readonly #roles = new Map<string, Promise<Reading<RoleFact>>>();
  readonly #annotated = new Set<string>();
  readonly #stacks: StackReader;
  #rolesDone = 0;

  constructor(ports: ClusterPorts, cluster: Cluster, options: ReaderOptions) {
    this.#ports = ports;
    this.#cluster = cluster;
    this.#options = options;
    this.#stacks = new StackReader(ports.cloudformation, options);
  }

  async read(readAt: number): Promise<Snapshot> {
    const { want } = this.#options;
    this.#wantRoles([...want.roles, ...want.roleNames.map(name => roleArnOf(this.#cluster, name))]);
    const [caller, agent, namespaces, serviceAccounts, associations, addons, oidcProvider, pods, gates, sweep, index] =
      await Promise.all([
        this.#caller(),
        this.#agent(),
        this.#namespaces(),
        this.#serviceAccounts(),
        this.#associations(),
        this.#addons(),
        this.#oidcProvider(),
        this.#pods(),
        this.#gates(),
        this.#trustingRoles(),
        this.#stacks.index(),
      ]);
    const [roles, addonOffers] = await Promise.all([this.#allRoles(), this.#addonOffers(addons)]);
    const [roleStacks, chaining, stacks] = await Promise.all([
      this.#stacks.owners(roles, index),
      this.#chaining(roles),
      this.#stacks.named(this.#cluster.name, index, associations, addonOffers),
    ]);
    const templates = await this.#stacks.templates(roleStacks, stacks);
    return {
      cluster: this.#cluster,
      readAt,
      ...(caller === undefined ? {} : { caller }),
      agent,
      namespaces,
      serviceAccounts,
      associations,
      addons,
      oidcProvider,
      pods,
      ...gates,
      ...(chaining ? { chaining } : {}),
      ...(sweep ? { trustingRoles: sweep } : {}),
      roles,
      roleStacks,
      stacks,
      ...(templates ? { templates } : {}),
      addonOffers,
    };
  }

  async #caller(): Promise<string | undefined> {
    const identity = await this.#try(() => this.#ports.sts.callerIdentity(this.#options.calls));
    return known(identity)?.arn;
  }

  async #agent(): Promise<Reading<AgentState>> {
    return this.#try(() => readAgent(this.#cluster, this.#ports, this.#options.calls));
  }

  async #namespaces(): Promise<Snapshot['namespaces']> {
    if (!this.#options.want.serviceAccounts) return unread;
    return this.#try(async () => readNamespaces(this.#kubernetes(), this.#options.calls));
  }

  async #serviceAccounts(): Promise<Snapshot['serviceAccounts']> {
    if (!this.#options.want.serviceAccounts) return unread;
    const reading = await this.#try(async () =>
      readServiceAccounts(this.#kubernetes(), this.#listOptions('service accounts', this.#options.want.whole)),
    );
    for (const { roleArn } of known(reading) ?? []) if (roleArn) this.#annotated.add(roleArn);
    this.#wantNamedRoles(reading);
    return reading;
  }

  async #pods(): Promise<Snapshot['pods']> {
    if (!this.#options.want.pods) return unread;
    return this.#try(async () => readPods(this.#kubernetes(), this.#listOptions('pods')));
  }

  async #gates(): Promise<Pick<Snapshot, 'nodes' | 'webIdentityUsers'>> {
    const { want, calls } = this.#options;
    if (!want.gates) return {};
    const [nodes, webIdentityUsers] = await Promise.all([
      this.#try(async () => this.#kubernetes().listNodes(calls)),
      this.#try(async () => this.#kubernetes().listWebIdentityUsers(calls)),
    ]);
    return { nodes, webIdentityUsers };
  }

  async #associations(): Promise<Snapshot['associations']> {
    const { clock, calls, want, onProgress } = this.#options;
    const reading = await this.#try(() =>
      readAllAssociations(this.#ports.eks, this.#cluster.name, clock, {
        ...calls,
        ...(want.subjects && !want.whole ? { subjects: want.subjects } : {}),
        onCount: done => onProgress({ what: 'associations', done }),
      }),
    );
    this.#wantNamedRoles(reading);
    return reading;
  }

  /** The roles that service accounts or associations name, of those that the request is about. */
  #wantNamedRoles(reading: Reading<readonly (Subject & { readonly roleArn?: string })[]>): void {
    const { namedRoles, subjects } = this.#options.want;
    if (!namedRoles) return;
    const concerned = subjects && new Set(subjects.map(subjectText));
    const named = (known(reading) ?? []).filter(each => !concerned || concerned.has(subjectText(each)));
    this.#wantRoles(named.map(({ roleArn }) => roleArn));
  }

  async #addons(): Promise<Snapshot['addons']> {
    if (!this.#options.want.addons) return unread;
    const reading = await this.#try(() => readAddons(this.#ports.eks, this.#cluster.name, this.#options.calls));
    if (this.#options.want.namedRoles) this.#wantRoles((known(reading) ?? []).map(each => each.serviceAccountRoleArn));
    return reading;
  }

  async #addonOffers(addons: Snapshot['addons']): Promise<NonNullable<Snapshot['addonOffers']>> {
    const { want, calls } = this.#options;
    const entries = want.addonOffers.map(async wanted => {
      const installed = known(addons)?.find(({ name }) => name === wanted.name);
      const read = () => readAddonOffer(this.#ports.eks, this.#cluster, wanted, installed, calls);
      return [wanted.name, await this.#try(read)] as const;
    });
    return new Map(await Promise.all(entries));
  }

  /** A cluster without an issuer has no provider either. */
  async #oidcProvider(): Promise<Reading<boolean>> {
    if (!this.#options.want.oidcProvider) return unread;
    const { oidcIssuer } = this.#cluster;
    return this.#try(async () => {
      if (!oidcIssuer) return false;
      const arns = await this.#ports.iam.listOidcProviders(this.#options.calls);
      return arns.some(arn => arn.endsWith(`:oidc-provider/${issuerPath(oidcIssuer)}`));
    });
  }

  async #trustingRoles(): Promise<Snapshot['trustingRoles']> {
    if (!this.#options.want.trustSweep) return undefined;
    const reading = await this.#try(() => rolesTrusting(this.#ports.iam, this.#cluster, this.#options.calls));
    this.#wantRoles(known(reading) ?? []);
    return reading;
  }

  /** Begins with each role as soon as something names it; each is read once. */
  #wantRoles(arns: readonly (string | undefined)[]): void {
    for (const arn of arns) {
      if (!arn || this.#roles.has(arn)) continue;
      const reading = this.#try(() => readRole(this.#ports.iam, arn, this.#cluster, this.#options.calls));
      this.#roles.set(
        arn,
        reading.finally(() => {
          this.#rolesDone += 1;
          this.#options.onProgress({ what: 'roles', done: this.#rolesDone, of: this.#roles.size });
        }),
      );
    }
  }

  async #allRoles(): Promise<ReadonlyMap<string, Reading<RoleFact>>> {
    const entries = [...this.#roles].map(async ([arn, reading]) => [arn, await reading] as const);
    return new Map(await Promise.all(entries));
  }

  /** Of the roles that annotations name: an association that is there keeps the session tags that it has. */
  async #chaining(roles: ReadonlyMap<string, Reading<RoleFact>>): Promise<Snapshot['chaining'] | undefined> {
    if (!this.#options.want.chaining) return undefined;
    const there = [...roles].flatMap(([arn, reading]) => {
      const fact = known(reading);
      return fact?.exists && this.#annotated.has(arn) ? [fact.role] : [];
    });
    let done = 0;
    const entries = there.map(async ({ arn, name }) => {
      const reading = await this.#try(() => this.#ports.iam.mayChain(name, this.#options.calls));
      done += 1;
      this.#options.onProgress({ what: 'policies of roles', done, of: there.length });
      return [arn, reading] as const;
    });
    return new Map(await Promise.all(entries));
  }

  #kubernetes() {
    return kubernetesOf(this.#ports.kubernetes, this.#cluster);
  }

  #listOptions(what: string, whole = false) {
    const { calls, want, onProgress } = this.#options;
    const namespaces = !whole && want.subjects && [...new Set(want.subjects.map(subject => subject.namespace))];
    return {
      ...calls,
      ...(namespaces ? { namespaces } : {}),
      onCount: (done: number) => onProgress({ what, done }),
    };
  }

  #try<T>(work: () => Promise<T>): Promise<Reading<T>> {
    return attempt(this.#options.clock, work);
  }
}
