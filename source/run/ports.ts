/**
 * What a run and a reader need of the world. `aws/` and `kubernetes/` implement these; nothing above
 * them knows an SDK or a wire format. Every method throws `PortError` and nothing else.
 */
import type {
  Addon,
  Association,
  AssociationSummary,
  Cluster,
  KubeNode,
  Namespace,
  Pod,
  Role,
  RoleStack,
  Rollout,
  ServiceAccount,
  WebIdentityUser,
} from '../identity/facts.ts';
import type { Failure } from '../identity/reading.ts';
import type { WorkloadKind } from '../plan/action.ts';

/** The one error that ports throw; `failure` says what happened in terms a user can act on. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** Writes go first, then what is on screen, then the rest (one limiter per account, region and service). */
export type Priority = 'write' | 'visible' | 'background';

export type CallOptions = { readonly signal?: AbortSignal; readonly priority?: Priority };

/** One finished request, for the log and the stream of a run. No bodies, no secrets. */
export type RequestNote = {
  readonly at: number;
  readonly service: 'eks' | 'iam' | 'cloudformation' | 'sts' | 'kubernetes';
  readonly operation: string;
  readonly account?: string;
  readonly region?: string;
  readonly cluster?: string;
  /** What it was about, e.g. `payments/api` or a role name. */
  readonly subject?: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly attempts: number;
  readonly requestId?: string;
  readonly write: boolean;
};

export type RequestListener = (note: RequestNote) => void;

export type CreateAssociationInput = {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Idempotency: derived from run and action id. */
  readonly clientRequestToken?: string;
};

export type UpdateAssociationInput = {
  readonly clusterName: string;
  readonly associationId: string;
  readonly roleArn?: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  readonly policy?: string;
  readonly clientRequestToken?: string;
};

export type AddonVersion = {
  readonly version: string;
  /** Default for the Kubernetes version that was asked about. */
  readonly isDefault: boolean;
};

export interface EksPort {
  /** Cluster names, a page at a time. */
  listClusters(options?: CallOptions): AsyncIterable<readonly string[]>;
  describeCluster(name: string, options?: CallOptions): Promise<Cluster>;
  listAssociations(
    clusterName: string,
    filter?: { readonly namespace?: string; readonly serviceAccount?: string },
    options?: CallOptions,
  ): AsyncIterable<readonly AssociationSummary[]>;
  describeAssociation(clusterName: string, associationId: string, options?: CallOptions): Promise<Association>;
  createAssociation(input: CreateAssociationInput, options?: CallOptions): Promise<Association>;
  updateAssociation(input: UpdateAssociationInput, options?: CallOptions): Promise<Association>;
  deleteAssociation(clusterName: string, associationId: string, options?: CallOptions): Promise<void>;
  listAddons(clusterName: string, options?: CallOptions): AsyncIterable<readonly string[]>;
  describeAddon(clusterName: string, addonName: string, options?: CallOptions): Promise<Addon>;
  createAddon(
    input: {
      readonly clusterName: string;
      readonly addonName: string;
      readonly addonVersion?: string;
      readonly podIdentityAssociations?: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
      readonly tags?: Readonly<Record<string, string>>;
      readonly clientRequestToken?: string;
    },
    options?: CallOptions,
  ): Promise<Addon>;
  updateAddon(
    input: {
      readonly clusterName: string;
      readonly addonName: string;
      readonly addonVersion?: string;
      readonly configurationValues?: string;
      readonly podIdentityAssociations?: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
      readonly clientRequestToken?: string;
    },
    options?: CallOptions,
  ): Promise<{ readonly updateId: string }>;
  /** Versions of an add-on for a Kubernetes version, newest first. */
  addonVersions(addonName: string, kubernetesVersion: string, options?: CallOptions): Promise<readonly AddonVersion[]>;
  /** Service accounts of an add-on version that can take a Pod Identity role; empty: not supported. */
  addonServiceAccounts(addonName: string, addonVersion: string, options?: CallOptions): Promise<readonly string[]>;
  /** What EKS recommends for the service accounts of an add-on version; empty: it takes no Pod Identity roles. */
  addonRecommendations(
    addonName: string,
    addonVersion: string,
    options?: CallOptions,
  ): Promise<readonly { readonly serviceAccount: string; readonly recommendedPolicyArns: readonly string[] }[]>;
  tagResource(arn: string, tags: Readonly<Record<string, string>>, options?: CallOptions): Promise<void>;
  untagResource(arn: string, keys: readonly string[], options?: CallOptions): Promise<void>;
}

/** A permission policy of a role. */
export type RolePolicy = {
  readonly name: string;
  /** Of a managed policy; absent: it is the role's own. */
  readonly arn?: string;
  /** JSON, in its default version. */
  readonly document: string;
};

export interface IamPort {
  /** Throws `not-found` for NoSuchEntity. */
  getRole(roleName: string, options?: CallOptions): Promise<Role>;
  /** Every role of the account with its trust policy (tags and last use are not in the list). */
  listRoles(options?: CallOptions): AsyncIterable<readonly Role[]>;
  updateAssumeRolePolicy(roleName: string, document: string, options?: CallOptions): Promise<void>;
  /**
   * Whether any permission policy of the role (inline, managed; its boundary is not weighed) allows sts:AssumeRole on
   * anything. Throws when a policy cannot be read.
   */
  mayChain(roleName: string, options?: CallOptions): Promise<boolean>;
  /** The permission policies of a role, inline ones first, each with its document as text. */
  rolePolicies(roleName: string, options?: CallOptions): AsyncIterable<RolePolicy>;
  /** Managed policies that can be attached, a page at a time: the account's own first, then those of AWS. */
  listManagedPolicies(options?: CallOptions): AsyncIterable<readonly { readonly arn: string; readonly name: string }[]>;
  /** ARNs of the account's OIDC providers. */
  listOidcProviders(options?: CallOptions): Promise<readonly string[]>;
  /** The account's name, which it chose itself; undefined when it has none. An account has one at the most. */
  accountAlias(options?: CallOptions): Promise<string | undefined>;
}

export type StackEvent = {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly resourceType: string;
  readonly status: string;
  readonly reason?: string;
  /** Of the request that the event comes from. */
  readonly clientRequestToken?: string;
};

export interface CloudFormationPort {
  /** All stacks of the account and region that still exist, a page at a time. */
  listStacks(options?: CallOptions): AsyncIterable<readonly RoleStack[]>;
  /** By name or id; throws `not-found` when there is none. */
  describeStack(nameOrId: string, options?: CallOptions): Promise<RoleStack>;
  /** The stack that made this physical resource; undefined when none did. */
  stackOfResource(
    physicalId: string,
    options?: CallOptions,
  ): Promise<{ stackName: string; logicalId: string } | undefined>;
  /** Logical id by physical id of a stack's resources. */
  stackResources(
    stackName: string,
    options?: CallOptions,
  ): Promise<readonly { readonly logicalId: string; readonly physicalId: string; readonly type: string }[]>;
  /** Template as submitted (TemplateStage Original). */
  getTemplate(stackName: string, options?: CallOptions): Promise<string>;
  /** Throws `invalid` with "No updates are to be performed." when nothing would change. */
  updateStack(
    input: {
      readonly stackName: string;
      readonly templateBody: string;
      readonly capabilities: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
      /** Names of parameters whose previous value is used. */
      readonly keepParameters: readonly string[];
      readonly clientRequestToken?: string;
    },
    options?: CallOptions,
  ): Promise<void>;
  /** Returns the new stack's id at once. Throws `exists` when there is a stack of that name. */
  createStack(
    input: {
      readonly stackName: string;
      readonly templateBody: string;
      readonly capabilities: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
      readonly enableTerminationProtection: boolean;
      readonly clientRequestToken?: string;
    },
    options?: CallOptions,
  ): Promise<{ readonly stackId: string }>;
  setTerminationProtection(stackName: string, enabled: boolean, options?: CallOptions): Promise<void>;
  /** Returns at once; what becomes of it is seen by describeStack with the stack's id. */
  deleteStack(stackNameOrId: string, clientRequestToken: string | undefined, options?: CallOptions): Promise<void>;
  stackEvents(stackName: string, options?: CallOptions): Promise<readonly StackEvent[]>;
}

export interface StsPort {
  callerIdentity(options?: CallOptions): Promise<{ readonly account: string; readonly arn: string }>;
}

export type WatchEvent<T> =
  | { readonly type: 'put'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'delete'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

export type KubernetesPage<T> = {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** From remainingItemCount, where the server tells. */
  readonly remaining?: number;
};

/** One kind of object: list in pages, then watch from the list's resourceVersion. */
export interface KubernetesCollection<T> {
  list(options?: CallOptions & { readonly namespace?: string }): AsyncIterable<KubernetesPage<T>>;
  /**
   * Events after `resourceVersion`; ends normally when the server closes the stream. Throws `PortError` with
   * code `Expired` (410) when the version is too old: the caller lists again. The first event is a bookmark at
   * `resourceVersion`, told when the server accepted the watch: nothing else tells a quiet watch from a dead one.
   */
  watch(resourceVersion: string, options?: CallOptions): AsyncIterable<WatchEvent<T>>;
}

export type DaemonSet = {
  readonly namespace: string;
  readonly name: string;
  readonly rollout: Rollout;
  readonly images: readonly string[];
};

/** A workload's progress; a roll-out is through when the generation is observed and all pods are updated and ready. */
export type Workload = {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  /** Pods there are, of this template and of older ones. */
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  /** Value of the pod template's restartedAt annotation. */
  readonly restartedAt?: string;
  readonly paused: boolean;
  /** Update strategy OnDelete: a changed template does not replace the pods that run. */
  readonly onDelete: boolean;
};

export interface KubernetesPort {
  readonly namespaces: KubernetesCollection<Namespace>;
  readonly serviceAccounts: KubernetesCollection<ServiceAccount>;
  readonly pods: KubernetesCollection<Pod>;
  listDaemonSets(namespace: string, options?: CallOptions): Promise<readonly DaemonSet[]>;
  getServiceAccount(namespace: string, name: string, options?: CallOptions): Promise<ServiceAccount>;
  /**
   * Merge patch of single annotations (null removes one), with the object's resourceVersion as an optimistic lock:
   * throws `conflict` when it changed since.
   */
  annotateServiceAccount(
    namespace: string,
    name: string,
    annotations: Readonly<Record<string, string | null>>,
    resourceVersion: string,
    options?: CallOptions,
  ): Promise<ServiceAccount>;
  getNamespace(name: string, options?: CallOptions): Promise<Namespace>;
  /** Throws `exists` when there is one of that name. */
  createNamespace(name: string, options?: CallOptions): Promise<void>;
  /** Throws `exists` when there is one of that name. */
  createServiceAccount(
    namespace: string,
    name: string,
    labels: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<ServiceAccount>;
  /** Throws `conflict` when one of that name but of another uid is there by now, `not-found` when there is none. */
  deleteServiceAccount(namespace: string, name: string, uid: string, options?: CallOptions): Promise<void>;
  listNodes(options?: CallOptions): Promise<readonly KubeNode[]>;
  /**
   * Objects that assume roles by a service account's web identity without being a pod (External Secrets, CSI driver).
   * Empty where their kinds are not installed; throws when any of the installed ones cannot be read.
   */
  listWebIdentityUsers(options?: CallOptions): Promise<readonly WebIdentityUser[]>;
  /** Pods of one service account, now. */
  podsOf(namespace: string, serviceAccount: string, options?: CallOptions): Promise<readonly Pod[]>;
  getWorkload(kind: WorkloadKind, namespace: string, name: string, options?: CallOptions): Promise<Workload>;
  /** As `kubectl rollout restart`: patches the pod template's annotation `kubectl.kubernetes.io/restartedAt`. */
  restartWorkload(
    kind: WorkloadKind,
    namespace: string,
    name: string,
    restartedAt: string,
    options?: CallOptions,
  ): Promise<Workload>;
  /** Throws `conflict` when a pod of that name but of another uid is there by now, `not-found` when there is none. */
  deletePod(namespace: string, name: string, uid: string, options?: CallOptions): Promise<void>;
  /** SelfSubjectAccessReview. */
  can(
    request: { readonly verb: string; readonly resource: string; readonly group?: string; readonly namespace?: string },
    options?: CallOptions,
  ): Promise<boolean>;
  version(options?: CallOptions): Promise<string>;
  /** Closes sockets; calls after it throw. */
  close(): void;
}

/** Everything a run on one cluster may touch. */
export type ClusterPorts = {
  readonly eks: EksPort;
  readonly iam: IamPort;
  readonly cloudformation: CloudFormationPort;
  readonly sts: StsPort;
  /** Absent when there is no way to the API server; then nothing that needs it is planned. */
  readonly kubernetes?: KubernetesPort;
};
