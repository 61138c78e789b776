/** Calls the simulated controllers: after writes, and whenever time has passed. */
import { newUuid } from '../cloud/ids.ts';
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { schedule } from '../time.ts';
import { AGENT, AGENT_NAMESPACE, agentTemplate, agentWanted } from './agent.ts';
import { daemonPod, nodesWithout, syncDaemonSet, syncDaemonSets, writeDaemonSetStatus } from './daemon-sets.ts';
import { syncDeployment } from './deployments.ts';
import { renewLeases } from './leases.ts';
import { finishPod, plantPod } from './pods.ts';
import { endPod, readyLater } from './rollout.ts';
import { controllerOf, isTerminating, podSpecOf, timestamp } from './shapes.ts';
import { syncStatefulSet } from './stateful-sets.ts';
import { find, isQuiet, keyOf, objectsOf, ownedBy, plant, put, remove } from './store.ts';

/** Controllers hear of a change a moment after the API has answered. */
const NOTICED_AFTER = 50;
/** How long a deleted namespace takes to be emptied. */
const EMPTIED_AFTER = 1_000;

/** An add-on older than this when the world begins has its pods running already. */
const SETTLED_AFTER = 60_000;

/** From now on `advance` runs the controllers of all clusters of this world. */
export function runControllers(world: World): void {
  world.controllers ??= new Set();
  world.controllers.add(reconcileAll);
}

export function reconcileAll(world: World, now: number): void {
  for (const cluster of world.clusters.values()) {
    reconcile(world, cluster, now);
  }
}

/** What depends on more than one cluster's own objects: the agent add-on, and credentials that fall due. */
export function reconcile(world: World, cluster: ClusterRecord, now: number): void {
  keepAgent(world, cluster, now);
  renewLeases(world, cluster, now);
}

/** Something was created, changed or deleted through the API. */
export function noticeChange(
  world: World,
  cluster: ClusterRecord,
  resource: string,
  object: KubeObject,
  now: number,
): void {
  schedule(world, now + NOTICED_AFTER, (later, at) => act(later, cluster, resource, object, at));
}

/** A pod was created through the API by a client and not by a controller. */
export function noticePod(world: World, cluster: ClusterRecord, pod: KubeObject, now: number): void {
  readyLater(world, cluster, pod, now, (later, at) => syncOwner(later, cluster, pod, at));
}

/** A client deletes a pod. With no grace it is gone at once. Returns the pod as the API answers it. */
export function deletePod(
  world: World,
  cluster: ClusterRecord,
  pod: KubeObject,
  now: number,
  graceSeconds?: number,
): KubeObject {
  if (graceSeconds === 0 || podSpecOf(pod).nodeName === undefined) {
    finishPod(cluster, pod);
    noticeChange(world, cluster, 'pods', pod, now);
    return pod;
  }
  const resync = (later: World, at: number) => syncOwner(later, cluster, pod, at);
  const ending = endPod(world, cluster, pod, now, resync);
  noticeChange(world, cluster, 'pods', pod, now);
  return ending;
}

/** A deleted namespace is emptied first and then goes. Returns it as it is meanwhile. */
export function deleteNamespace(world: World, cluster: ClusterRecord, namespace: KubeObject, now: number): KubeObject {
  if (isTerminating(namespace)) {
    return namespace;
  }
  const ending = put(cluster.kube, 'namespaces', {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp: timestamp(now) },
    status: { phase: 'Terminating' },
  });
  schedule(world, now + EMPTIED_AFTER, () => emptyNamespace(cluster, namespace.metadata.name));
  return ending;
}

function act(world: World, cluster: ClusterRecord, resource: string, object: KubeObject, now: number): void {
  const present = find(cluster.kube, resource, object.metadata);
  if (present?.metadata.uid !== object.metadata.uid) {
    collectGarbage(world, cluster, object, now);
  }
  if (resource === 'nodes') {
    syncDaemonSets(world, cluster, now);
  } else if (SYNC[resource] !== undefined) {
    SYNC[resource](world, cluster, object.metadata, now);
  } else {
    syncOwner(world, cluster, object, now);
  }
}

const SYNC: Readonly<Record<string, typeof syncDeployment>> = {
  deployments: syncDeployment,
  statefulsets: syncStatefulSet,
  daemonsets: syncDaemonSet,
};

const RESOURCE_OF_KIND: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
};

function syncOwner(world: World, cluster: ClusterRecord, owned: KubeObject, now: number): void {
  const owner = controllerOf(owned);
  const resource = RESOURCE_OF_KIND[owner?.kind ?? ''];
  if (owner === undefined || resource === undefined) {
    return;
  }
  const found = find(cluster.kube, resource, { namespace: owned.metadata.namespace ?? 'default', name: owner.name });
  if (found?.metadata.uid !== owner.uid) {
    return;
  }
  if (resource === 'replicasets') {
    syncOwner(world, cluster, found, now);
  } else {
    SYNC[resource]?.(world, cluster, found.metadata, now);
  }
}

/** What a deleted object controlled goes with it. */
function collectGarbage(world: World, cluster: ClusterRecord, gone: KubeObject, now: number): void {
  const owned = (resource: string) => [...ownedBy(cluster.kube, resource, gone.metadata.uid)];
  for (const set of owned('replicasets')) {
    remove(cluster.kube, 'replicasets', set.metadata);
    collectGarbage(world, cluster, set, now);
  }
  for (const pod of owned('pods')) {
    endPod(world, cluster, pod, now, () => {});
  }
}

function emptyNamespace(cluster: ClusterRecord, name: string): void {
  for (const pod of [...objectsOf(cluster.kube, 'pods')].filter(each => each.metadata.namespace === name)) {
    finishPod(cluster, pod);
  }
  for (const [resource, objects] of cluster.kube.objects) {
    for (const object of [...objects.values()].filter(each => each.metadata.namespace === name)) {
      remove(cluster.kube, resource, object.metadata);
    }
  }
  remove(cluster.kube, 'namespaces', { name });
}

/** The add-on's DaemonSet comes when the add-on is ACTIVE and goes with it. */
function keepAgent(world: World, cluster: ClusterRecord, now: number): void {
  const ref = { namespace: AGENT_NAMESPACE, name: AGENT };
  const present = cluster.kube.objects.get('daemonsets')?.get(keyOf(ref));
  const addon = cluster.addons.get(AGENT);
  if (agentWanted(cluster)) {
    if (present === undefined && addon !== undefined) {
      installAgent(world, cluster, addon.createdAt, now);
    }
  } else if (present?.metadata.labels?.[MANAGED_BY] === 'eks') {
    remove(cluster.kube, 'daemonsets', ref);
    collectGarbage(world, cluster, present, now);
  }
}

const MANAGED_BY = 'app.kubernetes.io/managed-by';

function installAgent(world: World, cluster: ClusterRecord, createdAt: number, now: number): void {
  const set = agentSet(world, cluster, createdAt);
  if (isQuiet(cluster.kube) && now - createdAt > SETTLED_AFTER) {
    plantDaemonSet(world, cluster, set, createdAt);
    return;
  }
  syncDaemonSet(world, cluster, put(cluster.kube, 'daemonsets', set).metadata, now);
}

export function plantDaemonSet(world: World, cluster: ClusterRecord, set: KubeObject, bornAt: number): KubeObject {
  const planted = plant(cluster.kube, 'daemonsets', set);
  for (const node of nodesWithout(cluster, planted)) {
    plantPod(world, cluster, daemonPod(world, planted, node.metadata.name), bornAt);
  }
  writeDaemonSetStatus(cluster, planted);
  return planted;
}

function agentSet(world: World, cluster: ClusterRecord, createdAt: number): KubeObject {
  const template = agentTemplate(cluster);
  return {
    metadata: {
      name: AGENT,
      namespace: AGENT_NAMESPACE,
      uid: newUuid(world),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: timestamp(createdAt),
      labels: { ...template.metadata?.labels, [MANAGED_BY]: 'eks' },
    },
    spec: {
      selector: { matchLabels: { ...template.metadata?.labels } },
      template,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    },
    status: {},
  };
}
