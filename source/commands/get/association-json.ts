import type { Association } from '../../identity/facts.ts';

/**
 * An association as `get -o json` and `-o yaml` print it: the fields of DescribePodIdentityAssociation under their names
 * (EKS API reference, PodIdentityAssociation), those without a value left out; times in RFC 3339. The schema is
 * docs/associations.schema.json.
 */
export type AssociationJson = {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly associationArn: string;
  readonly associationId: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  readonly ownerArn?: string;
  readonly disableSessionTags: boolean;
  readonly targetRoleArn?: string;
  readonly externalId?: string;
  /** JSON text, as EKS keeps it. */
  readonly policy?: string;
  /** Only with `--all`. */
  readonly account?: string;
  readonly region?: string;
};

/** Where an association was found; account and region are told apart only where there are several. */
export type Place = { readonly clusterName: string; readonly account?: string; readonly region?: string };

export function associationJson(association: Association, { clusterName, account, region }: Place): AssociationJson {
  const { namespace, serviceAccount, roleArn, arn, id, tags, disableSessionTags } = association;
  const { createdAt, modifiedAt, ownerArn, targetRoleArn, externalId, policy } = association;
  return {
    ...(account !== undefined && { account }),
    ...(region !== undefined && { region }),
    clusterName,
    namespace,
    serviceAccount,
    roleArn,
    associationArn: arn,
    associationId: id,
    tags,
    ...(createdAt !== undefined && { createdAt: new Date(createdAt).toISOString() }),
    ...(modifiedAt !== undefined && { modifiedAt: new Date(modifiedAt).toISOString() }),
    ...(ownerArn !== undefined && { ownerArn }),
    disableSessionTags,
    ...(targetRoleArn !== undefined && { targetRoleArn }),
    ...(externalId !== undefined && { externalId }),
    ...(policy !== undefined && { policy }),
  };
}

/** By account, region and cluster, then namespace and service account. */
export const inOrder = (rows: readonly AssociationJson[]): readonly AssociationJson[] =>
  rows.toSorted((a, b) => {
    for (const key of ['account', 'region', 'clusterName', 'namespace', 'serviceAccount', 'associationId'] as const) {
      const [one = '', other = ''] = [a[key], b[key]];
      if (one !== other) return one < other ? -1 : 1;
    }
    return 0;
  });
