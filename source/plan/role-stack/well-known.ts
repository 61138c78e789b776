/**
 * The policies that eksctl knows by name, as data (eksctl, pkg/cfn/builder; user documentation "IAM permissions
 * boundary" and "IAM policies"). Kept as eksctl has them, so that a stack made here and one made there are the same; the
 * projects that they are for publish newer ones now and then.
 */
import type { WellKnownPolicy } from '../wanted.ts';

export type Statement = Readonly<Record<string, unknown>>;

export type Realised =
  /** A policy of AWS, by its path and name below `arn:{partition}:iam::aws:policy/`. */
  | { readonly kind: 'managed'; readonly name: string }
  /** Policies of the role's own, by the logical id of their resource. */
  | { readonly kind: 'custom'; readonly policies: Readonly<Record<string, readonly Statement[]>> };

/** Text in which CloudFormation puts the partition, so that one template serves them all. */
const inPartition = (arn: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:${arn}` });

const actions = (service: string, ...names: readonly string[]): readonly string[] =>
  names.map(name => `${service}:${name}`);

const allow = (Action: readonly string[], Resource: unknown, Condition?: object): Statement => ({
  Effect: 'Allow',
  Resource,
  Action,
  ...(Condition && { Condition }),
});

const hostedZones = inPartition('route53:::hostedzone/*');

const efsTag = (source: 'RequestTag' | 'ResourceTag') => ({
  StringLike: { [`aws:${source}/efs.csi.aws.com/cluster`]: 'true' },
});

const efs: readonly Statement[] = [
  allow(actions('elasticfilesystem', 'DescribeAccessPoints', 'DescribeFileSystems'), '*'),
  allow(actions('elasticfilesystem', 'CreateAccessPoint'), '*', efsTag('RequestTag')),
  allow(actions('elasticfilesystem', 'TagResource'), '*', efsTag('RequestTag')),
  allow(actions('elasticfilesystem', 'DeleteAccessPoint'), '*', efsTag('ResourceTag')),
];

const autoScaling: readonly Statement[] = [
  allow(
    [
      ...actions(
        'autoscaling',
        'DescribeAutoScalingGroups',
        'DescribeAutoScalingInstances',
        'DescribeLaunchConfigurations',
        'DescribeScalingActivities',
        'DescribeTags',
      ),
      ...actions('ec2', 'DescribeInstanceTypes', 'DescribeLaunchTemplateVersions'),
    ],
    '*',
  ),
  allow(
    [
      ...actions('autoscaling', 'SetDesiredCapacity', 'TerminateInstanceInAutoScalingGroup'),
      ...actions('ec2', 'DescribeImages', 'GetInstanceTypesFromInstanceRequirements'),
      ...actions('eks', 'DescribeNodegroup'),
    ],
    '*',
  ),
];

const loadBalancerTag = 'elbv2.k8s.aws/cluster';
/** `Null: "false"`: the tag has to be there; `"true"`: it must not (IAM User Guide, "Null condition operator"). */
const tagged = { [`aws:ResourceTag/${loadBalancerTag}`]: 'false' };
const tagging = { [`aws:RequestTag/${loadBalancerTag}`]: 'false' };
const retagging = { [`aws:RequestTag/${loadBalancerTag}`]: 'true', ...tagged };

const securityGroups = inPartition('ec2:*:*:security-group/*');
const balancing = (...resources: readonly string[]) =>
  resources.map(resource => inPartition(`elasticloadbalancing:*:*:${resource}`));
const groupsAndBalancers = balancing('targetgroup/*/*', 'loadbalancer/net/*/*', 'loadbalancer/app/*/*');
const balance = (...names: readonly string[]) => actions('elasticloadbalancing', ...names);
const firewall = (service: string) =>
  actions(service, 'GetWebACL', 'GetWebACLForResource', 'AssociateWebACL', 'DisassociateWebACL');

const loadBalancer: readonly Statement[] = [
  allow(actions('iam', 'CreateServiceLinkedRole'), '*', {
    StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' },
  }),
  allow(
    [
      ...actions(
        'ec2',
        'DescribeAccountAttributes',
        'DescribeAddresses',
        'DescribeAvailabilityZones',
        'DescribeInternetGateways',
        'DescribeVpcs',
        'DescribeVpcPeeringConnections',
        'DescribeSubnets',
        'DescribeSecurityGroups',
        'DescribeInstances',
        'DescribeNetworkInterfaces',
        'DescribeTags',
        'GetCoipPoolUsage',
        'DescribeCoipPools',
        'GetSecurityGroupsForVpc',
        'DescribeIpamPools',
        'DescribeRouteTables',
      ),
      ...balance(
        'DescribeLoadBalancers',
        'DescribeLoadBalancerAttributes',
        'DescribeListeners',
        'DescribeListenerCertificates',
        'DescribeSSLPolicies',
        'DescribeRules',
        'DescribeTargetGroups',
        'DescribeTargetGroupAttributes',
        'DescribeTargetHealth',
        'DescribeTags',
        'DescribeTrustStores',
        'DescribeListenerAttributes',
        'DescribeCapacityReservation',
      ),
    ],
    '*',
  ),
  allow(
    [
      ...actions('cognito-idp', 'DescribeUserPoolClient'),
      ...actions('acm', 'ListCertificates', 'DescribeCertificate'),
      ...actions('iam', 'ListServerCertificates', 'GetServerCertificate'),
      ...firewall('waf-regional'),
      ...firewall('wafv2'),
      ...actions('shield', 'GetSubscriptionState', 'DescribeProtection', 'CreateProtection', 'DeleteProtection'),
    ],
    '*',
  ),
  allow(actions('ec2', 'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress'), '*'),
  allow(actions('ec2', 'CreateSecurityGroup'), '*'),
  allow(actions('ec2', 'CreateTags'), securityGroups, {
    StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' },
    Null: tagging,
  }),
  allow(actions('ec2', 'CreateTags', 'DeleteTags'), securityGroups, { Null: retagging }),
  allow(actions('ec2', 'AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress', 'DeleteSecurityGroup'), '*', {
    Null: tagged,
  }),
  allow(balance('CreateLoadBalancer', 'CreateTargetGroup'), '*', { Null: tagging }),
  allow(balance('CreateListener', 'DeleteListener', 'CreateRule', 'DeleteRule'), '*'),
  allow(balance('AddTags', 'RemoveTags'), groupsAndBalancers, { Null: retagging }),
  allow(
    balance('AddTags', 'RemoveTags'),
    balancing('listener/net/*/*/*', 'listener/app/*/*/*', 'listener-rule/net/*/*/*', 'listener-rule/app/*/*/*'),
  ),
  allow(
    balance(
      'ModifyLoadBalancerAttributes',
      'SetIpAddressType',
      'SetSecurityGroups',
      'SetSubnets',
      'DeleteLoadBalancer',
      'ModifyTargetGroup',
      'ModifyTargetGroupAttributes',
      'DeleteTargetGroup',
      'ModifyListenerAttributes',
      'ModifyCapacityReservation',
      'ModifyIpPools',
    ),
    '*',
    { Null: tagged },
  ),
  allow(balance('AddTags'), groupsAndBalancers, {
    StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateTargetGroup', 'CreateLoadBalancer'] },
    Null: tagging,
  }),
  allow(balance('RegisterTargets', 'DeregisterTargets'), balancing('targetgroup/*/*')[0]),
  allow(
    balance(
      'SetWebAcl',
      'ModifyListener',
      'AddListenerCertificates',
      'RemoveListenerCertificates',
      'ModifyRule',
      'SetRulePriorities',
    ),
    '*',
  ),
];

export const wellKnown: Readonly<Record<WellKnownPolicy, Realised>> = {
  imageBuilder: { kind: 'managed', name: 'AmazonEC2ContainerRegistryPowerUser' },
  ebsCSIController: { kind: 'managed', name: 'service-role/AmazonEBSCSIDriverPolicy' },
  autoScaler: { kind: 'custom', policies: { PolicyAutoScaling: autoScaling } },
  externalDNS: {
    kind: 'custom',
    policies: {
      PolicyExternalDNSChangeSet: [allow(actions('route53', 'ChangeResourceRecordSets'), hostedZones)],
      PolicyExternalDNSHostedZones: [
        allow(actions('route53', 'ListHostedZones', 'ListResourceRecordSets', 'ListTagsForResource'), '*'),
      ],
    },
  },
  certManager: {
    kind: 'custom',
    policies: {
      PolicyCertManagerChangeSet: [allow(actions('route53', 'ChangeResourceRecordSets'), hostedZones)],
      PolicyCertManagerGetChange: [allow(actions('route53', 'GetChange'), inPartition('route53:::change/*'))],
      PolicyCertManagerHostedZones: [allow(actions('route53', 'ListResourceRecordSets', 'ListHostedZonesByName'), '*')],
    },
  },
  efsCSIController: { kind: 'custom', policies: { PolicyEFSCSIController: efs } },
  awsLoadBalancerController: { kind: 'custom', policies: { PolicyAWSLoadBalancerController: loadBalancer } },
};

/** The managed policy that a well-known one is, as a template names it. */
export const managedPolicyArn = (name: string) => inPartition(`iam::aws:policy/${name}`);
