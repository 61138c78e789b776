import { type CallOptions, PortError, type Workload } from '../run/ports.ts';
import type { KubernetesClient } from './client.ts';
import { inNamespace, segment } from './paths.ts';
import { numberOf, objectOf, textMapOf, textOf, type WireObject } from './wire.ts';

/** Who we are in an object's `managedFields`. */
export const fieldManager = 'podid-tui';

export type WorkloadRef = { readonly kind: Workload['kind']; readonly namespace: string; readonly name: string };

const plurals: Readonly<Record<Workload['kind'], string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
};

/** What `kubectl rollout restart` sets in the pod template. */
const restartedAtAnnotation = 'kubectl.kubernetes.io/restartedAt';

export async function getWorkload(
  client: KubernetesClient,
  ref: WorkloadRef,
  options?: CallOptions,
): Promise<Workload> {
  const call = {
    method: 'GET',
    path: pathOf(ref),
    operation: `get ${plurals[ref.kind]}`,
    subject: subjectOf(ref),
  } as const;
  return workloadIn(await client.json(call, options), client, ref, call.operation);
}

export async function restartWorkload(
  client: KubernetesClient,
  ref: WorkloadRef,
  restartedAt: string,
  options?: CallOptions,
): Promise<Workload> {
  const call = {
    method: 'PATCH',
    path: pathOf(ref),
    query: { fieldManager },
    contentType: 'application/merge-patch+json',
    body: { spec: { template: { metadata: { annotations: { [restartedAtAnnotation]: restartedAt } } } } },
    operation: `patch ${plurals[ref.kind]}`,
    subject: subjectOf(ref),
    write: true,
  } as const;
  return workloadIn(await client.json(call, options), client, ref, call.operation);
}

const pathOf = ({ kind, namespace, name }: WorkloadRef): string =>
  `/apis/apps/v1${inNamespace(namespace)}/${plurals[kind]}/${segment(name)}`;

const subjectOf = ({ namespace, name }: WorkloadRef): string => `${namespace}/${name}`;

function workloadIn(answer: unknown, client: KubernetesClient, ref: WorkloadRef, operation: string): Workload {
  const workload = workloadOf(answer, ref.kind);
  if (workload) return workload;
  const { cluster, host } = client.context(operation);
  throw new PortError({
    kind: 'server',
    message: `The API server of ${cluster} (${host}) answered ${operation} with something that is no ${ref.kind}.`,
    operation: `kubernetes:${operation}`,
  });
}

export function workloadOf(wire: unknown, kind: Workload['kind']): Workload | undefined {
  const { metadata, spec: wireSpec, status: wireStatus } = objectOf(wire);
  const [meta, spec, status] = [objectOf(metadata), objectOf(wireSpec), objectOf(wireStatus)];
  const name = textOf(meta.name);
  const namespace = textOf(meta.namespace);
  if (name === undefined || namespace === undefined) return undefined;
  const template = objectOf(spec.template);
  const restartedAt = textMapOf(objectOf(template.metadata).annotations)[restartedAtAnnotation];
  const strategy = objectOf(kind === 'Deployment' ? spec.strategy : spec.updateStrategy);
  return {
    kind,
    namespace,
    name,
    serviceAccount: textOf(objectOf(template.spec).serviceAccountName) ?? 'default',
    generation: numberOf(meta.generation) ?? 0,
    observedGeneration: numberOf(status.observedGeneration) ?? 0,
    ...countsOf(kind, spec, status),
    ...(restartedAt === undefined ? {} : { restartedAt }),
    paused: spec.paused === true,
    onDelete: strategy.type === 'OnDelete',
  };
}

/** Go leaves a count of zero out. `ready` counts pods that have been ready for as long as the workload asks. */
function countsOf(kind: Workload['kind'], spec: WireObject, status: WireObject) {
  const count = (value: unknown) => numberOf(value) ?? 0;
  if (kind === 'DaemonSet') {
    const { desiredNumberScheduled, currentNumberScheduled, updatedNumberScheduled, numberAvailable } = status;
    return {
      desired: count(desiredNumberScheduled),
      total: count(currentNumberScheduled),
      updated: count(updatedNumberScheduled),
      ready: count(numberAvailable),
    };
  }
  return {
    desired: numberOf(spec.replicas) ?? 1,
    total: count(status.replicas),
    updated: count(status.updatedReplicas),
    ready: count(kind === 'Deployment' ? status.availableReplicas : status.readyReplicas),
  };
}
