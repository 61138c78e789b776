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
};

/** What a planner is asked for. The cluster comes with the snapshot. */
export type PlanRequest = CreateRequest | UpdateRequest | DeleteRequest | MigrateRequest;
