/** Nodes, and which of them a pod can run on. */
import { newUuid } from '../cloud/ids.ts';
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { type Fields, fieldsOf, itemsOf, type PodSpec, type PodTemplate, podSpecOf, timestamp } from './shapes.ts';
import { find, objectsOf, plant, remove } from './store.ts';

/** `auto`: a node that EKS Auto Mode runs, with the Pod Identity agent built in. */
export type NodeKind = 'linux' | 'auto' | 'windows' | 'fargate' | 'hybrid';

const COMPUTE_TYPE = 'eks.amazonaws.com/compute-type';
export const FARGATE_PROFILE_LABEL = 'eks.amazonaws.com/fargate-profile';
const OS_LABEL = 'kubernetes.io/os';

export function nodeKind(node: KubeObject): NodeKind {
  const labels = node.metadata.labels ?? {};
  if (labels[OS_LABEL] === 'windows') {
    return 'windows';
  }
  switch (labels[COMPUTE_TYPE]) {
    case 'fargate':
      return 'fargate';
    case 'auto':
      return 'auto';
    case 'hybrid':
      return 'hybrid';
    default:
      return 'linux';
  }
}

/** A node as it looks once it has joined; not stored yet. */
export function makeNode(
  world: World,
  cluster: ClusterRecord,
  kind: NodeKind,
  options: { readonly createdAt: number; readonly labels?: Readonly<Record<string, string>> },
): KubeObject {
  const address = `10.0.${Math.floor(world.random() * 256)}.${1 + Math.floor(world.random() * 254)}`;
  const name = nodeName(world, cluster, kind, address);
  const time = timestamp(options.createdAt);
  const os = kind === 'windows' ? 'windows' : 'linux';
  return {
    metadata: {
      name,
      uid: newUuid(world),
      resourceVersion: '',
      creationTimestamp: time,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        [OS_LABEL]: os,
        'topology.kubernetes.io/region': cluster.region,
        'topology.kubernetes.io/zone': `${cluster.region}${'abc'.charAt(Math.floor(world.random() * 3))}`,
        ...kindLabels(kind),
        ...options.labels,
      },
    },
    spec: {
      providerID: `aws:///${cluster.region}a/i-${newUuid(world).replaceAll('-', '').slice(0, 17)}`,
      ...(kind === 'fargate' ? { taints: [{ key: COMPUTE_TYPE, value: 'fargate', effect: 'NoSchedule' }] } : {}),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastTransitionTime: time,
        },
      ],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: os,
        osImage: os === 'windows' ? 'Windows Server 2022 Datacenter' : 'Amazon Linux 2023',
        kernelVersion: os === 'windows' ? '10.0.20348.3328' : '6.1.155-176.282.amzn2023.x86_64',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion: `v${cluster.version}.1-eks-113cf36`,
      },
    },
  };
}

/** The nodes that a pod of this shape may be put on. A Fargate pod has none until it gets one of its own. */
export function eligibleNodes(cluster: ClusterRecord, spec: PodSpec, isFargate: boolean): KubeObject[] {
  if (isFargate) {
    return [];
  }
  // Without a selector pods of this simulation are Linux pods: real clusters taint their Windows nodes.
  const wanted = Object.entries({ [OS_LABEL]: 'linux', ...spec.nodeSelector });
  return [...objectsOf(cluster.kube, 'nodes')].filter(
    node =>
      nodeKind(node) !== 'fargate' &&
      wanted.every(([label, value]) => node.metadata.labels?.[label] === value) &&
      fitsAffinity(spec, node),
  );
}

/** Required node affinity: any of the terms, all of a term's expressions. */
function fitsAffinity(spec: PodSpec, node: KubeObject): boolean {
  const affinity = fieldsOf(fieldsOf(spec.affinity).nodeAffinity);
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = itemsOf(fieldsOf(required).nodeSelectorTerms);
  return terms.length === 0 || terms.some(term => itemsOf(term.matchExpressions).every(each => meets(each, node)));
}

function meets(expression: Fields, node: KubeObject): boolean {
  const value = node.metadata.labels?.[String(expression.key)];
  const values = Array.isArray(expression.values) ? expression.values : [];
  switch (expression.operator) {
    case 'In':
      return values.includes(value);
    case 'NotIn':
      return !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/** Fargate's scheduler takes a pod that matched a profile, which shows as a label on it. */
export function runsOnFargate(template: PodTemplate): boolean {
  return template.metadata?.labels?.[FARGATE_PROFILE_LABEL] !== undefined;
}

/** Gives a pod its node; a Fargate pod gets a new one of its own. The pod stays as it is when no node fits. */
export function bind(world: World, cluster: ClusterRecord, pod: KubeObject, now: number): KubeObject {
  const spec = podSpecOf(pod);
  const isFargate = pod.metadata.labels?.[FARGATE_PROFILE_LABEL] !== undefined;
  const node = isFargate
    ? plant(cluster.kube, 'nodes', makeNode(world, cluster, 'fargate', { createdAt: now }))
    : pick(world, eligibleNodes(cluster, spec, false));
  return node === undefined ? pod : { ...pod, spec: { ...fieldsOf(pod.spec), nodeName: node.metadata.name } };
}

/** A Fargate node goes with its pod. */
export function releaseNode(cluster: ClusterRecord, pod: KubeObject): void {
  const name = podSpecOf(pod).nodeName;
  const node = name === undefined ? undefined : find(cluster.kube, 'nodes', { name });
  if (node !== undefined && nodeKind(node) === 'fargate') {
    remove(cluster.kube, 'nodes', { name: node.metadata.name });
  }
}

function pick<Item>(world: World, items: readonly Item[]): Item | undefined {
  return items.length > 1 ? items[Math.floor(world.random() * items.length)] : items[0];
}

function nodeName(world: World, cluster: ClusterRecord, kind: NodeKind, address: string): string {
  const host = `ip-${address.replaceAll('.', '-')}.${cluster.region}.compute.internal`;
  switch (kind) {
    case 'fargate':
      return `fargate-${host}`;
    case 'auto':
      return `i-${newUuid(world).replaceAll('-', '').slice(0, 17)}`;
    case 'hybrid':
      return `mi-${newUuid(world).replaceAll('-', '').slice(0, 17)}`;
    case 'linux':
    case 'windows':
      return host;
  }
}

function kindLabels(kind: NodeKind): Record<string, string> {
  switch (kind) {
    case 'linux':
    case 'windows':
      return { 'eks.amazonaws.com/nodegroup': kind, 'node.kubernetes.io/instance-type': 'm7i.large' };
    case 'auto':
      return { [COMPUTE_TYPE]: 'auto', 'node.kubernetes.io/instance-type': 'c7i.large' };
    case 'fargate':
    case 'hybrid':
      return { [COMPUTE_TYPE]: kind };
  }
}
