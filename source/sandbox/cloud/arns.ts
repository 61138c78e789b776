/** ARNs of EKS resources, made and read. */
import type { ClusterRecord } from '../model.ts';

/** `arn:…:podidentityassociation/{cluster}/{id}`. */
export function associationArn(cluster: ClusterRecord, id: string): string {
  return `${clusterArnPrefix(cluster)}:podidentityassociation/${cluster.name}/${id}`;
}

/** `arn:…:addon/{cluster}/{addon}/{uuid}`. */
export function addonArn(cluster: ClusterRecord, addon: string, uuid: string): string {
  return `${clusterArnPrefix(cluster)}:addon/${cluster.name}/${addon}/${uuid}`;
}

/**
 * What EKS sends as `sts:ExternalId` when it assumes a target role (EKS user guide, "Access AWS resources using EKS
 * Pod Identity target IAM roles").
 */
export function externalIdOf(cluster: ClusterRecord, namespace: string, serviceAccount: string): string {
  return `${cluster.region}/${cluster.account}/${cluster.name}/${namespace}/${serviceAccount}`;
}

/** Account of an ARN; empty when it is none. */
export function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function clusterArnPrefix(cluster: ClusterRecord): string {
  return cluster.arn.slice(0, cluster.arn.indexOf(':cluster/'));
}
