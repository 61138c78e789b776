/**
 * What worlds are made of on the Kubernetes side. Everything is put in place as if it had been there for long; pods
 * get the environment that the admission webhook would have given them, so build associations and service accounts
 * before the workloads that use them, and nodes before both.
 */
import { newUuid } from '../cloud/ids.ts';
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { type Birth, type BirthMechanism, ROLE_ANNOTATION } from './admission.ts';
import { plantDaemonSet, reconcile, runControllers } from './controllers.ts';
import { daemonPod, nodesWithout, writeDaemonSetStatus } from './daemon-sets.ts';
import { currentReplicaSet, writeStatus } from './deployments.ts';
import { FARGATE_PROFILE_LABEL, makeNode, type NodeKind } from './nodes.ts';
import { generatedName, plantPod } from './pods.ts';
import { CUSTOM_RESOURCES } from './resources.ts';
import { ownerReference } from './rollout.ts';
import { fieldsOf, itemsOf, type PodTemplate, timestamp } from './shapes.ts';
import { statefulPod, writeStatefulSetStatus } from './stateful-sets.ts';
import { find, objectsOf, plant } from './store.ts';

const DAY = 86_400_000;

type Names = {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
};

/** Does nothing when it is there already. Each namespace has its `default` service account. */
export function addNamespace(world: World, cluster: ClusterRecord, name: string, seed: Names = {}): KubeObject {
  runControllers(world);
  const known = find(cluster.kube, 'namespaces', { name });
  if (known !== undefined) {
    return known;
  }
  const namespace = plant(cluster.kube, 'namespaces', {
    metadata: {
      ...newMetadata(world, cluster.createdAt, name, undefined, seed),
      labels: { 'kubernetes.io/metadata.name': name, ...seed.labels },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  addServiceAccount(world, cluster, { namespace: name, name: 'default' });
  return namespace;
}

/**
 * A custom resource as its operator's chart would have left it, e.g. a `secretstores` of External Secrets; its kind counts
 * as installed from here on. `namespace` only for kinds that have one.
 */
export function addCustomResource(
  world: World,
  cluster: ClusterRecord,
  resource: string,
  seed: { readonly name: string; readonly namespace?: string; readonly spec: object },
): KubeObject {
  installCustomResource(cluster, resource);
  if (seed.namespace !== undefined) addNamespace(world, cluster, seed.namespace);
  const metadata = newMetadata(world, cluster.createdAt, seed.name, seed.namespace, {});
  return plant(cluster.kube, resource, { metadata: { ...metadata, generation: 1 }, spec: seed.spec });
}

/** Makes the API server know the kind. Throws for one that the sandbox does not have. */
export function installCustomResource(cluster: ClusterRecord, resource: string): void {
  if (!CUSTOM_RESOURCES.some(each => each.resource === resource)) throw new Error(`no custom resource ${resource}`);
  cluster.kube.custom ??= new Set();
  cluster.kube.custom.add(resource);
}

export type ServiceAccountSeed = Names & {
  readonly namespace: string;
  readonly name: string;
  /** Becomes the IRSA annotation. */
  readonly roleArn?: string;
  /** Milliseconds since the epoch; by default as old as the cluster. */
  readonly createdAt?: number;
};

/** Makes the namespace too when it is missing; returns the service account that is there when it is not missing. */
export function addServiceAccount(world: World, cluster: ClusterRecord, seed: ServiceAccountSeed): KubeObject {
  addNamespace(world, cluster, seed.namespace);
  const known = find(cluster.kube, 'serviceaccounts', seed);
  if (known !== undefined && seed.name === 'default' && seed.roleArn === undefined) {
    return known;
  }
  const annotations = {
    ...seed.annotations,
    ...(seed.roleArn === undefined ? {} : { [ROLE_ANNOTATION]: seed.roleArn }),
  };
  return plant(cluster.kube, 'serviceaccounts', {
    metadata: newMetadata(world, seed.createdAt ?? cluster.createdAt, seed.name, seed.namespace, {
      ...seed,
      annotations,
    }),
  });
}

export type WorkloadSeed = Names & {
  readonly replicas?: number;
  readonly serviceAccount?: string;
  /** Kind of node its pods run on; default Linux nodes of any kind. */
  readonly on?: 'linux' | 'windows' | 'fargate';
  /** Default one container `app`. */
  readonly template?: PodTemplate;
  /** Environment that the template itself sets, in the first container. */
  readonly env?: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /**
   * What the webhook gave the pods when they were born: what it would give now (the default), or what it gave
   * before the annotation or the association came or went.
   */
  readonly bornWith?: 'now' | BirthMechanism;
  /** With `irsa`: the annotation's role at that time, when it is not today's. */
  readonly bornWithRole?: string;
  /** Milliseconds since the epoch; by default some time in the last days, different for each pod. */
  readonly bornAt?: number;
};

/** A Deployment with its ReplicaSet and its running pods. */
export function addDeployment(
  world: World,
  cluster: ClusterRecord,
  namespace: string,
  name: string,
  seed: WorkloadSeed = {},
): KubeObject {
  const template = templateOf(name, seed);
  const spec = {
    replicas: seed.replicas ?? 1,
    selector: { matchLabels: { app: name } },
    template,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  };
  const deployment = addWorkload(world, cluster, 'deployments', namespace, name, seed, spec);
  const set = currentReplicaSet(world, cluster, deployment, cluster.createdAt);
  for (let index = 0; index < spec.replicas; index++) {
    const pod = {
      namespace,
      name: generatedName(world, `${set.metadata.name}-`),
      template,
      labels: { 'pod-template-hash': set.metadata.labels?.['pod-template-hash'] ?? '' },
      owner: ownerReference('apps/v1', 'ReplicaSet', set),
    };
    plantPod(world, cluster, pod, birthTime(world, seed), birthOf(seed));
  }
  writeStatus(cluster, deployment, set, cluster.createdAt);
  return find(cluster.kube, 'deployments', deployment.metadata) ?? deployment;
}

/** A StatefulSet with its running pods. */
export function addStatefulSet(
  world: World,
  cluster: ClusterRecord,
  namespace: string,
  name: string,
  seed: WorkloadSeed = {},
): KubeObject {
  const spec = {
    replicas: seed.replicas ?? 1,
    serviceName: name,
    selector: { matchLabels: { app: name } },
    template: templateOf(name, seed),
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
  };
  const set = addWorkload(world, cluster, 'statefulsets', namespace, name, seed, spec);
  for (let ordinal = 0; ordinal < spec.replicas; ordinal++) {
    plantPod(world, cluster, statefulPod(set, ordinal), birthTime(world, seed), birthOf(seed));
  }
  writeStatefulSetStatus(cluster, set);
  return find(cluster.kube, 'statefulsets', set.metadata) ?? set;
}

/** A DaemonSet with a running pod on every node that fits; `replicas` means nothing here. */
export function addDaemonSet(
  world: World,
  cluster: ClusterRecord,
  namespace: string,
  name: string,
  seed: WorkloadSeed = {},
): KubeObject {
  const spec = {
    selector: { matchLabels: { app: name } },
    template: templateOf(name, seed),
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
  };
  const set = addWorkload(world, cluster, 'daemonsets', namespace, name, seed, spec);
  for (const node of nodesWithout(cluster, set)) {
    plantPod(world, cluster, daemonPod(world, set, node.metadata.name), birthTime(world, seed), birthOf(seed));
  }
  writeDaemonSetStatus(cluster, set);
  return find(cluster.kube, 'daemonsets', set.metadata) ?? set;
}

/** A CronJob that is not running at the moment: its next pod will be a new one. */
export function addCronJob(
  world: World,
  cluster: ClusterRecord,
  namespace: string,
  name: string,
  seed: WorkloadSeed & { readonly schedule?: string } = {},
): KubeObject {
  const template = templateOf(name, seed);
  return addWorkload(world, cluster, 'cronjobs', namespace, name, seed, {
    schedule: seed.schedule ?? '0 3 * * *',
    concurrencyPolicy: 'Forbid',
    suspend: false,
    jobTemplate: { spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'OnFailure' } } } },
  });
}

/** A pod of its own, without an owner: nothing re-creates it. */
export function addPod(
  world: World,
  cluster: ClusterRecord,
  namespace: string,
  name: string,
  seed: WorkloadSeed = {},
): KubeObject {
  addNamespace(world, cluster, namespace);
  const pod = { namespace, name, template: templateOf(name, seed) };
  return plantPod(world, cluster, pod, birthTime(world, seed), birthOf(seed));
}

export type NodesSeed = {
  readonly count: number;
  /** By default `auto` in an Auto Mode cluster, else `linux`. Fargate nodes come with their pods. */
  readonly kind?: Exclude<NodeKind, 'fargate'>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly createdAt?: number;
};

/** Nodes, with the pods of the DaemonSets that are there already (the agent's among them, if its add-on is ACTIVE). */
export function addNodes(world: World, cluster: ClusterRecord, seed: NodesSeed): KubeObject[] {
  addSystemNamespaces(world, cluster);
  const kind = seed.kind ?? (cluster.autoMode ? 'auto' : 'linux');
  const createdAt = seed.createdAt ?? cluster.createdAt;
  const labels = seed.labels === undefined ? {} : { labels: seed.labels };
  const nodes: KubeObject[] = [];
  for (let index = 0; index < seed.count; index++) {
    nodes.push(plant(cluster.kube, 'nodes', makeNode(world, cluster, kind, { createdAt, ...labels })));
  }
  reconcile(world, cluster, world.now);
  for (const set of [...objectsOf(cluster.kube, 'daemonsets')]) {
    for (const node of nodesWithout(cluster, set)) {
      plantPod(world, cluster, daemonPod(world, set, node.metadata.name), createdAt);
    }
    writeDaemonSetStatus(cluster, set);
  }
  return nodes;
}

/** A self-managed agent, as Helm installs it: the DaemonSet without the add-on. */
export function addSelfManagedAgent(world: World, cluster: ClusterRecord, template: PodTemplate): KubeObject {
  const set = newWorkload(
    world,
    cluster.createdAt,
    'kube-system',
    'eks-pod-identity-agent',
    {},
    {
      selector: { matchLabels: { ...template.metadata?.labels } },
      template,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    },
  );
  addSystemNamespaces(world, cluster);
  return plantDaemonSet(world, cluster, set, cluster.createdAt);
}

/** A running pod whose containers do not become ready: a crashing agent, a workload that lost its credentials. */
export function failPod(cluster: ClusterRecord, namespace: string, name: string): void {
  const pod = find(cluster.kube, 'pods', { namespace, name });
  if (pod === undefined) {
    throw new Error(`no pod ${namespace}/${name}`);
  }
  const status = fieldsOf(pod.status);
  const conditions = itemsOf(status.conditions).map(each =>
    each.type === 'Ready' || each.type === 'ContainersReady' ? { ...each, status: 'False' } : each,
  );
  const containerStatuses = itemsOf(status.containerStatuses).map(each => ({ ...each, ready: false }));
  plant(cluster.kube, 'pods', { ...pod, status: { ...status, conditions, containerStatuses } });
}

/** The namespaces that every EKS cluster has. */
export function addSystemNamespaces(world: World, cluster: ClusterRecord): void {
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    addNamespace(world, cluster, name);
  }
}

function addWorkload(
  world: World,
  cluster: ClusterRecord,
  resource: string,
  namespace: string,
  name: string,
  seed: WorkloadSeed,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  addNamespace(world, cluster, namespace);
  return plant(cluster.kube, resource, newWorkload(world, cluster.createdAt, namespace, name, seed, spec));
}

function newWorkload(
  world: World,
  createdAt: number,
  namespace: string,
  name: string,
  seed: Names,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  return {
    metadata: { ...newMetadata(world, createdAt, name, namespace, seed), generation: 1 },
    spec,
    status: {},
  };
}

function newMetadata(
  world: World,
  createdAt: number,
  name: string,
  namespace: string | undefined,
  { labels = {}, annotations = {} }: Names,
): KubeObject['metadata'] {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: newUuid(world),
    resourceVersion: '',
    creationTimestamp: timestamp(createdAt),
    ...(Object.keys(labels).length > 0 ? { labels: { ...labels } } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations: { ...annotations } } : {}),
  };
}

function templateOf(name: string, seed: WorkloadSeed): PodTemplate {
  const base = seed.template ?? { spec: { containers: [{ name: 'app', image: `registry.example/${name}:1.4.2` }] } };
  const env = Object.entries(seed.env ?? {}).map(([key, value]) => ({ name: key, value }));
  const [first, ...others] = base.spec.containers;
  const containers =
    first === undefined || env.length === 0
      ? base.spec.containers
      : [{ ...first, env: [...(first.env ?? []), ...env] }, ...others];
  const labels = {
    app: name,
    ...base.metadata?.labels,
    ...(seed.on === 'fargate' ? { [FARGATE_PROFILE_LABEL]: 'fp-default' } : {}),
  };
  const annotations = { ...base.metadata?.annotations, ...seed.podAnnotations };
  return {
    metadata: { labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      ...base.spec,
      containers,
      ...(seed.serviceAccount === undefined ? {} : { serviceAccountName: seed.serviceAccount }),
      ...(seed.on === 'windows' ? { nodeSelector: { 'kubernetes.io/os': 'windows' } } : {}),
      ...(seed.on === 'fargate' ? { schedulerName: 'fargate-scheduler' } : {}),
    },
  };
}

function birthTime(world: World, seed: WorkloadSeed): number {
  return seed.bornAt ?? world.now - Math.floor(world.random() * 6 * DAY) - 60_000;
}

function birthOf(seed: WorkloadSeed): Birth | undefined {
  if (seed.bornWith === undefined || seed.bornWith === 'now') {
    return undefined;
  }
  return { mechanism: seed.bornWith, ...(seed.bornWithRole === undefined ? {} : { roleArn: seed.bornWithRole }) };
}
