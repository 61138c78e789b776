/** A group of regions with its own accounts, ARNs and domain. */
export type Partition = {
  readonly id: string;
  readonly dnsSuffix: string;
  /** Which region names belong to it, known to us or not. */
  readonly pattern: RegExp;
  readonly regions: readonly string[];
};

/** Source: the partition data that ships with the AWS SDKs (partitions.json), November 2026. */
export const partitions: readonly Partition[] = [
  {
    id: 'aws',
    dnsSuffix: 'amazonaws.com',
    pattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    regions: [
      ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
      ...['ap-south-1', 'ap-south-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3', 'ap-southeast-4'],
      ...['ap-southeast-5', 'ap-southeast-6', 'ap-southeast-7', 'ca-central-1', 'ca-west-1', 'eu-central-1'],
      ...['eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-2', 'eu-west-3'],
      ...['il-central-1', 'me-central-1', 'me-south-1', 'me-west-1', 'mx-central-1', 'sa-east-1', 'sa-west-1'],
      ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'],
    ],
  },
  { id: 'aws-cn', dnsSuffix: 'amazonaws.com.cn', pattern: /^cn-\w+-\d+$/, regions: ['cn-north-1', 'cn-northwest-1'] },
  { id: 'aws-eusc', dnsSuffix: 'amazonaws.eu', pattern: /^eusc-de-\w+-\d+$/, regions: ['eusc-de-east-1'] },
  {
    id: 'aws-us-gov',
    dnsSuffix: 'amazonaws.com',
    pattern: /^us-gov-\w+-\d+$/,
    regions: ['us-gov-east-1', 'us-gov-west-1'],
  },
  { id: 'aws-iso', dnsSuffix: 'c2s.ic.gov', pattern: /^us-iso-\w+-\d+$/, regions: ['us-iso-east-1', 'us-iso-west-1'] },
  {
    id: 'aws-iso-b',
    dnsSuffix: 'sc2s.sgov.gov',
    pattern: /^us-isob-\w+-\d+$/,
    regions: ['us-isob-east-1', 'us-isob-west-1'],
  },
  { id: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk', pattern: /^eu-isoe-\w+-\d+$/, regions: ['eu-isoe-west-1'] },
  {
    id: 'aws-iso-f',
    dnsSuffix: 'csp.hci.ic.gov',
    pattern: /^us-isof-\w+-\d+$/,
    regions: ['us-isof-east-1', 'us-isof-south-1'],
  },
];

const commercial: Partition = partitions[0] ?? { id: 'aws', dnsSuffix: 'amazonaws.com', pattern: /^/, regions: [] };

/** The partition of a region, by its name: new regions need no new release. Unknown names count as partition `aws`. */
export const partitionOf = (region: string): Partition =>
  partitions.find(partition => partition.pattern.test(region)) ?? commercial;

export const knownRegions = (partitionId: string): readonly string[] =>
  partitions.find(partition => partition.id === partitionId)?.regions ?? [];
