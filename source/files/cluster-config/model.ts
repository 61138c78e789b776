import type { Subject } from '../../identity/scope.ts';
import type { AssociationChange, WantedAddon, WantedAssociation } from '../../plan/wanted.ts';

/** Something wrong in a file. */
export type ConfigError = {
  /** From 1, as editors count. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** e.g. `iam.podIdentityAssociations[2].roleARN`; empty: the file as a whole. */
  readonly path: string;
  /** One sentence that begins with the path, where there is one. Safe to print. */
  readonly message: string;
};

/** Where in a file something was written. */
export type Origin = { readonly path: string; readonly line: number };

/** What a file says of its cluster. */
export type ConfigMetadata = {
  readonly clusterName: string;
  readonly region: string;
  /** Of `metadata.tags`; they go on stacks that are made. */
  readonly metadataTags: Readonly<Record<string, string>>;
};

/** A file as `create` and `apply` read it. */
export type ClusterConfig = ConfigMetadata & {
  /** The file has the list `iam.podIdentityAssociations`, be it an empty one. Without it nothing may be pruned. */
  readonly listsAssociations: boolean;
  readonly associations: readonly WantedAssociation[];
  /** Add-ons of which the file says something about Pod Identity, and the agent; all others are read past. */
  readonly addons: readonly WantedAddon[];
  /** Of each association and add-on, in their order. */
  readonly origins: { readonly associations: readonly Origin[]; readonly addons: readonly Origin[] };
};

/** A file as `update` reads it: what an entry does not mention stays as it is. */
export type ChangesConfig = ConfigMetadata & {
  readonly changes: readonly AssociationChange[];
  readonly origins: { readonly changes: readonly Origin[] };
};

/** A file as `delete` reads it. */
export type SubjectsConfig = ConfigMetadata & {
  readonly subjects: readonly Subject[];
  readonly origins: { readonly subjects: readonly Origin[] };
};

/**
 * What a file is read for. `create`: all rules, and at least one association. `apply`: all rules; add-ons alone, or an
 * empty list, will do. `update`: the changes that entries mention. `delete`: who is meant. `get`: which cluster is meant.
 */
export type ConfigMode = keyof ConfigOf;

export type ConfigOf = {
  readonly create: ClusterConfig;
  readonly apply: ClusterConfig;
  readonly update: ChangesConfig;
  readonly delete: SubjectsConfig;
  readonly get: ConfigMetadata;
};

export type ConfigResult<T> =
  /** Warnings: what the file says and what has no effect. */
  | { readonly ok: true; readonly value: T; readonly warnings: readonly ConfigError[] }
  /** All that is wrong, in the order of the file. */
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** `file` is as the user wrote it; `-` reads "standard input" in messages. */
export type ParseOptions<M extends ConfigMode> = { readonly mode?: M };
