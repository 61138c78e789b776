/** The StatefulSet controller: pods with ordinals, one at a time, updated from the highest ordinal down. */
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import type { PodSeed } from './pods.ts';
import {
  countReady,
  endPod,
  ownerReference,
  podsOwnedBy,
  putStatus,
  type Resync,
  startPod,
  wantedReplicas,
} from './rollout.ts';
import { fieldsOf, isReady, isTerminating, podTemplateOf } from './shapes.ts';
import { find } from './store.ts';
import { templateHash } from './templates.ts';

export const REVISION_LABEL = 'controller-revision-hash';

export function syncStatefulSet(world: World, cluster: ClusterRecord, ref: KubeObject['metadata'], now: number): void {
  const set = find(cluster.kube, 'statefulsets', ref);
  if (set === undefined || set.metadata.uid !== ref.uid) {
    return;
  }
  const resync: Resync = (later, at) => syncStatefulSet(later, cluster, set.metadata, at);
  step(world, cluster, set, now, resync);
  writeStatefulSetStatus(cluster, set);
}

/** The pod of one ordinal, from the present template. */
export function statefulPod(set: KubeObject, ordinal: number): PodSeed {
  const name = `${set.metadata.name}-${ordinal}`;
  return {
    namespace: set.metadata.namespace ?? 'default',
    name,
    template: podTemplateOf(set),
    labels: {
      'apps.kubernetes.io/pod-index': String(ordinal),
      [REVISION_LABEL]: revisionOf(set),
      'statefulset.kubernetes.io/pod-name': name,
    },
    owner: ownerReference('apps/v1', 'StatefulSet', set),
  };
}

export function writeStatefulSetStatus(cluster: ClusterRecord, set: KubeObject): void {
  const { live } = podsOwnedBy(cluster, set.metadata.uid);
  const present = find(cluster.kube, 'statefulsets', set.metadata) ?? set;
  const updateRevision = revisionOf(set);
  const updated = live.filter(pod => pod.metadata.labels?.[REVISION_LABEL] === updateRevision).length;
  const ready = countReady(live);
  const done = updated === wantedReplicas(set) && live.length === updated && ready === updated;
  const before = fieldsOf(present.status).currentRevision;
  putStatus(cluster, 'statefulsets', set, {
    observedGeneration: present.metadata.generation ?? 1,
    replicas: live.length,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: done ? updated : live.length - updated,
    updatedReplicas: updated,
    currentRevision: done || typeof before !== 'string' ? updateRevision : before,
    updateRevision,
    collisionCount: 0,
  });
}

/** At most one pod is started or ended; everything else waits for it. */
function step(world: World, cluster: ClusterRecord, set: KubeObject, now: number, resync: Resync): void {
  const wanted = wantedReplicas(set);
  const pods = new Map(podsOwnedBy(cluster, set.metadata.uid).all.map(pod => [pod.metadata.name, pod]));
  const ordinals = [...pods.keys()].map(name => Number(name.slice(name.lastIndexOf('-') + 1)));
  for (let ordinal = 0; ordinal < wanted; ordinal++) {
    const pod = pods.get(`${set.metadata.name}-${ordinal}`);
    if (pod === undefined) {
      startPod(world, cluster, statefulPod(set, ordinal), now, resync);
      return;
    }
    if (isTerminating(pod) || (!isReady(pod) && pod.metadata.labels?.[REVISION_LABEL] === revisionOf(set))) {
      return;
    }
  }
  const surplus = Math.max(-1, ...ordinals.filter(ordinal => ordinal >= wanted));
  for (const ordinal of surplus >= 0 ? [surplus] : descending(wanted)) {
    const pod = pods.get(`${set.metadata.name}-${ordinal}`);
    if (pod !== undefined && (ordinal >= wanted || pod.metadata.labels?.[REVISION_LABEL] !== revisionOf(set))) {
      endPod(world, cluster, pod, now, resync);
      return;
    }
  }
}

function descending(count: number): number[] {
  return Array.from({ length: count }, (_, index) => count - 1 - index);
}

function revisionOf(set: KubeObject): string {
  return `${set.metadata.name}-${templateHash(podTemplateOf(set))}`;
}
