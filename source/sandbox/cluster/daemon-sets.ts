/** The DaemonSet controller: one pod on every node that fits, updated one node at a time. */
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { eligibleNodes } from './nodes.ts';
import { generatedName, type PodSeed } from './pods.ts';
import { countReady, endPod, ownerReference, podsOwnedBy, putStatus, type Resync, startPod } from './rollout.ts';
import { isReady, podSpecOf, podTemplateOf } from './shapes.ts';
import { REVISION_LABEL } from './stateful-sets.ts';
import { find, objectsOf } from './store.ts';
import { templateHash } from './templates.ts';

export function syncDaemonSet(world: World, cluster: ClusterRecord, ref: KubeObject['metadata'], now: number): void {
  const set = find(cluster.kube, 'daemonsets', ref);
  if (set === undefined || set.metadata.uid !== ref.uid) {
    return;
  }
  const resync: Resync = (later, at) => syncDaemonSet(later, cluster, set.metadata, at);
  for (const node of nodesWithout(cluster, set)) {
    startPod(world, cluster, daemonPod(world, set, node.metadata.name), now, resync);
  }
  retire(world, cluster, set, now, resync);
  writeDaemonSetStatus(cluster, set);
}

/** All DaemonSets of a cluster: a node came or went. */
export function syncDaemonSets(world: World, cluster: ClusterRecord, now: number): void {
  for (const set of [...objectsOf(cluster.kube, 'daemonsets')]) {
    syncDaemonSet(world, cluster, set.metadata, now);
  }
}

/** Nodes that fit and have no pod of this set yet, not even one that is ending. */
export function nodesWithout(cluster: ClusterRecord, set: KubeObject): KubeObject[] {
  const taken = new Set(podsOwnedBy(cluster, set.metadata.uid).all.map(pod => podSpecOf(pod).nodeName));
  return eligibleNodes(cluster, podTemplateOf(set).spec, false).filter(node => !taken.has(node.metadata.name));
}

export function daemonPod(world: World, set: KubeObject, nodeName: string): PodSeed {
  return {
    namespace: set.metadata.namespace ?? 'default',
    name: generatedName(world, `${set.metadata.name}-`),
    template: podTemplateOf(set),
    labels: { [REVISION_LABEL]: templateHash(podTemplateOf(set)) },
    owner: ownerReference('apps/v1', 'DaemonSet', set),
    nodeName,
  };
}

export function writeDaemonSetStatus(cluster: ClusterRecord, set: KubeObject): void {
  const { live } = podsOwnedBy(cluster, set.metadata.uid);
  const present = find(cluster.kube, 'daemonsets', set.metadata) ?? set;
  const wanted = eligibleNodes(cluster, podTemplateOf(set).spec, false).length;
  const ready = countReady(live);
  const hash = templateHash(podTemplateOf(set));
  putStatus(cluster, 'daemonsets', set, {
    currentNumberScheduled: live.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: wanted,
    numberReady: ready,
    observedGeneration: present.metadata.generation ?? 1,
    updatedNumberScheduled: live.filter(pod => pod.metadata.labels?.[REVISION_LABEL] === hash).length,
    numberAvailable: ready,
    ...(ready < wanted ? { numberUnavailable: wanted - ready } : {}),
  });
}

/** Ends pods whose node is gone, and one outdated pod once all others are ready. */
function retire(world: World, cluster: ClusterRecord, set: KubeObject, now: number, resync: Resync): void {
  const { all, live } = podsOwnedBy(cluster, set.metadata.uid);
  const hash = templateHash(podTemplateOf(set));
  const nodes = new Set(eligibleNodes(cluster, podTemplateOf(set).spec, false).map(node => node.metadata.name));
  for (const pod of live.filter(each => !nodes.has(podSpecOf(each).nodeName ?? ''))) {
    endPod(world, cluster, pod, now, resync);
  }
  const outdated = live.filter(pod => pod.metadata.labels?.[REVISION_LABEL] !== hash);
  const next = outdated.find(pod => !isReady(pod)) ?? outdated[0];
  if (next !== undefined && all.length === live.length && live.every(pod => isReady(pod) || pod === next)) {
    endPod(world, cluster, next, now, resync);
  }
}
