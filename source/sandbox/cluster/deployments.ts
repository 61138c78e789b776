/** The Deployment controller with its ReplicaSets: rolls one pod at a time, never below the wanted number. */
import { newUuid } from '../cloud/ids.ts';
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { generatedName } from './pods.ts';
import {
  countReady,
  endPod,
  newestFirst,
  ownerReference,
  podsOwnedBy,
  putStatus,
  type Resync,
  startPod,
  wantedReplicas,
} from './rollout.ts';
import { fieldsOf, isReady, podTemplateOf, timestamp } from './shapes.ts';
import { find, ownedBy, plant } from './store.ts';
import { templateHash } from './templates.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH_LABEL = 'pod-template-hash';

/** One look at a Deployment: takes the steps that can be taken now; pods that start and end call for the next look. */
export function syncDeployment(world: World, cluster: ClusterRecord, ref: KubeObject['metadata'], now: number): void {
  const deployment = find(cluster.kube, 'deployments', ref);
  if (deployment === undefined || deployment.metadata.uid !== ref.uid) {
    return;
  }
  const current = currentReplicaSet(world, cluster, deployment, now);
  const resync: Resync = (later, at) => syncDeployment(later, cluster, deployment.metadata, at);
  while (step(world, cluster, deployment, current, now, resync)) {
    // Each step changes what the next one sees.
  }
  writeStatus(cluster, deployment, current, now);
}

/** Made on first sight of a template; a Deployment that goes back to an earlier template gets its old one back. */
export function currentReplicaSet(
  world: World,
  cluster: ClusterRecord,
  deployment: KubeObject,
  now: number,
): KubeObject {
  const hash = templateHash(podTemplateOf(deployment));
  const own = replicaSetsOf(cluster, deployment);
  const revision = 1 + Math.max(0, ...own.map(revisionOf));
  const known = own.find(set => set.metadata.labels?.[HASH_LABEL] === hash);
  if (known !== undefined) {
    return revisionOf(known) === revision - 1
      ? known
      : plant(cluster.kube, 'replicasets', {
          ...known,
          metadata: { ...known.metadata, annotations: { ...known.metadata.annotations, [REVISION]: String(revision) } },
        });
  }
  return plant(cluster.kube, 'replicasets', newReplicaSet(world, deployment, hash, revision, now));
}

export function replicaSetsOf(cluster: ClusterRecord, deployment: KubeObject): KubeObject[] {
  return [...ownedBy(cluster.kube, 'replicasets', deployment.metadata.uid)];
}

/** Status of a Deployment as its controller writes it, and of its ReplicaSets. */
export function writeStatus(cluster: ClusterRecord, deployment: KubeObject, current: KubeObject, now: number): void {
  const wanted = wantedReplicas(deployment);
  let replicas = 0;
  let ready = 0;
  let updated = 0;
  for (const set of replicaSetsOf(cluster, deployment)) {
    const { live } = podsOwnedBy(cluster, set.metadata.uid);
    const isCurrent = set.metadata.uid === current.metadata.uid;
    replicas += live.length;
    ready += countReady(live);
    updated += isCurrent ? live.length : 0;
    scaleReplicaSet(cluster, set, isCurrent ? wanted : live.length, live);
  }
  const present = find(cluster.kube, 'deployments', deployment.metadata) ?? deployment;
  const done = updated >= wanted && replicas === updated && ready >= wanted;
  const status = {
    observedGeneration: present.metadata.generation ?? 1,
    ...(replicas > 0 ? { replicas } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(ready < wanted ? { unavailableReplicas: wanted - ready } : {}),
    conditions: conditionsOf(present, ready >= wanted, done, current.metadata.name, now),
  };
  putStatus(cluster, 'deployments', deployment, status, { [REVISION]: String(revisionOf(current)) });
}

function step(
  world: World,
  cluster: ClusterRecord,
  deployment: KubeObject,
  current: KubeObject,
  now: number,
  resync: Resync,
): boolean {
  const wanted = wantedReplicas(deployment);
  const fresh = podsOwnedBy(cluster, current.metadata.uid).live;
  const others = replicaSetsOf(cluster, deployment).filter(set => set.metadata.uid !== current.metadata.uid);
  const standings = others.map(set => podsOwnedBy(cluster, set.metadata.uid));
  const old = standings.flatMap(each => each.live);
  const recreate = fieldsOf(fieldsOf(deployment.spec).strategy).type === 'Recreate';
  const start = () => {
    const labels = { [HASH_LABEL]: current.metadata.labels?.[HASH_LABEL] ?? '' };
    startPod(
      world,
      cluster,
      {
        namespace: deployment.metadata.namespace ?? 'default',
        name: generatedName(world, `${current.metadata.name}-`),
        template: podTemplateOf(deployment),
        labels,
        owner: ownerReference('apps/v1', 'ReplicaSet', current),
      },
      now,
      resync,
    );
    return true;
  };
  const end = (pod: KubeObject | undefined) => {
    if (pod !== undefined) {
      endPod(world, cluster, pod, now, resync);
    }
    return pod !== undefined;
  };
  if (fresh.length > wanted) {
    return end(newestFirst(fresh)[0]);
  }
  if (recreate && (old.length > 0 || standings.some(each => each.all.length > 0))) {
    return end(old[0]);
  }
  if (old.length === 0) {
    return fresh.length < wanted && start();
  }
  const unready = old.find(pod => !isReady(pod));
  if (fresh.length + old.length > wanted) {
    const spare = countReady(fresh) + countReady(old) > wanted;
    return end(unready ?? (spare ? old[0] : undefined));
  }
  return start();
}

function newReplicaSet(world: World, deployment: KubeObject, hash: string, revision: number, now: number): KubeObject {
  const spec = fieldsOf(deployment.spec);
  const template = podTemplateOf(deployment);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  const matchLabels = { ...fieldsOf(fieldsOf(spec.selector).matchLabels), [HASH_LABEL]: hash };
  return {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? 'default',
      uid: newUuid(world),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: timestamp(now),
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerReference('apps/v1', 'Deployment', deployment)],
    },
    spec: {
      replicas: wantedReplicas(deployment),
      selector: { matchLabels },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

function scaleReplicaSet(cluster: ClusterRecord, set: KubeObject, replicas: number, live: readonly KubeObject[]): void {
  const ready = countReady(live);
  const counts = ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {};
  const scaled = wantedReplicas(set) === replicas ? set : rescaled(cluster, set, replicas);
  const observedGeneration = scaled.metadata.generation ?? 1;
  putStatus(cluster, 'replicasets', scaled, { replicas: live.length, observedGeneration, ...counts });
}

function rescaled(cluster: ClusterRecord, set: KubeObject, replicas: number): KubeObject {
  const generation = Number(set.metadata.generation ?? 1) + 1;
  const spec = { ...fieldsOf(set.spec), replicas };
  return plant(cluster.kube, 'replicasets', { ...set, metadata: { ...set.metadata, generation }, spec });
}

function conditionsOf(present: KubeObject, available: boolean, done: boolean, set: string, now: number): unknown[] {
  const known = fieldsOf(present.status).conditions;
  const before = Array.isArray(known) ? known.map(fieldsOf) : [];
  const wanted = [
    available
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    done
      ? {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "${set}" has successfully progressed.`,
        }
      : {
          type: 'Progressing',
          status: 'True',
          reason: 'ReplicaSetUpdated',
          message: `ReplicaSet "${set}" is progressing.`,
        },
  ];
  return wanted.map(condition => {
    const same = before.find(
      each => each.type === condition.type && each.status === condition.status && each.message === condition.message,
    );
    return same ?? { ...condition, lastUpdateTime: timestamp(now), lastTransitionTime: timestamp(now) };
  });
}

function revisionOf(object: KubeObject): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}
