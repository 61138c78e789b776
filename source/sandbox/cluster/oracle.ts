/**
 * The truth about identities: for each service account that has a role, whether its running pods and a pod that would
 * start now can get credentials, for which role, and how. Tests of safety ask here, not the code under test.
 */
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { admit, roleAnnotation } from './admission.ts';
import { agentServes, agentWanted } from './agent.ts';
import { type CredentialResult, type Mechanism, obtainCredentials, type Services, servicesAt } from './credentials.ts';
import { leaseOf, renewLeases } from './leases.ts';
import { eligibleNodes, runsOnFargate } from './nodes.ts';
import { fieldsOf, isTerminating, type PodTemplate, podSpecOf, podTemplateOf, serviceAccountOf } from './shapes.ts';
import { keyOf, objectsOf } from './store.ts';

export type OracleRow = {
  /** ARN. */
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly annotationRole?: string;
  readonly associationRole?: string;
  /** The role that the association's role goes on to; then it is the one that pods get. */
  readonly targetRole?: string;
  readonly running: {
    readonly pods: number;
    /** Pods that hold credentials that have not expired, or could fetch some now. */
    readonly withCredentials: number;
    /** Pods that could fetch credentials now: those that will still have some when the present ones expire. */
    readonly renewable: number;
    /** Roles that the pods with credentials have, sorted. */
    readonly roles: readonly string[];
    readonly byMechanism: Readonly<Record<Mechanism, number>>;
  };
  readonly newPod: {
    readonly ok: boolean;
    readonly mechanism: Mechanism;
    readonly role?: string;
    /** Why not; empty when `ok`. */
    readonly why: string;
  };
};

/** One row for each service account with an annotation or an association, in all clusters. */
export function oracle(world: World, now: number): OracleRow[] {
  return [...world.clusters.values()].flatMap(cluster => clusterOracle(world, cluster, now));
}

/** Rows of one cluster in the order of namespace and name. */
export function clusterOracle(world: World, cluster: ClusterRecord, now: number): OracleRow[] {
  renewLeases(world, cluster, now);
  const services = servicesAt(world, cluster, now);
  const pods = bySubject(objectsOf(cluster.kube, 'pods'), pod => serviceAccountOf(podSpecOf(pod)));
  const workloads = bySubject(templated(cluster), workload => serviceAccountOf(podTemplateOf(workload).spec));
  return subjects(services).map(subject => {
    const { namespace, name, ...roles } = subject;
    const key = keyOf(subject);
    return {
      cluster: cluster.arn,
      namespace,
      serviceAccount: name,
      ...roles,
      running: lookAtRunning(services, (pods.get(key) ?? []).filter(isRunning)),
      newPod: lookAtNew(services, subject, (workloads.get(key) ?? []).map(podTemplateOf)),
    };
  });
}

type Subject = Pick<OracleRow, 'namespace' | 'annotationRole' | 'associationRole' | 'targetRole'> & {
  readonly name: string;
};

function subjects({ cluster, associations }: Services): Subject[] {
  const found = new Map<string, Subject>();
  for (const { namespace, serviceAccount: name, roleArn, targetRoleArn } of associations.values()) {
    const target = targetRoleArn === undefined ? {} : { targetRole: targetRoleArn };
    found.set(keyOf({ namespace, name }), { namespace, name, associationRole: roleArn, ...target });
  }
  for (const account of objectsOf(cluster.kube, 'serviceaccounts')) {
    const { name, namespace = 'default' } = account.metadata;
    const annotationRole = roleAnnotation(cluster, namespace, name);
    if (annotationRole !== undefined) {
      const key = keyOf({ namespace, name });
      found.set(key, { ...(found.get(key) ?? { namespace, name }), annotationRole });
    }
  }
  return [...found.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, subject]) => subject);
}

function lookAtRunning(services: Services, pods: readonly KubeObject[]): OracleRow['running'] {
  const byMechanism: Record<Mechanism, number> = { 'pod-identity': 0, irsa: 0, none: 0 };
  const roles = new Set<string>();
  let withCredentials = 0;
  let renewable = 0;
  for (const pod of pods) {
    const fresh = obtainCredentials(services, pod);
    const lease = leaseOf(services.cluster, pod, services.now);
    const role = lease?.roleArn ?? (fresh.ok ? fresh.roleArn : undefined);
    byMechanism[fresh.mechanism] += 1;
    renewable += fresh.ok ? 1 : 0;
    if (role !== undefined) {
      withCredentials += 1;
      roles.add(role);
    }
  }
  return { pods: pods.length, withCredentials, renewable, roles: [...roles].sort(), byMechanism };
}

/** A new pod of any workload of the service account, on any node that it may be put on: the worst of them counts. */
function lookAtNew(services: Services, subject: Subject, templates: readonly PodTemplate[]): OracleRow['newPod'] {
  const plain: PodTemplate = { spec: { serviceAccountName: subject.name, containers: [{ name: 'app' }] } };
  let best: CredentialResult | undefined;
  for (const template of templates.length > 0 ? templates : [plain]) {
    const result = startHypothetically(services, subject, template);
    if (!result.ok) {
      return describe(result);
    }
    best ??= result;
  }
  return describe(best ?? { ok: false, mechanism: 'none', why: 'nothing to start' });
}

function startHypothetically(services: Services, subject: Subject, template: PodTemplate): CredentialResult {
  const { world, cluster, now } = services;
  const pod = admit(world, cluster, hypotheticalPod(subject, template), now);
  if (runsOnFargate(template)) {
    return obtainCredentials(services, pod, false);
  }
  const nodes = eligibleNodes(cluster, template.spec, false);
  // With no node there yet, the agent will come with the first one, if it comes at all.
  const agent = nodes.length === 0 ? cluster.autoMode || agentWanted(cluster) : true;
  const unserved = nodes.find(node => !agentServes(cluster, node));
  return unserved === undefined
    ? obtainCredentials(services, pod, agent)
    : obtainCredentials(services, { ...pod, spec: { ...fieldsOf(pod.spec), nodeName: unserved.metadata.name } }, false);
}

function hypotheticalPod(subject: Subject, template: PodTemplate): KubeObject {
  const labels = template.metadata?.labels;
  const annotations = template.metadata?.annotations;
  return {
    metadata: {
      name: 'new',
      namespace: subject.namespace,
      uid: '',
      resourceVersion: '',
      creationTimestamp: '',
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
    },
    spec: { ...template.spec },
  };
}

function describe(result: CredentialResult): OracleRow['newPod'] {
  return result.ok
    ? { ok: true, mechanism: result.mechanism, role: result.roleArn, why: '' }
    : {
        ok: false,
        mechanism: result.mechanism,
        why: result.why,
        ...(result.roleArn === undefined ? {} : { role: result.roleArn }),
      };
}

function* templated(cluster: ClusterRecord): Iterable<KubeObject> {
  for (const resource of ['deployments', 'statefulsets', 'daemonsets', 'cronjobs', 'jobs']) {
    yield* objectsOf(cluster.kube, resource);
  }
}

/** By `namespace/service account`. */
function bySubject(
  objects: Iterable<KubeObject>,
  serviceAccount: (object: KubeObject) => string,
): ReadonlyMap<string, readonly KubeObject[]> {
  const groups = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const key = keyOf({ namespace: object.metadata.namespace ?? 'default', name: serviceAccount(object) });
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [object]);
    } else {
      group.push(object);
    }
  }
  return groups;
}

function isRunning(pod: KubeObject): boolean {
  return fieldsOf(pod.status).phase === 'Running' && !isTerminating(pod);
}
