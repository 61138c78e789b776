import type { Addon, Association } from '../../identity/facts.ts';
import type { ClusterRef } from '../../identity/scope.ts';

/** What an export needs of a cluster. */
export type ExportCluster = Pick<ClusterRef, 'name' | 'region'>;

/** What an export needs of an association, as DescribePodIdentityAssociation tells it. */
export type ExportAssociation = Pick<
  Association,
  | 'id'
  | 'namespace'
  | 'serviceAccount'
  | 'ownerArn'
  | 'roleArn'
  | 'targetRoleArn'
  | 'disableSessionTags'
  | 'policy'
  | 'tags'
>;

/** What an export needs of an add-on. Without it an add-on is known by what it owns, and its version is not written. */
export type ExportAddon = Pick<Addon, 'name' | 'version'>;

/** Makes a file's text of what is there. Pure; the order of the facts makes no difference. */
export type Exporter = (
  cluster: ExportCluster,
  associations: readonly ExportAssociation[],
  addons?: readonly ExportAddon[],
) => string;
