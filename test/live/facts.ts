import type { Association, Cluster, Namespace, Pod, Role, ServiceAccount } from '../../source/identity/facts.ts';

export const account = '111122223333';
export const region = 'eu-west-1';
export const arnOf = (cluster: string) => `arn:aws:eks:${region}:${account}:cluster/${cluster}`;
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
export const issuerOf = (cluster: string) => `https://oidc.eks.${region}.amazonaws.com/id/${cluster.toUpperCase()}`;
export const providerOf = (cluster: string) =>
  `arn:aws:iam::${account}:oidc-provider/${issuerOf(cluster).slice('https://'.length)}`;

export const aCluster = (name: string, more: Partial<Cluster> = {}): Cluster => ({
  partition: 'aws',
  account,
  region,
  arn: arnOf(name),
  name,
  status: 'ACTIVE',
  version: '1.33',
  endpoint: `https://${name}.example`,
  certificateAuthority: 'Q0E=',
  oidcIssuer: issuerOf(name),
  autoMode: true,
  tags: {},
  ...more,
});

export const anAssociation = (
  cluster: string,
  subject: string,
  role: string,
  more: Partial<Association> = {},
): Association => {
  const [namespace = '', serviceAccount = ''] = subject.split('/');
  const id = more.id ?? `a-${namespace}-${serviceAccount}`;
  return {
    namespace,
    serviceAccount,
    id,
    arn: `arn:aws:eks:${region}:${account}:podidentityassociation/${cluster}/${id}`,
    roleArn: roleArn(role),
    disableSessionTags: false,
    tags: {},
    ...more,
  };
};

export const aServiceAccount = (subject: string, role?: string, version = '1'): ServiceAccount => {
  const [namespace = '', serviceAccount = ''] = subject.split('/');
  const annotations = role === undefined ? {} : { 'eks.amazonaws.com/role-arn': roleArn(role) };
  return {
    namespace,
    serviceAccount,
    uid: `uid-${subject}`,
    resourceVersion: version,
    annotations,
    labels: {},
    ...(role !== undefined && { roleArn: roleArn(role) }),
  };
};

export const aNamespace = (name: string): Namespace => ({ name, phase: 'Active', labels: {} });

export const aPod = (subject: string, name: string, mechanism: Pod['mechanism'] = 'none', phase = 'Running'): Pod => {
  const [namespace = '', serviceAccount = ''] = subject.split('/');
  return { namespace, serviceAccount, name, uid: `uid-${name}`, phase, mechanism, platform: 'linux' };
};

export const podTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
});

export const webTrust = (cluster: string, subject: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerOf(cluster) },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${issuerOf(cluster).slice('https://'.length)}:sub`]: `system:serviceaccount:${subject.replace('/', ':')}`,
            [`${issuerOf(cluster).slice('https://'.length)}:aud`]: 'sts.amazonaws.com',
          },
        },
      },
    ],
  });

export const aRole = (name: string, trustPolicy = podTrust): Role => ({
  arn: roleArn(name),
  name,
  trustPolicy,
  tags: {},
});
