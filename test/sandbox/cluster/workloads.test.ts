import { describe, expect, it } from 'vitest';
import {
  addDaemonSet,
  addDeployment,
  addNodes,
  addServiceAccount,
  addStatefulSet,
  type WorkloadSeed,
} from '../../../source/sandbox/cluster/builders.ts';
import { isReady, isTerminating } from '../../../source/sandbox/cluster/shapes.ts';
import type { KubeObject } from '../../../source/sandbox/model.ts';
import { addAddon, addAssociation } from '../../../source/sandbox/world.ts';
import { follow, MERGE, STRATEGIC, scene } from './scene.ts';

const apps = '/apis/apps/v1/namespaces/shop';
const restart = { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } } } };

type Spec = {
  nodeName?: string;
  containers: { name: string; env?: { name: string; value: string }[] }[];
  volumes?: { name: string }[];
};
const specOf = (pod: KubeObject) => pod.spec as Spec;
const environment = (pod: KubeObject, container = 0) =>
  Object.fromEntries((specOf(pod).containers[container]?.env ?? []).map(each => [each.name, each.value]));
const podNames = (pods: KubeObject[]) => pods.map(pod => pod.metadata.name);

function shop() {
  const made = scene();
  const roleArn = made.role('api', { pods: true, irsa: ['shop/api'] });
  addServiceAccount(made.world, made.cluster, { namespace: 'shop', name: 'api', roleArn });
  const deploy = (seed: WorkloadSeed = {}) =>
    addDeployment(made.world, made.cluster, 'shop', 'api', { serviceAccount: 'api', ...seed });
  const associate = () =>
    addAssociation(made.world, made.cluster, { namespace: 'shop', serviceAccount: 'api', roleArn });
  return { ...made, roleArn, deploy, associate };
}

describe('a Deployment', () => {
  it('rolls its pods one by one, never with fewer ready than wanted, and says how far it is', () => {
    const { world, cluster, deploy, json, send, pass, pods } = shop();
    deploy({ replicas: 3 });
    const old = podNames(pods('shop'));
    const watch = follow(
      send('GET', `/api/v1/namespaces/shop/pods?watch=1&resourceVersion=${cluster.kube.resourceVersion}`),
    );
    const own = follow(send('GET', `${apps}/deployments?watch=1`));
    expect(json('PATCH', `${apps}/deployments/api`, { body: restart, type: STRATEGIC }).metadata.generation).toBe(2);
    const progress: number[] = [];
    for (let step = 0; step < 120; step++) {
      pass(100);
      const now = pods('shop').filter(pod => !isTerminating(pod));
      expect(now.filter(isReady).length).toBeGreaterThanOrEqual(3);
      expect(now.length).toBeLessThanOrEqual(4);
      progress.push(json('GET', `${apps}/deployments/api`).status.updatedReplicas ?? 0);
    }
    expect(progress).toEqual([...progress].sort());
    expect(new Set(progress)).toEqual(new Set([1, 2, 3]));
    const fresh = pods('shop');
    expect(fresh).toHaveLength(3);
    expect(podNames(fresh).some(name => old.includes(name))).toBe(false);
    expect(json('GET', `${apps}/deployments/api`).status).toMatchObject({
      observedGeneration: 2,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    const gone = watch.events().filter(event => event.type === 'DELETED');
    expect(gone.map(event => event.object.metadata.name).sort()).toEqual(old.sort());
    const states = own.events().map(({ object: { spec, status } }) => JSON.stringify([spec, status]));
    expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
    // Nothing is left to do but to end the watches.
    expect(world.schedule).toHaveLength(2);
  });

  it('scales, and goes with its pods when it is deleted', () => {
    const { deploy, json, pass, pods } = shop();
    deploy({ replicas: 1 });
    json('PATCH', `${apps}/deployments/api`, { body: { spec: { replicas: 4 } }, type: MERGE });
    pass(5_000);
    expect(pods('shop').filter(isReady)).toHaveLength(4);
    json('PATCH', `${apps}/deployments/api`, { body: { spec: { replicas: 2 } }, type: MERGE });
    pass(5_000);
    expect(pods('shop')).toHaveLength(2);
    json('DELETE', `${apps}/deployments/api`);
    pass(5_000);
    expect([pods('shop'), json('GET', `${apps}/replicasets`).items]).toEqual([[], []]);
  });

  it('replaces a pod that is deleted', () => {
    const { deploy, json, pass, pods } = shop();
    deploy({ replicas: 2 });
    const [first] = podNames(pods('shop'));
    expect(json('DELETE', `/api/v1/namespaces/shop/pods/${first}`).metadata.deletionTimestamp).toBeDefined();
    pass(5_000);
    expect(pods('shop').filter(isReady)).toHaveLength(2);
    expect(podNames(pods('shop'))).not.toContain(first);
  });
});

describe('other workloads', () => {
  it('a StatefulSet is updated from the highest ordinal down, and keeps its names', () => {
    const { world, cluster, json, send, pass, pods } = shop();
    addStatefulSet(world, cluster, 'shop', 'db', { replicas: 3, serviceAccount: 'api' });
    const before = new Map(pods('shop').map(pod => [pod.metadata.name, pod.metadata.uid]));
    const watch = follow(send('GET', '/api/v1/namespaces/shop/pods?watch=1'));
    json('PATCH', `${apps}/statefulsets/db`, { body: restart, type: STRATEGIC });
    expect(json('GET', `${apps}/statefulsets/db`).status.updateRevision).toMatch(/^db-/u);
    pass(15_000);
    const gone = watch.events().filter(event => event.type === 'DELETED');
    expect(gone.map(event => event.object.metadata.name)).toEqual(['db-2', 'db-1', 'db-0']);
    expect(podNames(pods('shop'))).toEqual(['db-0', 'db-1', 'db-2']);
    expect(pods('shop').every(pod => isReady(pod) && before.get(pod.metadata.name) !== pod.metadata.uid)).toBe(true);
    const { status } = json('GET', `${apps}/statefulsets/db`);
    expect(status).toMatchObject({ observedGeneration: 2, readyReplicas: 3, updatedReplicas: 3 });
    expect(status.currentRevision).toBe(status.updateRevision);
  });

  it('a DaemonSet has a pod on each node, one that comes later too', () => {
    const { world, cluster, json, pass, pods } = shop();
    addDaemonSet(world, cluster, 'shop', 'logs', { serviceAccount: 'api' });
    expect(new Set(pods('shop').map(pod => specOf(pod).nodeName)).size).toBe(2);
    const [node] = json('GET', '/api/v1/nodes').items;
    json('POST', '/api/v1/nodes', { body: { metadata: { name: 'late', labels: node.metadata.labels } } });
    pass(5_000);
    expect(pods('shop').map(pod => specOf(pod).nodeName)).toContain('late');
    json('PATCH', `${apps}/daemonsets/logs`, { body: restart, type: STRATEGIC });
    for (let step = 0; step < 200; step++) {
      pass(100);
      expect(pods('shop').filter(pod => isReady(pod) && !isTerminating(pod)).length).toBeGreaterThanOrEqual(2);
    }
    expect(json('GET', `${apps}/daemonsets/logs`).status).toMatchObject({
      observedGeneration: 2,
      desiredNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberReady: 3,
    });
  });

  it("the agent's DaemonSet comes when the add-on becomes ACTIVE, and goes with it", () => {
    const { world, cluster, pass, pods, json } = scene({ agent: false });
    expect(pods('kube-system')).toEqual([]);
    const addon = addAddon(world, cluster, {
      name: 'eks-pod-identity-agent',
      status: 'CREATING',
      createdAt: world.now,
    });
    pass(5_000);
    expect(pods('kube-system')).toEqual([]);
    addon.status = 'ACTIVE';
    pass(5_000);
    expect(pods('kube-system').filter(isReady)).toHaveLength(2);
    expect(
      json('GET', '/apis/apps/v1/namespaces/kube-system/daemonsets/eks-pod-identity-agent').status.numberReady,
    ).toBe(2);
    cluster.addons.delete(addon.name);
    pass(5_000);
    expect(pods('kube-system')).toEqual([]);
  });
});

describe('a pod at its birth', () => {
  it('gets web identity from the annotation', () => {
    const { deploy, pods, roleArn } = shop();
    deploy();
    const [pod] = pods('shop');
    expect(environment(pod!)).toEqual({
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_REGION: 'eu-west-1',
      AWS_ROLE_ARN: roleArn,
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
    });
    expect(specOf(pod!).volumes?.map(volume => volume.name)).toEqual(['aws-iam-token']);
    expect(pod!.metadata.labels).not.toHaveProperty(['eks.amazonaws.com/pod-identity']);
  });

  it('gets Pod Identity instead where there is an association, even without an agent', () => {
    const { world, cluster, role, pods } = scene({ agent: false });
    const roleArn = role('api', { irsa: ['shop/api'] });
    addServiceAccount(world, cluster, { namespace: 'shop', name: 'api', roleArn });
    addAssociation(world, cluster, { namespace: 'shop', serviceAccount: 'api', roleArn });
    addDeployment(world, cluster, 'shop', 'api', { serviceAccount: 'api' });
    const [pod] = pods('shop');
    expect(environment(pod!)).toEqual({
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_REGION: 'eu-west-1',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE:
        '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
    });
    expect(pod!.metadata.labels).toMatchObject({ 'eks.amazonaws.com/pod-identity': 'enabled' });
  });

  it('keeps what it was born with until it is re-created', () => {
    const { deploy, associate, json, pass, pods } = shop();
    deploy({ replicas: 2 });
    associate();
    pass(60_000);
    expect(pods('shop').map(pod => Object.keys(environment(pod)).includes('AWS_ROLE_ARN'))).toEqual([true, true]);
    json('PATCH', `${apps}/deployments/api`, { body: restart, type: STRATEGIC });
    pass(20_000);
    expect(pods('shop').map(pod => Object.keys(environment(pod)).includes('AWS_ROLE_ARN'))).toEqual([false, false]);
  });

  it('leaves skipped containers alone, and what a container sets by hand', () => {
    const { deploy, pods } = shop();
    deploy({
      podAnnotations: { 'eks.amazonaws.com/skip-containers': 'side, car' },
      template: {
        spec: {
          containers: [
            {
              name: 'app',
              env: [
                { name: 'AWS_ROLE_ARN', value: 'mine' },
                { name: 'AWS_REGION', value: 'mars' },
              ],
            },
            { name: 'side' },
          ],
        },
      },
    });
    const [pod] = pods('shop');
    expect(environment(pod!)).toEqual({
      AWS_ROLE_ARN: 'mine',
      AWS_REGION: 'mars',
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    });
    expect(environment(pod!, 1)).toEqual({});
  });

  it('can be older than the present state of its world', () => {
    const { deploy, associate, pods } = shop();
    associate();
    deploy({ bornWith: 'irsa', bornWithRole: 'arn:aws:iam::111122223333:role/former' });
    expect(environment(pods('shop')[0]!)).toMatchObject({ AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/former' });
  });

  it('is made the same way when a client posts it, on a node of its kind', () => {
    const { world, cluster, json, pass } = shop();
    addNodes(world, cluster, { count: 1, kind: 'windows' });
    const made = json('POST', '/api/v1/namespaces/shop/pods', {
      body: {
        metadata: { name: 'solo' },
        spec: {
          serviceAccountName: 'api',
          nodeSelector: { 'kubernetes.io/os': 'windows' },
          containers: [{ name: 'c' }],
        },
      },
    });
    expect(environment(made)).toHaveProperty('AWS_ROLE_ARN');
    pass(3_000);
    const pod = json('GET', '/api/v1/namespaces/shop/pods/solo');
    expect(pod.status.phase).toBe('Running');
    expect(json('GET', `/api/v1/nodes/${pod.spec.nodeName}`).metadata.labels['kubernetes.io/os']).toBe('windows');
  });
});
