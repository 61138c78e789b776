/**
 * The add-ons that this EKS offers: versions, namespaces, and the service accounts that take Pod Identity with the
 * managed policies AWS recommends for them (EKS user guide, "AWS add-ons", and DescribeAddonConfiguration's answers).
 */
export type AddonOffer = {
  readonly name: string;
  readonly type: string;
  readonly namespace: string;
  /** Newest first; the first one is the default. */
  readonly versions: readonly string[];
  readonly identities: readonly { readonly serviceAccount: string; readonly managedPolicies: readonly string[] }[];
};

/** Kubernetes versions that the offered add-on versions fit; newest first. */
export const OFFERED_KUBERNETES = ['1.36', '1.35', '1.34', '1.33', '1.32'] as const;

export const ADDON_OFFERS: readonly AddonOffer[] = [
  offer('eks-pod-identity-agent', 'security', ['v1.3.10-eksbuild.3', 'v1.3.9-eksbuild.3', 'v1.0.0-eksbuild.1']),
  offer('vpc-cni', 'networking', ['v1.20.4-eksbuild.2', 'v1.19.6-eksbuild.7'], [['aws-node', 'AmazonEKS_CNI_Policy']]),
  offer('coredns', 'networking', ['v1.12.4-eksbuild.1', 'v1.11.4-eksbuild.24']),
  offer('kube-proxy', 'networking', ['v1.34.1-eksbuild.2', 'v1.33.5-eksbuild.2']),
  offer(
    'aws-ebs-csi-driver',
    'storage',
    ['v1.53.0-eksbuild.1', 'v1.48.0-eksbuild.2'],
    [['ebs-csi-controller-sa', 'service-role/AmazonEBSCSIDriverPolicy']],
  ),
  offer(
    'aws-efs-csi-driver',
    'storage',
    ['v2.1.15-eksbuild.1', 'v2.1.11-eksbuild.1'],
    [['efs-csi-controller-sa', 'service-role/AmazonEFSCSIDriverPolicy']],
  ),
  offer(
    'aws-mountpoint-s3-csi-driver',
    'storage',
    ['v2.2.1-eksbuild.1'],
    [['s3-csi-driver-sa', 'AmazonS3ReadOnlyAccess']],
  ),
  offer('snapshot-controller', 'storage', ['v8.3.0-eksbuild.1']),
  offer(
    'amazon-cloudwatch-observability',
    'observability',
    ['v4.6.0-eksbuild.1'],
    [['cloudwatch-agent', 'CloudWatchAgentServerPolicy']],
    'amazon-cloudwatch',
  ),
  offer(
    'adot',
    'observability',
    ['v0.131.0-eksbuild.1'],
    [
      ['adot-col-prom-metrics', 'AmazonPrometheusRemoteWriteAccess'],
      ['adot-col-otlp-ingest', 'AWSXrayWriteOnlyAccess'],
      ['adot-col-container-logs', 'CloudWatchAgentServerPolicy'],
    ],
    'opentelemetry-operator-system',
  ),
];

export const DEFAULT_ADDON_VERSION: Readonly<Record<string, string>> = Object.fromEntries(
  ADDON_OFFERS.map(each => [each.name, each.versions[0] ?? '']),
);

/** Namespace in which an add-on lives; unknown add-ons live in kube-system. */
export function addonNamespace(name: string): string {
  return ADDON_OFFERS.find(each => each.name === name)?.namespace ?? 'kube-system';
}

function offer(
  name: string,
  type: string,
  versions: readonly string[],
  identities: readonly (readonly [serviceAccount: string, policy: string])[] = [],
  namespace = 'kube-system',
): AddonOffer {
  return {
    name,
    type,
    namespace,
    versions,
    identities: identities.map(([serviceAccount, policy]) => ({
      serviceAccount,
      managedPolicies: [`arn:aws:iam::aws:policy/${policy}`],
    })),
  };
}
