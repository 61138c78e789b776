import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeOf } from '../../source/kubernetes/nodes.ts';
import { daemonSetOf, namespaceOf, podOf, serviceAccountOf } from '../../source/kubernetes/objects.ts';
import { workloadOf } from '../../source/kubernetes/workloads.ts';

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

describe('a node', () => {
  const node = (name: string, labels: object, conditions: unknown = [{ type: 'Ready', status: 'True' }]) =>
    nodeOf({ metadata: { name, labels }, status: { conditions } });

  test('is on Fargate by its compute type or its name, on Windows by its label', () => {
    const compute = 'eks.amazonaws.com/compute-type';
    expect(node('x', { [compute]: 'fargate' })).toMatchObject({ platform: 'fargate', computeType: 'fargate' });
    expect(node('fargate-ip-10-0-0-1', {})?.platform).toBe('fargate');
    expect(node('x', { 'kubernetes.io/os': 'windows' })?.platform).toBe('windows');
    expect(node('x', { [compute]: 'auto' })).toMatchObject({ platform: 'linux', computeType: 'auto', ready: true });
  });

  test('is ready only when it says so', () => {
    expect(node('x', {}, [{ type: 'Ready', status: 'Unknown' }])?.ready).toBe(false);
    expect(node('x', {}, [{ type: 'MemoryPressure', status: 'True' }])?.ready).toBe(false);
    expect(node('x', {}, null)?.ready).toBe(false);
  });
});

test('a pod says when it is ready and when it was told to end', () => {
  expect(pod({})).not.toHaveProperty('ready');
  expect(pod({})).not.toHaveProperty('terminating');
  expect(pod({}, { deletionTimestamp: '2026-01-02T03:04:05Z' })).toMatchObject({ terminating: true });
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
  expect(podOf({ metadata: { name: 'a', namespace: 'n' }, status })).toMatchObject({ phase: 'Running', ready: true });
});

test('a workload tells how far its roll-out is', () => {
  const metadata = { name: 'api', namespace: 'shop', generation: 4 };
  const deployment = {
    metadata,
    spec: { replicas: 3, strategy: { type: 'RollingUpdate' }, template: { spec: { serviceAccountName: 'api' } } },
    status: { observedGeneration: 3, replicas: 4, updatedReplicas: 2, availableReplicas: 3 },
  };
  expect(workloadOf(deployment, 'Deployment')).toEqual({
    kind: 'Deployment',
    namespace: 'shop',
    name: 'api',
    serviceAccount: 'api',
    generation: 4,
    observedGeneration: 3,
    desired: 3,
    total: 4,
    updated: 2,
    ready: 3,
    paused: false,
    onDelete: false,
  });
  const daemonSet = {
    metadata,
    spec: { updateStrategy: { type: 'OnDelete' }, template: { spec: {} } },
    status: { desiredNumberScheduled: 5, currentNumberScheduled: 5, updatedNumberScheduled: 1, numberAvailable: 4 },
  };
  expect(workloadOf(daemonSet, 'DaemonSet')).toMatchObject({
    serviceAccount: 'default',
    desired: 5,
    total: 5,
    updated: 1,
    ready: 4,
    onDelete: true,
  });
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
      for (const map of [namespaceOf, serviceAccountOf, podOf, daemonSetOf, nodeOf]) map(wire);
      for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet'] as const) workloadOf(wire, kind);
    }),
    { numRuns: 500 },
  );
});
