import type { Subject } from '../identity/scope.ts';

/** Policies that eksctl knows by name, in its schema's spelling (eksctl ClusterConfig schema, `wellKnownPolicies`). */
export const wellKnownPolicies = [
  'imageBuilder',
  'autoScaler',
  'awsLoadBalancerController',
  'externalDNS',
  'certManager',
  'ebsCSIController',
  'efsCSIController',
] as const;

export type WellKnownPolicy = (typeof wellKnownPolicies)[number];

/** What a role that is made for an association shall be. */
export type RoleRecipe = {
  /** Explicit name; absent: CloudFormation makes one. */
  readonly roleName?: string;
  readonly permissionsBoundaryArn?: string;
  /** ARNs of managed policies. */
  readonly permissionPolicyArns: readonly string[];
  /** Inline policy document, JSON text. */
  readonly permissionPolicy?: string;
  /** Name of the inline policy's resource; only with `permissionPolicy`. */
  readonly permissionPolicyName?: string;
  readonly wellKnownPolicies: readonly WellKnownPolicy[];
};

/** Where the role of an association comes from: it is there, or a stack makes it. */
export type RoleSource =
  | { readonly kind: 'existing'; readonly roleArn: string }
  | { readonly kind: 'made'; readonly recipe: RoleRecipe };

/** One association as somebody wants it, by flags, by the form, or by a file. */
export type WantedAssociation = Subject & {
  readonly role: RoleSource;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  /** Session policy, JSON text. */
  readonly policy?: string;
  /** Of the association; of its role's stack too, where one is made. */
  readonly tags: Readonly<Record<string, string>>;
  /** Make the service account, and its namespace, where they are missing. */
  readonly createServiceAccount?: boolean;
  /** Tags of the file's `metadata.tags`: they go on a stack that is made, never on the association. */
  readonly stackTags?: Readonly<Record<string, string>>;
};

/** A change of one association. What is not mentioned stays as it is; `null` clears. */
export type AssociationChange = Subject & {
  /** Another role that is there. */
  readonly roleArn?: string;
  /**
   * Of the role that a stack makes: parts that are mentioned replace that part. With an existing role of nobody's stack it
   * is the recipe of a new one that takes its place.
   */
  readonly role?: Partial<RoleRecipe>;
  readonly targetRoleArn?: string | null;
  readonly disableSessionTags?: boolean;
  readonly policy?: string | null;
  /** The whole set wanted; absent: leave the tags alone. */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Delete the association and create it anew with the change, knowing that pods that start in between get no role. For what
   * EKS refuses to change in place.
   */
  readonly recreate?: boolean;
};

/** An add-on's association: EKS takes a service account and a role, nothing else. */
export type WantedAddonAssociation = { readonly serviceAccount: string; readonly role: RoleSource };

/** An add-on as a file wants it. */
export type WantedAddon = {
  readonly name: string;
  /** Absent: what is installed, or the default for the cluster's version; `latest` is resolved. */
  readonly version?: string;
  /** The whole set wanted; `[]` removes all; absent: left alone. */
  readonly associations?: readonly WantedAddonAssociation[];
  /** Use the roles that EKS recommends for this add-on (eksctl: useDefaultPodIdentityAssociations). */
  readonly useDefaults?: boolean;
  /** The same where the file makes it, if it takes roles at all (eksctl: addonsConfig.autoApplyPodIdentityAssociations). */
  readonly autoApply?: boolean;
  /** Of the add-on when it is made, and of the stacks of its roles. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly stackTags?: Readonly<Record<string, string>>;
};
