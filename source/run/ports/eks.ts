import type { Addon, Association, AssociationSummary, Cluster } from '../../identity/facts.ts';
import type { CallOptions } from './call.ts';

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
