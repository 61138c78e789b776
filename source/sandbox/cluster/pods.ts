/** Pods from birth to end: admitted, bound to a node, ready, terminating, gone. */
import { newUuid } from '../cloud/ids.ts';
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { randomText } from '../random.ts';
import { admit, type Birth } from './admission.ts';
import { endLease, startLease } from './leases.ts';
import { bind, releaseNode } from './nodes.ts';
import { fieldsOf, isTerminating, type OwnerReference, type PodTemplate, podSpecOf, timestamp } from './shapes.ts';
import { find, plant, put, remove } from './store.ts';

/** The API's own alphabet for generated names: no vowels, nothing that looks like something else. */
const NAME_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export type PodSeed = {
  readonly namespace: string;
  readonly name: string;
  readonly template: PodTemplate;
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: OwnerReference;
  /** A DaemonSet's pods know their node from the start. */
  readonly nodeName?: string;
};

export function generatedName(world: World, prefix: string): string {
  return `${prefix}${randomText(world.random, NAME_ALPHABET, 5)}`;
}

/** A pod that was created at `now` and is not ready yet. */
export function createPod(world: World, cluster: ClusterRecord, seed: PodSeed, now: number): KubeObject {
  const admitted = admit(world, cluster, pendingPod(world, seed, now), now);
  const bound = seed.nodeName === undefined ? bind(world, cluster, admitted, now) : admitted;
  return put(cluster.kube, 'pods', bound);
}

/** A pod that has been running since `bornAt`, put in place as if it had always been there. */
export function plantPod(
  world: World,
  cluster: ClusterRecord,
  seed: PodSeed,
  bornAt: number,
  birth?: Birth,
): KubeObject {
  const admitted = admit(world, cluster, pendingPod(world, seed, bornAt), world.now, birth);
  const bound = seed.nodeName === undefined ? bind(world, cluster, admitted, bornAt) : admitted;
  const pod = podSpecOf(bound).nodeName === undefined ? bound : running(world, bound, bornAt);
  const stored = plant(cluster.kube, 'pods', pod);
  startLease(cluster, stored, bornAt);
  return stored;
}

/** A pod posted to the API: what the client wrote, admitted and bound. `object` has its metadata already. */
export function admitPod(world: World, cluster: ClusterRecord, object: KubeObject, now: number): KubeObject {
  const spec = fieldsOf(object.spec);
  const account = podSpecOf(object).serviceAccountName ?? 'default';
  const filled: KubeObject = {
    ...object,
    spec: { restartPolicy: 'Always', ...spec, serviceAccountName: account, serviceAccount: account },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  };
  const admitted = admit(world, cluster, filled, now);
  return podSpecOf(admitted).nodeName === undefined ? bind(world, cluster, admitted, now) : admitted;
}

/** The containers are up: the pod is Ready, and its SDK has fetched its first credentials. */
export function becomeReady(world: World, cluster: ClusterRecord, pod: KubeObject, now: number): void {
  const present = find(cluster.kube, 'pods', pod.metadata);
  const gone = present?.metadata.uid !== pod.metadata.uid || isTerminating(present);
  if (gone || podSpecOf(present).nodeName === undefined) {
    return;
  }
  const ready = put(cluster.kube, 'pods', running(world, present, now));
  startLease(cluster, ready, now);
}

/** The pod is told to end; `finishPod` ends it. */
export function terminatePod(cluster: ClusterRecord, pod: KubeObject, now: number, graceSeconds: number): KubeObject {
  const metadata = {
    ...pod.metadata,
    deletionTimestamp: timestamp(now + graceSeconds * 1_000),
    deletionGracePeriodSeconds: graceSeconds,
  };
  return put(cluster.kube, 'pods', { ...pod, metadata });
}

export function finishPod(cluster: ClusterRecord, pod: KubeObject): void {
  const present = find(cluster.kube, 'pods', pod.metadata);
  if (present?.metadata.uid === pod.metadata.uid) {
    remove(cluster.kube, 'pods', pod.metadata);
    endLease(cluster, pod);
    releaseNode(cluster, pod);
  }
}

function pendingPod(world: World, seed: PodSeed, now: number): KubeObject {
  const { template, owner } = seed;
  const account = template.spec.serviceAccountName || 'default';
  const annotations = template.metadata?.annotations;
  return {
    metadata: {
      name: seed.name,
      namespace: seed.namespace,
      uid: newUuid(world),
      resourceVersion: '',
      creationTimestamp: timestamp(now),
      labels: { ...template.metadata?.labels, ...seed.labels },
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ...(owner === undefined ? {} : { ownerReferences: [owner] }),
    },
    spec: {
      restartPolicy: 'Always',
      ...template.spec,
      serviceAccountName: account,
      serviceAccount: account,
      ...(seed.nodeName === undefined ? {} : { nodeName: seed.nodeName }),
    },
    status: { phase: 'Pending', qosClass: 'BestEffort' },
  };
}

function running(world: World, pod: KubeObject, now: number): KubeObject {
  const time = timestamp(now);
  const condition = (type: string) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: time });
  const podIP = `10.0.${Math.floor(world.random() * 256)}.${1 + Math.floor(world.random() * 254)}`;
  return {
    ...pod,
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: time,
      containerStatuses: podSpecOf(pod).containers.map(container => ({
        name: container.name,
        image: container.image ?? '',
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: time } },
      })),
      qosClass: 'BestEffort',
    },
  };
}
