/** Clusters as EKS tells of them (EKS API reference, ListClusters and DescribeCluster). */
import type { ClusterRecord } from '../../model.ts';
import type { RestContext, RestOperation } from '../context.ts';
import { clusterNamed, pageAsked, wireTime } from './shared.ts';

export const CLUSTER_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  ListClusters: context => {
    const names = clustersHere(context).map(each => each.name);
    const page = pageAsked(context, names, each => each, `clusters ${context.account.id}/${context.region}`);
    return { clusters: page.items, nextToken: page.next ?? null };
  },
  DescribeCluster: context => ({ cluster: describe(clusterNamed(context, context.labels.name ?? '')) }),
};

function clustersHere({ world, account, region }: RestContext): ClusterRecord[] {
  return [...world.clusters.values()].filter(each => each.account === account.id && each.region === region);
}

function describe(cluster: ClusterRecord): object {
  const { account, region } = cluster;
  const partition = cluster.arn.split(':')[1] ?? 'aws';
  return {
    name: cluster.name,
    arn: cluster.arn,
    createdAt: wireTime(cluster.createdAt),
    version: cluster.version,
    endpoint: cluster.endpoint,
    roleArn: `arn:${partition}:iam::${account}:role/eks-cluster-${cluster.name}`,
    resourcesVpcConfig: {
      subnetIds: ['subnet-0a1b2c3d4e5f60001', 'subnet-0a1b2c3d4e5f60002'],
      securityGroupIds: [],
      clusterSecurityGroupId: 'sg-0a1b2c3d4e5f60003',
      vpcId: 'vpc-0a1b2c3d4e5f60004',
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      publicAccessCidrs: ['0.0.0.0/0'],
    },
    kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16', ipFamily: 'ipv4' },
    logging: { clusterLogging: [] },
    identity: cluster.issuer === undefined ? undefined : { oidc: { issuer: `https://${cluster.issuer}` } },
    status: cluster.status,
    certificateAuthority: { data: cluster.certificateAuthority },
    platformVersion: cluster.platformVersion,
    tags: Object.fromEntries(cluster.tags),
    health: { issues: [] },
    accessConfig: { authenticationMode: cluster.authenticationMode },
    upgradePolicy: { supportType: 'STANDARD' },
    computeConfig: cluster.autoMode
      ? {
          enabled: true,
          nodePools: ['general-purpose', 'system'],
          nodeRoleArn: `arn:${partition}:iam::${account}:role/eks-node-${region}`,
        }
      : { enabled: false, nodePools: [] },
    deletionProtection: false,
  };
}
