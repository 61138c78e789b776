import type {
  Addon,
  AddonOffer,
  AgentState,
  Association,
  Cluster,
  KubeNode,
  Namespace,
  Owner,
  Pod,
  RoleFact,
  RoleStack,
  ServiceAccount,
  WebIdentityUser,
} from './facts.ts';
import type { Reading } from './reading.ts';

/** Who has roles of the cluster's account in its other clusters, as far as the credentials reach. */
export type RoleUsesElsewhere = {
  /** By role ARN: associations, as text for people. */
  readonly uses: ReadonlyMap<string, readonly string[]>;
  /** Clusters, by name, of which that could not be read. */
  readonly unread: readonly string[];
};

/**
 * The facts about one cluster and the roles it names, each with its age, and what could not be read.
 * Planners take a snapshot that was read for them; the live model is never planned from.
 */
export type Snapshot = {
  readonly cluster: Cluster;
  /** Milliseconds since the epoch at which reading began. */
  readonly readAt: number;
  /** ARN of whoever read it. */
  readonly caller?: string;
  readonly agent: Reading<AgentState>;
  readonly namespaces: Reading<readonly Namespace[]>;
  readonly serviceAccounts: Reading<readonly ServiceAccount[]>;
  readonly associations: Reading<readonly Association[]>;
  readonly addons: Reading<readonly Addon[]>;
  /** Whether IAM has an OIDC provider for the cluster's issuer. */
  readonly oidcProvider: Reading<boolean>;
  readonly pods: Reading<readonly Pod[]>;
  readonly nodes?: Reading<readonly KubeNode[]>;
  /** What assumes roles by a service account's web identity without being a pod. */
  readonly webIdentityUsers?: Reading<readonly WebIdentityUser[]>;
  /** By role ARN: whether its permission policies allow sts:AssumeRole (role chaining). */
  readonly chaining?: ReadonlyMap<string, Reading<boolean>>;
  /** By role ARN: owners other than eksctl's stack, e.g. from a Terraform state. */
  readonly roleOwners?: ReadonlyMap<string, Owner>;
  /** ARNs of the account's roles that trust the cluster's issuer, whoever names them; `roles` has them all. */
  readonly trustingRoles?: Reading<readonly string[]>;
  /** By role ARN as written: every role that an annotation, an association or an add-on names, or that was asked for. */
  readonly roles: ReadonlyMap<string, Reading<RoleFact>>;
  /** By role ARN: the eksctl stack that owns the role; `undefined` value: none does. */
  readonly roleStacks: ReadonlyMap<string, Reading<RoleStack | undefined>>;
  /** By name: stacks that a plan might make, change or delete; `undefined` value: there is none. */
  readonly stacks?: ReadonlyMap<string, Reading<RoleStack | undefined>>;
  /** By stack name: the template as submitted. */
  readonly templates?: ReadonlyMap<string, Reading<string>>;
  /** By add-on name: the version for this cluster, and what EKS recommends for its service accounts. */
  readonly addonOffers?: ReadonlyMap<string, Reading<AddonOffer>>;
  /** Of the roles whose stacks the plan takes away or changes, or whose trust it takes back; absent: of none. */
  readonly elsewhere?: RoleUsesElsewhere;
};
