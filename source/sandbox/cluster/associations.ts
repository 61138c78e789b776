/** The associations of a cluster as EKS's own parts (the admission webhook, the credential service) see them. */
import type { AssociationRecord, ClusterRecord } from '../model.ts';

export type EffectiveAssociation = {
  readonly id: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly externalId?: string;
  readonly sessionTags: boolean;
};

/** What counts at `now`: eventual consistency lets an old state live on until the change becomes visible. */
export function effective(association: AssociationRecord, now: number): EffectiveAssociation | undefined {
  const settled = association.visibleAt <= now;
  if (association.deleted ? settled : !settled && association.previous === undefined) {
    return undefined;
  }
  const { id, namespace, serviceAccount } = association;
  const content = settled ? association : (association.previous ?? association);
  const { targetRoleArn: target, externalId } = content;
  return {
    id,
    namespace,
    serviceAccount,
    roleArn: content.roleArn,
    sessionTags: !content.disableSessionTags,
    ...(target === undefined || target === '' ? {} : { targetRoleArn: target }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

export function associationOf(
  cluster: ClusterRecord,
  namespace: string,
  serviceAccount: string,
  now: number,
): EffectiveAssociation | undefined {
  for (const association of cluster.associations.values()) {
    if (association.serviceAccount === serviceAccount && association.namespace === namespace) {
      const found = effective(association, now);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

/** All that count at `now`, by `namespace/name` of the service account. */
export function effectiveAssociations(cluster: ClusterRecord, now: number): ReadonlyMap<string, EffectiveAssociation> {
  const found = new Map<string, EffectiveAssociation>();
  for (const association of cluster.associations.values()) {
    const counting = effective(association, now);
    const key = `${association.namespace}/${association.serviceAccount}`;
    // While one is being deleted and the next made, the first of them counts, as in `associationOf`.
    if (counting !== undefined && !found.has(key)) {
      found.set(key, counting);
    }
  }
  return found;
}
