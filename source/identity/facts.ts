import type { ClusterRef, Subject } from './scope.ts';

/** An EKS cluster as DescribeCluster answers it, less what the tool does not use. */
export type Cluster = ClusterRef & {
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING' | 'FAILED' | 'UPDATING' | 'PENDING' | (string & {});
  /** Kubernetes minor version, e.g. `1.33`. */
  readonly version: string;
  readonly platformVersion?: string;
  readonly endpoint?: string;
  /** Base64 PEM, as DescribeCluster gives it. */
  readonly certificateAuthority?: string;
  /** `https://oidc.eks...`; absent when the cluster has no issuer. */
  readonly oidcIssuer?: string;
  /** EKS Auto Mode (`computeConfig.enabled`): the agent is built in. */
  readonly autoMode: boolean;
  /** Of its pods and services. */
  readonly ipFamily?: 'ipv4' | 'ipv6';
  readonly authenticationMode?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt?: number;
};

/** How many of the agent's pods run where they should; from the DaemonSet's status. */
export type Rollout = { readonly desired: number; readonly ready: number };

/** What stands for the Pod Identity agent in a cluster (design word: agent). */
export type AgentState =
  | { readonly kind: 'auto-mode' }
  | {
      readonly kind: 'addon';
      readonly version: string;
      readonly status: string;
      readonly issues: readonly string[];
      /** Absent while the cluster's DaemonSets cannot be read: then readiness is not checked. */
      readonly rollout?: Rollout;
    }
  | { readonly kind: 'daemonset'; readonly namespace: string; readonly name: string; readonly rollout: Rollout }
  | { readonly kind: 'missing' };

export type Namespace = {
  readonly name: string;
  readonly phase: 'Active' | 'Terminating' | (string & {});
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt?: number;
};

/** A Kubernetes service account with the annotations that decide its identity. */
export type ServiceAccount = Subject & {
  readonly uid: string;
  readonly resourceVersion: string;
  /** Annotation `eks.amazonaws.com/role-arn`, as written: it may be malformed. */
  readonly roleArn?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt?: number;
};

/** What ListPodIdentityAssociations tells: no role, no dates. */
export type AssociationSummary = Subject & {
  /** `a-` and 17 characters. */
  readonly id: string;
  readonly arn: string;
  /** The add-on that owns it, when one does. */
  readonly ownerArn?: string;
};

/** What DescribePodIdentityAssociation tells. */
export type Association = AssociationSummary & {
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly externalId?: string;
  readonly disableSessionTags: boolean;
  /** Session policy, JSON text. */
  readonly policy?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt?: number;
  readonly modifiedAt?: number;
};

/** An IAM role. `trustPolicy` is the document's text, decoded from the wire but otherwise as received. */
export type Role = {
  readonly arn: string;
  readonly name: string;
  /** RoleId, `AROA...`. */
  readonly id?: string;
  readonly trustPolicy: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly permissionsBoundary?: string;
  readonly createdAt?: number;
  readonly lastUsedAt?: number;
  readonly maxSessionSeconds?: number;
};

/** A role that was looked for: there, or known not to be (NoSuchEntity is a fact, not a failure). */
export type RoleFact = { readonly exists: true; readonly role: Role } | { readonly exists: false };

export type Addon = {
  readonly name: string;
  readonly version: string;
  readonly status: string;
  readonly arn?: string;
  readonly serviceAccountRoleArn?: string;
  /** ARNs of the associations that the add-on owns. */
  readonly associationArns: readonly string[];
  readonly configurationValues?: string;
  /**
   * Service accounts of this version that can take a role by Pod Identity (DescribeAddonConfiguration); empty: none
   * can. Absent: not read, so the add-on is not migrated.
   */
  readonly podIdentityServiceAccounts?: readonly string[];
  readonly issues: readonly string[];
};

/** What EKS offers of an add-on for a cluster's Kubernetes version (DescribeAddonVersions, DescribeAddonConfiguration). */
export type AddonOffer = {
  readonly name: string;
  /** The version that was asked for, or the default for the cluster's own Kubernetes version. */
  readonly version: string;
  readonly podIdentity: readonly {
    readonly serviceAccount: string;
    readonly recommendedPolicyArns: readonly string[];
  }[];
};

/** A CloudFormation stack that made a role (eksctl's, or anybody's). */
export type RoleStack = {
  readonly stackName: string;
  readonly stackId: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
};

/** Which credentials a pod was born with: its environment is set at its creation and never changes while it runs. */
export type PodMechanism = 'irsa' | 'pod-identity' | 'both' | 'none';

export type Pod = Subject & {
  readonly name: string;
  readonly uid: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly node?: string;
  readonly phase: string;
  readonly mechanism: PodMechanism;
  /** Role in the pod's AWS_ROLE_ARN, when it was born with web identity. */
  readonly roleArn?: string;
  /** `eks.amazonaws.com/skip-containers`: the admission webhook leaves these containers alone. */
  readonly skipContainers?: readonly string[];
  /** Fargate and Windows pods cannot use Pod Identity. */
  readonly platform: 'linux' | 'fargate' | 'windows';
  readonly createdAt?: number;
  /** Its Ready condition is true. */
  readonly ready?: true;
  /** Told to end: it still runs, with the credentials it has. */
  readonly terminating?: true;
};

/** A node as far as it matters for the agent: whether it can run it, and whether a ready agent pod is on it. */
export type KubeNode = {
  readonly name: string;
  readonly platform: 'linux' | 'fargate' | 'windows';
  /** EKS Auto Mode and hybrid nodes are told apart by `eks.amazonaws.com/compute-type`. */
  readonly computeType?: string;
  readonly ready: boolean;
  readonly labels: Readonly<Record<string, string>>;
};

/** Something other than a pod that assumes a role through a service account's web identity. */
export type WebIdentityUser = Subject & {
  /** e.g. `SecretStore payments/vault`. */
  readonly what: string;
};

/** Who else manages a role or a service account, by evidence. */
export type Owner = {
  readonly kind: 'cloudformation' | 'cdk' | 'terraform' | 'helm' | 'argocd' | 'flux';
  /** What was seen, e.g. the stack's name, a resource address, or a label. */
  readonly evidence: string;
};
