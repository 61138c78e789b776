/**
 * What a screen can ask of the live model. Rows are plain records; formatting is the screen's. A `Count` or field that
 * is `undefined` is not known yet or could not be read: never shown as zero.
 */
import type { AgentState, Association, Cluster, Namespace, Pod, RoleFact, ServiceAccount } from '../identity/facts.ts';
import type { Health } from '../identity/health.ts';
import type { Reading } from '../identity/reading.ts';

export type Count = number | undefined;

/** Something changed in the world, by us or by others, while we looked: `at` in ms since the epoch. */
export type ChangeMark = { readonly kind: 'new' | 'changed'; readonly at: number };

export type ClusterRow = {
  /** Cluster ARN. */
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly cluster: Reading<Cluster>;
  readonly agent: Reading<AgentState>;
  readonly associations: Count;
  readonly serviceAccounts: Count;
  readonly irsa: Count;
  readonly both: Count;
  readonly health: Health;
  /** Counts of findings by level below this cluster. */
  readonly errors: number;
  readonly warnings: number;
};

export type NamespaceRow = {
  /** `{cluster ARN}|{namespace}` */
  readonly id: string;
  readonly cluster: string;
  readonly name: string;
  /** Absent when only associations name it, or Kubernetes could not be read: `inCluster` tells which. */
  readonly namespace?: Namespace;
  /** `undefined`: not known, since the cluster's namespaces were never read. */
  readonly inCluster: boolean | undefined;
  readonly serviceAccounts: Count;
  readonly associations: Count;
  readonly irsa: Count;
  readonly both: Count;
  readonly pods: Count;
  readonly podsOnIrsa: Count;
  readonly health: Health;
};

/** One row for every (namespace, service account) that Kubernetes, an association, or both know. */
export type ServiceAccountRow = {
  /** `{cluster ARN}|{namespace}/{name}` */
  readonly id: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent when the cluster does not have it, or could not be read: `inCluster` tells which. */
  readonly serviceAccount?: ServiceAccount;
  readonly inCluster: boolean | undefined;
  readonly irsaRoleArn?: string;
  readonly associationId?: string;
  readonly association: Reading<Association | undefined>;
  readonly pods: Count;
  readonly podsOnIrsa: Count;
  readonly health: Health;
  /** Absent: nothing changed lately. */
  readonly mark?: ChangeMark;
};

export type AssociationRow = {
  /** `{cluster ARN}|{association id}` */
  readonly id: string;
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  readonly account: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly associationId: string;
  readonly ownerArn?: string;
  readonly association: Reading<Association>;
  readonly pods: Count;
  readonly health: Health;
  /** Absent: nothing changed lately. */
  readonly mark?: ChangeMark;
};

export type RoleRow = {
  /** `{cluster ARN}|{role ARN}` */
  readonly id: string;
  readonly cluster: string;
  readonly arn: string;
  readonly name: string;
  readonly role: Reading<RoleFact>;
  readonly trustsPods: boolean | undefined;
  /** Issuers it trusts by web identity, with how many subjects. */
  readonly oidcIssuers: readonly string[];
  readonly associations: number;
  readonly irsaServiceAccounts: Count;
  /** How many clusters in scope use it. */
  readonly clusters: number;
  readonly health: Health;
};

/** One place facts come from: an API of an account and region, or a cluster's Kubernetes API. */
export type SourceState = {
  readonly id: string;
  readonly source: 'sts' | 'eks' | 'iam' | 'cloudformation' | 'kubernetes';
  /** What it covers, for people: a region, or a cluster's name. */
  readonly covers: string;
  readonly state: 'waiting' | 'loading' | 'live' | 'stale' | 'failed';
  /** Time of the last good answer. */
  readonly at?: number;
  readonly failure?: import('../identity/reading.ts').Failure;
  /** When it is tried again, ms since the epoch. */
  readonly retryAt?: number;
  /** How fast it may be asked now; absent where nothing limits it. */
  readonly rate?: RequestRate;
};

/** The pace that a service is found to bear: it grows slowly, and halves when the service says to slow down. */
export type RequestRate = {
  /** Requests a second. */
  readonly perSecond: number;
  /** Requests that wait for their turn. */
  readonly queued: number;
  /** Nothing is sent before this time, ms since the epoch: the service said to slow down. */
  readonly throttledUntil?: number;
};

/** A line of what the model saw change or what went wrong; text is already sanitised. */
export type LogLine = {
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly source: string;
  readonly text: string;
};

/** What is on screen, so that the sync can read it first. */
export type Focus = {
  readonly cluster?: string;
  readonly namespace?: string;
  /** Row ids in the window, first to last. */
  readonly rows?: readonly string[];
};

export interface LiveModel {
  /** Grows with every commit of facts. */
  readonly revision: number;
  /** Called after a commit; at most 20 times a second for data. */
  subscribe(listener: () => void): () => void;

  /** Arrays are cached: the same array comes back until a revision changes it. Sorted by name, then namespace. */
  clusters(): readonly ClusterRow[];
  namespaces(cluster: string): readonly NamespaceRow[];
  /** Without a cluster: of all of them, one cluster after another. */
  serviceAccounts(cluster?: string, namespace?: string): readonly ServiceAccountRow[];
  /** As `serviceAccounts`. */
  associations(cluster?: string, namespace?: string): readonly AssociationRow[];
  roles(cluster: string): readonly RoleRow[];
  pods(cluster: string): Reading<readonly Pod[]>;
  role(cluster: string, arn: string): Reading<RoleFact>;
  sources(): readonly SourceState[];
  log(): readonly LogLine[];
  /** Who we are, from STS. */
  caller(): Reading<{ readonly account: string; readonly arn: string }>;
  /** The name that an account gave itself; read and undefined: it has none. Names can mislead, numbers cannot. */
  accountAlias(account: string): Reading<string | undefined>;

  focus(what: Focus): void;
  /** Reads again now: everything, or one cluster. */
  refresh(cluster?: string): void;
  /** Stops every loop, watch and socket; resolves when none is left. */
  close(): Promise<void>;
}
