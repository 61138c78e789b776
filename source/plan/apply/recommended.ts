import type { Snapshot } from '../../identity/snapshot.ts';
import type { RoleRecipe, WantedAddon, WantedAddonAssociation } from '../wanted.ts';
import type { AddonState } from './addon-roles.ts';

/** What EKS recommends, for service accounts that have nothing yet. */
export const recommended = (
  { cluster }: Snapshot,
  { name }: WantedAddon,
  { supported, current }: AddonState,
): readonly WantedAddonAssociation[] =>
  supported
    .filter(({ serviceAccount }) => !current.some(each => each.serviceAccount === serviceAccount))
    .map(({ serviceAccount, recommendedPolicyArns }) => {
      const ipv6 = name === 'vpc-cni' && cluster.ipFamily === 'ipv6';
      const recipe: RoleRecipe = {
        permissionPolicyArns: ipv6 ? [] : recommendedPolicyArns,
        ...(ipv6 && { permissionPolicy: cniPolicyOfIpv6(cluster.partition) }),
        wellKnownPolicies: [],
      };
      return { serviceAccount, role: { kind: 'made', recipe } };
    });

/**
 * What EKS recommends for vpc-cni lets it assign IPv4 addresses; there is no managed policy for IPv6 (EKS User Guide,
 * "Configure Amazon VPC CNI plugin to use IRSA", the policy of IPv6 clusters; with what newer versions read besides).
 */
const cniPolicyOfIpv6 = (partition: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'ec2:AssignIpv6Addresses',
          'ec2:DescribeInstances',
          'ec2:DescribeTags',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeInstanceTypes',
          'ec2:DescribeSubnets',
          'ec2:DescribeSecurityGroups',
        ],
        Resource: '*',
      },
      { Effect: 'Allow', Action: ['ec2:CreateTags'], Resource: `arn:${partition}:ec2:*:*:network-interface/*` },
    ],
  });
