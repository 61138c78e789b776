/**
 * What a text of a file must look like. Each answers what goes on after the field's path, or undefined: all is well.
 */
import { parseRoleArn } from '../../identity/arn.ts';
import { plainText } from '../../identity/plain-text.ts';

type Check = (text: string) => string | undefined;

const shown = (text: string): string => (text === '' ? 'empty text' : `"${plainText(text, 120)}"`);

/** Kubernetes documentation, "Object Names and IDs": a namespace is a DNS label (RFC 1123). */
export const namespaceProblem: Check = text =>
  text.length <= 63 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)
    ? undefined
    : `must be a Kubernetes namespace (at most 63 of a-z, 0-9 and -, with a letter or digit at both ends), not ${shown(text)}`;

/** Same page: a service account is a DNS subdomain. */
export const serviceAccountProblem: Check = text =>
  text.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)
    ? undefined
    : `must be the name of a Kubernetes service account (at most 253 of a-z, 0-9, - and ., with a letter or digit at both ends), not ${shown(text)}`;

/** EKS API reference, CreateCluster: name. */
export const clusterNameProblem: Check = text =>
  /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(text)
    ? undefined
    : `must be a cluster's name (at most 100 letters, digits, - and _), not ${shown(text)}`;

export const regionProblem: Check = text =>
  /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text) ? undefined : `must be an AWS region, e.g. us-west-2, not ${shown(text)}`;

/** IAM API reference, CreateRole: RoleName. */
export const roleNameProblem: Check = text => {
  if (text.length > 64) return `must have at most 64 characters; ${shown(text)} has ${text.length}`;
  return /^[\w+=,.@-]+$/.test(text) ? undefined : `must have letters, digits and +=,.@-_ only; it is ${shown(text)}`;
};

/** By the beginning of a region's name (AWS documentation, "Amazon Resource Names": partitions). */
export function partitionOf(region: string): string {
  const other = [
    ['cn-', 'aws-cn'],
    ['us-gov-', 'aws-us-gov'],
    ['us-isob-', 'aws-iso-b'],
    ['us-isof-', 'aws-iso-f'],
    ['us-iso-', 'aws-iso'],
    ['eu-isoe-', 'aws-iso-e'],
    ['eusc-', 'aws-eusc'],
  ] as const;
  return other.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}

/** `region` is the cluster's; undefined while it is not known. */
export function roleArnProblem(text: string, region: string | undefined): string | undefined {
  const partition = partitionOf(region ?? '');
  const arn = parseRoleArn(text);
  if (!arn.ok)
    return `must be an IAM role ARN, e.g. arn:${partition}:iam::111122223333:role/NAME, not ${shown(text)}: ${plainText(arn.reason, 120)}`;
  return partitionProblem(arn.value.partition, region);
}

/** IAM API reference, CreatePolicy: PolicyName and Path; a policy of AWS has `aws` for its account. */
export function policyArnProblem(text: string, region: string | undefined): string | undefined {
  const match = /^arn:(aws(?:-[a-z]+)*):iam::(?:aws|\d{12}):policy\/(?:[!-.0-~]+\/)*[\w+=,.@-]{1,128}$/.exec(text);
  if (match?.[1] !== undefined) return partitionProblem(match[1], region);
  const partition = partitionOf(region ?? '');
  return `must be an IAM policy ARN, e.g. arn:${partition}:iam::aws:policy/NAME, not ${shown(text)}`;
}

function partitionProblem(partition: string, region: string | undefined): string | undefined {
  if (region === undefined || partition === partitionOf(region)) return undefined;
  return `is of the partition ${partition}, but the region ${region} belongs to ${partitionOf(region)}`;
}

/** EKS API reference, TagResource, and IAM User Guide, "Tagging IAM resources": the same limits. */
export function tagProblem(key: string, value: string): string | undefined {
  if (key === '' || key.length > 128) return 'must have a key of 1 to 128 characters';
  if (/^aws:/i.test(key)) return 'must not have a key that begins with "aws:": AWS keeps those for itself';
  if (value.length > 256) return `must have at most 256 characters; it has ${value.length}`;
  const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  if (!allowed.test(key)) return 'must have a key of letters, digits, spaces and _.:/=+-@ only';
  return allowed.test(value) ? undefined : `must have letters, digits, spaces and _.:/=+-@ only; it is ${shown(value)}`;
}

/** EKS: at most 50 tags on an association; CloudFormation: at most 50 on a stack. */
export const mostTags = 50;
