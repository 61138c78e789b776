import type {
  Addon,
  AgentState,
  Association,
  Cluster,
  Namespace,
  Pod,
  RoleFact,
  RoleStack,
  ServiceAccount,
} from './facts.ts';
import type { Reading } from './reading.ts';

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
  /** By role ARN as written: every role that an annotation, an association or an add-on names. */
  readonly roles: ReadonlyMap<string, Reading<RoleFact>>;
  /** By role ARN: the eksctl stack that owns the role; `undefined` value: none does. */
  readonly roleStacks: ReadonlyMap<string, Reading<RoleStack | undefined>>;
};
