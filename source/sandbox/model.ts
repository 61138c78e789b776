/**
 * The state of the embedded AWS and Kubernetes, and the shapes that pass through its core. The core is
 * `handle(request, now)`: no sockets, no timers, no clock of its own; the shell around it serves HTTP.
 */

export type SandboxRequest = {
  /** Which server was asked: the AWS endpoint, or one cluster's API server. */
  readonly endpoint: { readonly kind: 'aws' } | { readonly kind: 'kubernetes'; readonly cluster: string };
  readonly method: string;
  /** Path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type SandboxResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** A watch: lines go on coming after `body` until either side ends it. */
  readonly stream?: SandboxStream;
  /** The shell cuts the connection: before answering, or after the request took effect. */
  readonly disconnect?: 'before' | 'after';
};

export type SandboxStream = {
  /** Starts delivery; returns what stops it. `end` is called when the server closes the stream. */
  subscribe(push: (line: string) => void, end: () => void): () => void;
};

/** An IAM principal that may call: told apart by access key. */
export type Caller = {
  readonly accessKeyId: string;
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** Actions refused for this caller, e.g. `eks:ListClusters`, `iam:*`; for tests of denial. */
  readonly denied: Set<string>;
  /** Answers ExpiredTokenException to everything. */
  expired: boolean;
  /** Signatures are verified with it. A sandbox's key opens nothing else. */
  readonly secretAccessKey: string;
  /** Whether clusters added later let this caller in. */
  readonly clusterAccess: boolean;
};

export type RoleRecord = {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  trustPolicy: string;
  readonly tags: Map<string, string>;
  readonly attachedPolicies: Set<string>;
  readonly inlinePolicies: Map<string, string>;
  permissionsBoundary?: string;
  description?: string;
  maxSessionSeconds: number;
  readonly createdAt: number;
  lastUsedAt?: number;
  serviceLinked: boolean;
  /** Eventual consistency: what other services (EKS) see until `visibleAt`. */
  visibleAt: number;
  previousTrustPolicy?: string;
};

export type StackRecord = {
  readonly name: string;
  readonly id: string;
  readonly region: string;
  status: string;
  statusReason?: string;
  template: string;
  readonly parameters: Map<string, string>;
  readonly tags: Map<string, string>;
  capabilities: string[];
  readonly outputs: Map<string, string>;
  /** By logical id. */
  readonly resources: Map<string, { physicalId: string; type: string; status: string }>;
  /** Oldest first. */
  readonly events: {
    id: string;
    at: number;
    logicalId: string;
    physicalId: string;
    type: string;
    status: string;
    reason?: string;
    /** Of the operation that it is part of. */
    token?: string;
  }[];
  /** Client request token of the operation that is under way, or of the last one. */
  token?: string;
  terminationProtection: boolean;
  description?: string;
  readonly createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  /** By change set name. */
  readonly changeSets: Map<string, ChangeSetRecord>;
  /** Client request tokens of accepted operations: the same token again is the same operation. */
  readonly requestTokens: Set<string>;
};

/** What a stack is to become: the input of a create or update, all defaults filled in. */
export type StackInput = {
  readonly template: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
};

export type ChangeSetRecord = {
  readonly name: string;
  readonly id: string;
  readonly type: 'CREATE' | 'UPDATE';
  status: string;
  statusReason?: string;
  executionStatus: string;
  readonly input: StackInput;
  readonly changes: readonly {
    readonly action: 'Add' | 'Modify' | 'Remove';
    readonly logicalId: string;
    readonly physicalId?: string;
    readonly type: string;
  }[];
  description?: string;
  readonly createdAt: number;
};

export type Account = {
  readonly id: string;
  readonly partition: string;
  /** Unique in the partition; an account has one at the most. */
  alias?: string;
  /** By role name in lower case: IAM names are unique regardless of case. */
  readonly roles: Map<string, RoleRecord>;
  /** By provider ARN. */
  readonly oidcProviders: Map<string, { readonly url: string; readonly clientIds: string[] }>;
  /** By stack id; deleted stacks stay. */
  readonly stacks: Map<string, StackRecord>;
  /** Documents of customer managed policies by ARN; made with the first one. */
  policies?: Map<string, string>;
};

export type AssociationRecord = {
  readonly id: string;
  readonly arn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  roleArn: string;
  targetRoleArn?: string;
  externalId?: string;
  disableSessionTags: boolean;
  policy?: string;
  readonly tags: Map<string, string>;
  ownerArn?: string;
  readonly createdAt: number;
  modifiedAt: number;
  /** Eventual consistency: lists and describes see it (or its change) only from here on. */
  visibleAt: number;
  /** Set when deleted: gone from reads at `visibleAt`, and the pair is busy until then. */
  deleted: boolean;
  /** What reads still see of a changed association until `visibleAt`. */
  previous?: AssociationContent;
};

/** The part of an association that an update changes. */
export type AssociationContent = {
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly externalId?: string;
  readonly disableSessionTags: boolean;
  readonly policy?: string;
  readonly modifiedAt: number;
};

export type AddonRecord = {
  readonly name: string;
  readonly arn: string;
  version: string;
  status: string;
  serviceAccountRoleArn?: string;
  configurationValues?: string;
  associationIds: string[];
  issues: { code: string; message: string }[];
  readonly tags: Map<string, string>;
  readonly createdAt: number;
  modifiedAt: number;
};

export type ClusterRecord = {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  status: string;
  version: string;
  platformVersion: string;
  /** Host part is filled in by the shell once its sockets are open. */
  endpoint: string;
  certificateAuthority: string;
  /** Without `https://`; undefined: no issuer. */
  readonly issuer?: string;
  autoMode: boolean;
  authenticationMode: string;
  readonly tags: Map<string, string>;
  readonly createdAt: number;
  readonly associations: Map<string, AssociationRecord>;
  readonly addons: Map<string, AddonRecord>;
  readonly updates: Map<
    string,
    { id: string; type: string; status: string; addon?: string; createdAt: number; errors: unknown[] }
  >;
  /** Access keys that the Kubernetes API lets in; others get 401. */
  readonly accessEntries: Set<string>;
  readonly kube: KubeStore;
};

/** A Kubernetes object as it is on the wire; the sandbox keeps whatever is in it. */
export type KubeObject = {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [key: string]: unknown;
  };
  [key: string]: unknown;
};

export type KubeEvent = {
  readonly resource: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** What it was before; undefined for ADDED. */
  readonly previous?: KubeObject;
  readonly resourceVersion: number;
};

/** Credentials that a running pod holds: they work until they expire, whatever happens to role or association. */
export type PodLease = {
  readonly mechanism: 'pod-identity' | 'irsa';
  readonly roleArn: string;
  readonly expiresAt: number;
  /** When the pod's SDK or the agent fetches new ones. */
  readonly renewAt: number;
};

export type KubeStore = {
  /** Grows by one with each change in this cluster. */
  resourceVersion: number;
  /** resource (`serviceaccounts`, `pods`, `deployments`, ...) -> `namespace/name` or `name` -> object. */
  readonly objects: Map<string, Map<string, KubeObject>>;
  /** Recent events, oldest first; a watch from before the first one gets 410. */
  readonly history: KubeEvent[];
  /** resourceVersion before the oldest event kept. */
  compactedAt: number;
  readonly listeners: Set<(event: KubeEvent) => void>;
  /** Refuses connections: for tests of an unreachable API server. */
  unreachable: boolean;
  /** Plural names of the custom resources that are installed. */
  custom?: Set<string>;
  /** Set with the first request: from then on nothing can appear as if it had always been there. */
  served?: boolean;
  /** By pod uid; made when the first pod starts. */
  leases?: Map<string, PodLease>;
  /** When the first of the leases is due. */
  leasesDueAt?: number;
};

export type Faults = {
  /** Milliseconds added to each answer. */
  latency: number;
  /** Requests a second per account, region and service before throttling; 0: no limit. */
  throttle: number;
  /** 0..1: share of requests that fail, half by a 5xx answer, half by a cut connection. */
  rate: number;
  /** Milliseconds until a write is seen by other reads and services; 0: at once. */
  consistency: number;
  /** Scripted: the next `times` matching requests fail so. */
  readonly scripted: {
    readonly operation: string;
    times: number;
    readonly status?: number;
    readonly code?: string;
    readonly message?: string;
    readonly disconnect?: 'before' | 'after';
  }[];
};

export type LoggedRequest = {
  readonly at: number;
  readonly service: 'eks' | 'iam' | 'sts' | 'cloudformation' | 'kubernetes';
  readonly operation: string;
  readonly write: boolean;
  readonly account: string;
  readonly region?: string;
  readonly cluster?: string;
  readonly subject?: string;
  readonly status: number;
  readonly code?: string;
};

export type World = {
  readonly name: string;
  readonly accounts: Map<string, Account>;
  /** By access key id. */
  readonly callers: Map<string, Caller>;
  /** By cluster ARN. */
  readonly clusters: Map<string, ClusterRecord>;
  readonly faults: Faults;
  /** Regions that a service control policy forbids to everybody: their services answer, and refuse. */
  readonly refusedRegions: Set<string>;
  /** Newest last; capped, while `counts` are not. */
  readonly requests: LoggedRequest[];
  /** `service:Operation` -> count. */
  readonly counts: Map<string, { reads: number; writes: number; throttled: number; failed: number }>;
  /** Things that happen later: stacks finish, add-ons become ACTIVE, pods start. Run by `advance`, in order of time. */
  readonly schedule: { readonly at: number; readonly run: (world: World, now: number) => void }[];
  /** Token buckets of throttling, by account, region and service. */
  readonly buckets: Map<string, { tokens: number; at: number }>;
  /** Idempotency of EKS writes: `account/region/operation/token` -> the request and what it made. */
  readonly requestTokens: Map<string, { readonly request: string; readonly id: string }>;
  /** Simulated controllers: run by `advance` after each thing that happened, so they must be cheap when idle. */
  controllers?: Set<(world: World, now: number) => void>;
  /** Seeded; the only source of chance. Returns 0 <= x < 1. */
  readonly random: () => number;
  now: number;
};
