import type { ExportAddon, ExportAssociation, ExportCluster } from '../../../source/files/export/model.ts';

export const cluster: ExportCluster = { name: 'production', region: 'us-west-2' };

const account = '111122223333';
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

const fact = (id: string, subject: string, more: Partial<ExportAssociation> = {}): ExportAssociation => {
  const [namespace = '', serviceAccount = ''] = subject.split('/');
  return { id, namespace, serviceAccount, roleArn: roleArn('one'), disableSessionTags: false, tags: {}, ...more };
};

const ownerArn = (addon: string): string => `arn:aws:eks:us-west-2:${account}:addon/production/${addon}/1a2b`;

/** What takes care to write: names that come out alike, templates, quotes, lines, tags of AWS's own. */
export const associations: readonly ExportAssociation[] = [
  fact('a-2', 'web/front.end', {
    roleArn: roleArn('web/front'),
    targetRoleArn: 'arn:aws:iam::444455556666:role/target',
    disableSessionTags: true,
    policy: `{\n  "Statement": ["it's \${here}", "%{if}", "\\\\"]\n}`,
    tags: { team: `50% of \${x}`, b: '"quoted"', 'aws:eks': 'theirs', a: '' },
  }),
  fact('a-1', 'web/front_end'),
  fact('a-3', 'kube-system/aws-node', { ownerArn: ownerArn('vpc-cni'), roleArn: roleArn('cni') }),
  fact('a-4', '0/api'),
  fact('a-5', 'kube-system/ebs', { ownerArn: ownerArn('aws-ebs-csi-driver'), roleArn: roleArn('ebs') }),
  fact('a-6', 'web/front_end_2'),
];

export const addons: readonly ExportAddon[] = [
  { name: 'vpc-cni', version: 'v1.19.0-eksbuild.1' },
  { name: 'eks-pod-identity-agent', version: 'v1.3.4-eksbuild.1' },
  { name: 'coredns', version: 'v1.11.3-eksbuild.1' },
];
