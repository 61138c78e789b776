import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daemonSetOf, namespaceOf, podOf, serviceAccountOf } from '../../source/kubernetes/objects.ts';

const irsa = [
  { name: 'AWS_ROLE_ARN', value: 'arn:aws:iam::111122223333:role/app' },
  { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' },
];
const podIdentity = [
  { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' },
  {
    name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    value: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
  },
];

const pod = (spec: Record<string, unknown>, metadata: Record<string, unknown> = {}) =>
  podOf({ metadata: { name: 'api-1', namespace: 'shop', uid: 'u', ...metadata }, spec, status: { phase: 'Running' } });

const container = (env: unknown) => ({ name: 'app', env });

describe('how a pod gets credentials', () => {
  test.each([
    ['irsa', { containers: [container(irsa)] }],
    ['pod-identity', { containers: [container(podIdentity)] }],
    [
      'pod-identity',
      { containers: [container([{ name: podIdentity[0]?.name, value: 'http://[fd00:ec2::23]/v1/credentials' }])] },
    ],
    ['both', { containers: [container([...irsa, ...podIdentity])] }],
    ['both', { initContainers: [container(irsa)], containers: [container(podIdentity)] }],
    ['irsa', { initContainers: [container(irsa)], containers: [container([])] }],
    ['none', { containers: [container([{ name: 'AWS_REGION', value: 'eu-west-1' }])] }],
    // A role without a token file is no way to get credentials; nor is another agent than EKS's.
    ['none', { containers: [container([irsa[0]])] }],
    ['none', { containers: [container([{ name: podIdentity[0]?.name, value: 'http://127.0.0.1:9999/creds' }])] }],
    ['none', {}],
  ])('%s', (mechanism, spec) => {
    expect(pod(spec)?.mechanism).toBe(mechanism);
  });

  test('the role is that of the variables it was born with', () => {
    expect(pod({ containers: [container([]), container(irsa)] })?.roleArn).toBe('arn:aws:iam::111122223333:role/app');
    expect(pod({ containers: [container(podIdentity)] })).not.toHaveProperty('roleArn');
  });
});

describe('where a pod runs', () => {
  test.each([
    ['linux', {}, {}],
    ['fargate', {}, { labels: { 'eks.amazonaws.com/fargate-profile': 'fp-default' } }],
    ['fargate', { nodeName: 'fargate-ip-10-0-1-2.eu-west-1.compute.internal' }, {}],
    ['fargate', { schedulerName: 'fargate-scheduler' }, {}],
    ['windows', { os: { name: 'windows' } }, {}],
    ['windows', { nodeSelector: { 'kubernetes.io/os': 'windows' } }, {}],
    ['linux', { nodeSelector: { 'kubernetes.io/os': 'linux' } }, {}],
  ])('%s', (platform, spec, metadata) => {
    expect(pod(spec, metadata)?.platform).toBe(platform);
  });
});

describe('what owns a pod', () => {
  const owned = (kind: string, name: string, labels = {}) =>
    pod(
      {},
      {
        labels,
        ownerReferences: [
          { kind: 'Other', name: 'x' },
          { kind, name, controller: true },
        ],
      },
    )?.owner;

  test('is the Deployment behind its ReplicaSet', () => {
    expect(owned('ReplicaSet', 'api-7d4b9c', { 'pod-template-hash': '7d4b9c' })).toEqual({
      kind: 'Deployment',
      name: 'api',
    });
  });

  test('is a ReplicaSet that nobody else made', () => {
    expect(owned('ReplicaSet', 'api-7d4b9c')).toEqual({ kind: 'ReplicaSet', name: 'api-7d4b9c' });
    expect(owned('StatefulSet', 'db')).toEqual({ kind: 'StatefulSet', name: 'db' });
    expect(pod({})).not.toHaveProperty('owner');
  });
});

test('a service account keeps its role exactly as written', () => {
  const roleArn = ' arn:aws:iam::1:role/odd\u001b[31m ';
  const wire = {
    metadata: {
      name: 'api',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '5',
      creationTimestamp: '2026-01-02T03:04:05Z',
      annotations: { 'eks.amazonaws.com/role-arn': roleArn, odd: 7 },
      labels: { app: 'api' },
    },
  };
  expect(serviceAccountOf(wire)).toEqual({
    namespace: 'shop',
    serviceAccount: 'api',
    uid: 'u',
    resourceVersion: '5',
    roleArn,
    annotations: { 'eks.amazonaws.com/role-arn': roleArn },
    labels: { app: 'api' },
    createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
});

test('a DaemonSet tells how far its pods are', () => {
  const wire = {
    metadata: { name: 'eks-pod-identity-agent', namespace: 'kube-system' },
    spec: { template: { spec: { containers: [{ image: 'eks/agent:v1' }, {}] } } },
    status: { desiredNumberScheduled: 3, numberReady: 2 },
  };
  expect(daemonSetOf(wire)).toMatchObject({ rollout: { desired: 3, ready: 2 }, images: ['eks/agent:v1'] });
});

test('no object, however odd, is an error', () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.record({
      metadata: fc.record({ name: fc.anything(), namespace: fc.constant('n'), labels: fc.anything() }),
      spec: fc.anything(),
    }),
    fc.record({
      metadata: fc.constant({ name: 'a', namespace: 'n' }),
      spec: fc.dictionary(
        fc.constantFrom('containers', 'initContainers', 'os', 'nodeSelector', 'nodeName'),
        fc.anything(),
      ),
    }),
  );
  fc.assert(
    fc.property(odd, wire => {
      for (const map of [namespaceOf, serviceAccountOf, podOf, daemonSetOf]) map(wire);
    }),
    { numRuns: 500 },
  );
});
