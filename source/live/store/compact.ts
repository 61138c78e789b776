/**
 * Facts as they are kept: the same values in less memory. Answers come as objects of many shapes with their own copies
 * of every text; by the hundred thousand that is most of what the process holds.
 */
import type { Association, AssociationSummary, Namespace, ServiceAccount } from '../../identity/facts.ts';
import type { Pool } from './intern.ts';

/**
 * `kubectl apply` keeps a copy of the whole object in this annotation (Kubernetes documentation, "Well-Known Labels,
 * Annotations and Taints"): nothing is decided by it, and it is the largest part of many service accounts.
 */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export function compactServiceAccount(account: ServiceAccount, pool: Pool): ServiceAccount {
  const { namespace, serviceAccount, uid, resourceVersion, annotations, labels, roleArn, createdAt } = account;
  return {
    namespace: pool.text(namespace),
    serviceAccount: pool.text(serviceAccount),
    uid,
    resourceVersion,
    annotations: annotationsOf(annotations, roleArn, pool),
    labels: pool.record(labels),
    ...(createdAt !== undefined && { createdAt }),
    ...(roleArn !== undefined && { roleArn: pool.text(roleArn) }),
  };
}

function annotationsOf(
  annotations: Readonly<Record<string, string>>,
  roleArn: string | undefined,
  pool: Pool,
): Readonly<Record<string, string>> {
  if (!(lastApplied in annotations)) return roleArn === undefined ? pool.record(annotations) : annotations;
  const { [lastApplied]: _, ...others } = annotations;
  return pool.record(others);
}

export function compactNamespace(namespace: Namespace, pool: Pool): Namespace {
  const annotationless = { ...namespace, name: pool.text(namespace.name), labels: pool.record(namespace.labels) };
  return { ...annotationless, phase: pool.text(namespace.phase) };
}

export function compactSummary(summary: AssociationSummary, pool: Pool): AssociationSummary {
  const { id, arn, namespace, serviceAccount, ownerArn } = summary;
  return {
    id,
    arn: sharedArn(arn, id, pool),
    namespace: pool.text(namespace),
    serviceAccount: pool.text(serviceAccount),
    ...(ownerArn !== undefined && { ownerArn: pool.text(ownerArn) }),
  };
}

/** `before`: what the list told of it, whose texts are there already. */
export function compactAssociation(association: Association, before: AssociationSummary, pool: Pool): Association {
  const { ownerArn, targetRoleArn, externalId, policy, createdAt, modifiedAt } = association;
  return {
    id: before.id,
    // Told by the id; comparing the texts would join the parts of the one that is kept.
    arn: before.arn === '' ? sharedArn(association.arn, before.id, pool) : before.arn,
    namespace: pool.text(association.namespace),
    serviceAccount: pool.text(association.serviceAccount),
    roleArn: pool.text(association.roleArn),
    disableSessionTags: association.disableSessionTags,
    tags: pool.record(association.tags),
    ...(createdAt !== undefined && { createdAt }),
    ...(modifiedAt !== undefined && { modifiedAt }),
    ...(ownerArn !== undefined && { ownerArn: pool.text(ownerArn) }),
    ...(targetRoleArn !== undefined && { targetRoleArn: pool.text(targetRoleArn) }),
    ...(externalId !== undefined && { externalId }),
    ...(policy !== undefined && { policy: pool.text(policy) }),
  };
}

/**
 * All ARNs of a cluster's associations begin alike: the engine keeps text that was put together from two parts as
 * those parts, so the beginning is there once.
 */
function sharedArn(arn: string, id: string, pool: Pool): string {
  return id !== '' && arn.endsWith(id) ? pool.text(arn.slice(0, -id.length)) + id : arn;
}
