import type { Subject } from '../identity/scope.ts';

export type CreateRequest = Subject & {
  readonly command: 'create';
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  /** Session policy, JSON text. */
  readonly policy?: string;
  readonly tags: Readonly<Record<string, string>>;
};

/** What is not mentioned stays as it is. `null` clears. */
export type UpdateRequest = Subject & {
  readonly command: 'update';
  readonly roleArn?: string;
  readonly targetRoleArn?: string | null;
  readonly disableSessionTags?: boolean;
  readonly policy?: string | null;
  /** The whole set wanted; absent: leave the tags alone. */
  readonly tags?: Readonly<Record<string, string>>;
};

export type DeleteRequest = {
  readonly command: 'delete';
  readonly subjects: readonly Subject[];
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
export type PlanRequest = CreateRequest | UpdateRequest | DeleteRequest | MigrateRequest;
