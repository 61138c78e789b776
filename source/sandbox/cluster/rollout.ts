/** What the simulated workload controllers have in common: their pods, starting and ending one, writing status. */
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { schedule } from '../time.ts';
import { becomeReady, createPod, finishPod, type PodSeed, terminatePod } from './pods.ts';
import { fieldsOf, isReady, isTerminating, type OwnerReference } from './shapes.ts';
import { find, ownedBy, plant } from './store.ts';

/** A pod is ready one to two seconds after it was created; one that is told to end is gone within one. */
const STARTS_WITHIN = { least: 1_000, spread: 1_000 };
const ENDS_WITHIN = { least: 400, spread: 400 };

/** Looks at one workload again; called whenever one of its pods has changed. */
export type Resync = (world: World, now: number) => void;

export type Standing = { readonly all: readonly KubeObject[]; readonly live: readonly KubeObject[] };

/** Pods that a controller owns; `live` are those that nobody has told to end. */
export function podsOwnedBy(cluster: ClusterRecord, uid: string): Standing {
  const all = [...ownedBy(cluster.kube, 'pods', uid)];
  return { all, live: all.filter(pod => !isTerminating(pod)) };
}

export function startPod(world: World, cluster: ClusterRecord, seed: PodSeed, now: number, resync: Resync): void {
  const pod = createPod(world, cluster, seed, now);
  readyLater(world, cluster, pod, now, resync);
}

export function readyLater(world: World, cluster: ClusterRecord, pod: KubeObject, now: number, resync: Resync): void {
  schedule(world, now + within(world, STARTS_WITHIN), (later, at) => {
    becomeReady(later, cluster, pod, at);
    resync(later, at);
  });
}

/** Does nothing to a pod that is ending already. */
export function endPod(world: World, cluster: ClusterRecord, pod: KubeObject, now: number, resync: Resync): KubeObject {
  if (isTerminating(pod)) {
    return pod;
  }
  const ending = terminatePod(cluster, pod, now, 30);
  schedule(world, now + within(world, ENDS_WITHIN), (later, at) => {
    finishPod(cluster, ending);
    resync(later, at);
  });
  return ending;
}

export function countReady(pods: readonly KubeObject[]): number {
  return pods.filter(isReady).length;
}

/** Oldest last, so that the newest is the first to go when there are too many. */
export function newestFirst(pods: readonly KubeObject[]): KubeObject[] {
  return pods.toSorted((left, right) => Number(right.metadata.resourceVersion) - Number(left.metadata.resourceVersion));
}

/** Writes only what differs: a status that stays the same is no event. */
export function putStatus(
  cluster: ClusterRecord,
  resource: string,
  workload: KubeObject,
  status: Readonly<Record<string, unknown>>,
  annotations: Readonly<Record<string, string>> = {},
): void {
  const present = find(cluster.kube, resource, workload.metadata);
  if (present?.metadata.uid !== workload.metadata.uid) {
    return;
  }
  const metadata = withAnnotations(present, annotations);
  if (metadata !== present.metadata || JSON.stringify(status) !== JSON.stringify(fieldsOf(present.status))) {
    plant(cluster.kube, resource, { ...present, metadata, status });
  }
}

export function ownerReference(
  apiVersion: string,
  kind: string,
  owner: KubeObject,
): OwnerReference & { blockOwnerDeletion: true } {
  return {
    apiVersion,
    kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

export function wantedReplicas(workload: KubeObject): number {
  const replicas = fieldsOf(workload.spec).replicas;
  return typeof replicas === 'number' ? replicas : 1;
}

function withAnnotations(object: KubeObject, wanted: Readonly<Record<string, string>>): KubeObject['metadata'] {
  const differ = Object.entries(wanted).some(([name, value]) => object.metadata.annotations?.[name] !== value);
  return differ ? { ...object.metadata, annotations: { ...object.metadata.annotations, ...wanted } } : object.metadata;
}

function within(world: World, range: { readonly least: number; readonly spread: number }): number {
  return range.least + Math.floor(world.random() * range.spread);
}
