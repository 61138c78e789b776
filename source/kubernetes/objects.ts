/**
 * Objects as the API server writes them -> facts. Text is kept exactly as it is (names and annotations are data; what
 * shows them on a screen cleans them there). An object that cannot be told from others is left out: undefined.
 */
import type { Namespace, Pod, PodMechanism, ServiceAccount } from '../identity/facts.ts';
import type { DaemonSet } from '../run/ports.ts';
import { listOf, numberOf, objectOf, textMapOf, textOf, timeOf, type WireObject } from './wire.ts';

/** The annotation by which a service account names its IRSA role (EKS User Guide, "IAM roles for service accounts"). */
const roleArnAnnotation = 'eks.amazonaws.com/role-arn';

const createdAtOf = (metadata: WireObject): { createdAt?: number } => {
  const createdAt = timeOf(metadata.creationTimestamp);
  return createdAt === undefined ? {} : { createdAt };
};

export function namespaceOf(wire: unknown): Namespace | undefined {
  const { metadata, status } = objectOf(wire);
  const meta = objectOf(metadata);
  const name = textOf(meta.name);
  if (name === undefined) return undefined;
  return {
    name,
    phase: textOf(objectOf(status).phase) ?? 'Unknown',
    labels: textMapOf(meta.labels),
    ...createdAtOf(meta),
  };
}

export function serviceAccountOf(wire: unknown): ServiceAccount | undefined {
  const meta = objectOf(objectOf(wire).metadata);
  const serviceAccount = textOf(meta.name);
  const namespace = textOf(meta.namespace);
  if (serviceAccount === undefined || namespace === undefined) return undefined;
  const annotations = textMapOf(meta.annotations);
  const roleArn = annotations[roleArnAnnotation];
  return {
    namespace,
    serviceAccount,
    uid: textOf(meta.uid) ?? '',
    resourceVersion: textOf(meta.resourceVersion) ?? '',
    annotations,
    labels: textMapOf(meta.labels),
    // The webhook takes an empty annotation for none, and so do we.
    ...(roleArn ? { roleArn } : {}),
    ...createdAtOf(meta),
  };
}

export function podOf(wire: unknown): Pod | undefined {
  const { metadata, spec: wireSpec, status } = objectOf(wire);
  const meta = objectOf(metadata);
  const spec = objectOf(wireSpec);
  const name = textOf(meta.name);
  const namespace = textOf(meta.namespace);
  if (name === undefined || namespace === undefined) return undefined;
  const owner = ownerOf(meta);
  const node = textOf(spec.nodeName);
  return {
    namespace,
    name,
    // The API server fills this in before it stores a pod; `default` is what it fills in.
    serviceAccount: textOf(spec.serviceAccountName) ?? 'default',
    uid: textOf(meta.uid) ?? '',
    phase: textOf(objectOf(status).phase) ?? 'Unknown',
    platform: platformOf(meta, spec),
    ...identityOf(spec),
    ...(owner === undefined ? {} : { owner }),
    ...(node === undefined ? {} : { node }),
    ...skippedIn(meta),
    ...createdAtOf(meta),
    ...(isReady(status) ? { ready: true } : {}),
    ...(meta.deletionTimestamp === undefined ? {} : { terminating: true }),
  };
}

const skipAnnotation = 'eks.amazonaws.com/skip-containers';

/** Containers that the webhook leaves alone (amazon-eks-pod-identity-webhook, README): names, comma-separated. */
function skippedIn(meta: WireObject): { skipContainers?: readonly string[] } {
  const names = (textMapOf(meta.annotations)[skipAnnotation] ?? '').split(',').map(name => name.trim());
  const skipContainers = names.filter(name => name !== '');
  return skipContainers.length === 0 ? {} : { skipContainers };
}

/** Pods and nodes alike tell by a condition of type `Ready`. */
export const isReady = (status: unknown): boolean =>
  listOf(objectOf(status).conditions)
    .map(objectOf)
    .some(({ type, status: state }) => type === 'Ready' && state === 'True');

/**
 * What controls the pod. A ReplicaSet that a Deployment made is told by the hash in its name, which the Deployment
 * controller also sets as the label `pod-template-hash` (Kubernetes docs, "Deployments"): then it is the Deployment,
 * since that is what one restarts.
 */
function ownerOf(meta: WireObject): Pod['owner'] {
  const owners = listOf(meta.ownerReferences).map(objectOf);
  const controller = owners.find(owner => owner.controller === true) ?? owners[0];
  const kind = textOf(controller?.kind);
  const name = textOf(controller?.name);
  if (kind === undefined || name === undefined) return undefined;
  const hash = textMapOf(meta.labels)['pod-template-hash'];
  if (kind === 'ReplicaSet' && hash && name.endsWith(`-${hash}`)) {
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  }
  return { kind, name };
}

/**
 * Fargate: the label that EKS sets on such pods, the scheduler that it gives them, or the node's name (EKS User Guide,
 * "Fargate profiles"). Windows: `spec.os`, or the selector that pods needed before there was `spec.os`.
 */
function platformOf(meta: WireObject, spec: WireObject): Pod['platform'] {
  const fargate =
    textMapOf(meta.labels)['eks.amazonaws.com/fargate-profile'] !== undefined ||
    spec.schedulerName === 'fargate-scheduler' ||
    (textOf(spec.nodeName) ?? '').startsWith('fargate-');
  if (fargate) return 'fargate';
  const selector = textMapOf(spec.nodeSelector);
  const os = textOf(objectOf(spec.os).name) ?? selector['kubernetes.io/os'] ?? selector['beta.kubernetes.io/os'];
  return os === 'windows' ? 'windows' : 'linux';
}

/** Where the agent listens on every node (EKS User Guide, "EKS Pod Identity restrictions and agent"). */
const agentAddresses = ['169.254.170.23', '[fd00:ec2::23]'];

/**
 * How the pod's containers, init containers among them, find credentials, told from the variables that the admission
 * webhook of EKS injects (amazon-eks-pod-identity-webhook): web identity by token file, or the address of the agent.
 * `both` is a pod of which one container has the one and the same or another container has the other.
 */
function identityOf(spec: WireObject): { mechanism: PodMechanism; roleArn?: string } {
  let podIdentity = false;
  let irsa = false;
  let roleArn: string | undefined;
  for (const container of [...listOf(spec.initContainers), ...listOf(spec.containers)]) {
    const variables = variablesOf(container);
    const address = variables.get('AWS_CONTAINER_CREDENTIALS_FULL_URI');
    podIdentity ||= address !== undefined && agentAddresses.some(agent => address.includes(`//${agent}`));
    if (!variables.has('AWS_WEB_IDENTITY_TOKEN_FILE')) continue;
    irsa = true;
    roleArn ??= variables.get('AWS_ROLE_ARN') || undefined;
  }
  const mechanism = podIdentity ? (irsa ? 'both' : 'pod-identity') : irsa ? 'irsa' : 'none';
  return { mechanism, ...(roleArn === undefined ? {} : { roleArn }) };
}

/** Names and literal values; a value taken from elsewhere (`valueFrom`) reads as empty. */
function variablesOf(container: unknown): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const entry of listOf(objectOf(container).env)) {
    const { name, value } = objectOf(entry);
    if (typeof name === 'string') variables.set(name, textOf(value) ?? '');
  }
  return variables;
}

export function daemonSetOf(wire: unknown): DaemonSet | undefined {
  const { metadata, spec, status } = objectOf(wire);
  const meta = objectOf(metadata);
  const name = textOf(meta.name);
  const namespace = textOf(meta.namespace);
  if (name === undefined || namespace === undefined) return undefined;
  const { desiredNumberScheduled, numberReady } = objectOf(status);
  const containers = listOf(objectOf(objectOf(objectOf(spec).template).spec).containers);
  return {
    namespace,
    name,
    rollout: { desired: numberOf(desiredNumberScheduled) ?? 0, ready: numberOf(numberReady) ?? 0 },
    images: containers.map(container => textOf(objectOf(container).image)).filter(image => image !== undefined),
  };
}
