import type { Subject } from '../identity/scope.ts';
import type { AssociationChange, WantedAddon, WantedAssociation } from './wanted.ts';

export type CreateRequest = {
  readonly command: 'create';
  readonly associations: readonly WantedAssociation[];
  /** Install the agent first where the cluster has none. */
  readonly installAgent?: boolean;
};

export type UpdateRequest = {
  readonly command: 'update';
  readonly changes: readonly AssociationChange[];
};

/** Deletes what is named, and what was made for it alone: its role's stack, its service account. */
export type DeleteRequest = {
  readonly command: 'delete';
  readonly subjects: readonly Subject[];
};

/** Creates what is missing, changes what differs, says what is the same. */
export type ApplyRequest = {
  readonly command: 'apply';
  readonly associations: readonly WantedAssociation[];
  readonly addons: readonly WantedAddon[];
  /** Also delete associations of the cluster that are not named (never those that an add-on owns). */
  readonly prune: boolean;
};

export type MigrateRequest = {
  readonly command: 'migrate';
  readonly removeOidcProviderTrust: boolean;
  /** Empty or absent: the whole cluster. */
  readonly namespaces?: readonly string[];
  readonly subjects?: readonly Subject[];
  /** Namespaces, `namespace/name` pairs or role names that are left out, each with a remark. */
  readonly exclude?: readonly string[];
  /** The user says knowingly that the agent is ready where nodes or pods cannot be read. */
  readonly assumeAgentReady?: boolean;
  /** Restart workloads in waves after their association is there. */
  readonly restartWorkloads?: boolean;
  /** Also retire statements whose subjects have wildcards. */
  readonly retireWildcards?: boolean;
  /** `auto`: off where the role's policies allow sts:AssumeRole, or cannot be read. */
  readonly sessionTags?: 'auto' | 'on' | 'off';
  /** How narrow the new trust statement is. */
  readonly trustScope?: 'none' | 'account' | 'cluster' | 'subject';
};

/** What a planner is asked for. The cluster comes with the snapshot. */
export type PlanRequest = CreateRequest | UpdateRequest | DeleteRequest | ApplyRequest | MigrateRequest;
