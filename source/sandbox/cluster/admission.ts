/**
 * What EKS's admission webhook (amazon-eks-pod-identity-webhook) puts into a pod when it is created. A pod keeps what
 * it was born with: nothing here ever changes a running pod.
 */
import type { ClusterRecord, KubeObject, World } from '../model.ts';
import { associationOf } from './associations.ts';
import { type Container, type EnvVar, type Fields, fieldsOf, podSpecOf, serviceAccountOf } from './shapes.ts';
import { find } from './store.ts';

export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';
export const POD_IDENTITY_LABEL = 'eks.amazonaws.com/pod-identity';
export const WEB_IDENTITY_VOLUME = 'aws-iam-token';
export const POD_IDENTITY_VOLUME = 'eks-pod-identity-token';

const PREFIX = 'eks.amazonaws.com';
const WEB_IDENTITY_PATH = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
const POD_IDENTITY_PATH = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount';

export type BirthMechanism = 'pod-identity' | 'irsa' | 'none';

/** What a pod older than the world's present state was given when it was born. */
export type Birth = {
  readonly mechanism: BirthMechanism;
  /** For IRSA: the role of the annotation at that time; by default that of today. */
  readonly roleArn?: string;
};

/** How the webhook would serve a pod of this service account: an association wins, whatever the agent's state. */
export function birthMechanism(
  cluster: ClusterRecord,
  namespace: string,
  serviceAccount: string,
  now: number,
): BirthMechanism {
  if (associationOf(cluster, namespace, serviceAccount, now) !== undefined) {
    return 'pod-identity';
  }
  return roleAnnotation(cluster, namespace, serviceAccount) === undefined ? 'none' : 'irsa';
}

export function roleAnnotation(cluster: ClusterRecord, namespace: string, serviceAccount: string): string | undefined {
  const account = find(cluster.kube, 'serviceaccounts', { namespace, name: serviceAccount });
  return account?.metadata.annotations?.[ROLE_ANNOTATION] || undefined;
}

/** The pod as it is stored: with what would be injected at `now`, or what `birth` says was injected back then. */
export function admit(_world: World, cluster: ClusterRecord, pod: KubeObject, now: number, birth?: Birth): KubeObject {
  const namespace = pod.metadata.namespace ?? 'default';
  const serviceAccount = serviceAccountOf(podSpecOf(pod));
  switch (birth?.mechanism ?? birthMechanism(cluster, namespace, serviceAccount, now)) {
    case 'pod-identity':
      return injectPodIdentity(cluster, pod);
    case 'irsa':
      return injectWebIdentity(cluster, pod, birth?.roleArn);
    case 'none':
      return pod;
  }
}

function injectPodIdentity(cluster: ClusterRecord, pod: KubeObject): KubeObject {
  const env: readonly EnvVar[] = [
    { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' },
    { name: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', value: `${POD_IDENTITY_PATH}/${POD_IDENTITY_VOLUME}` },
  ];
  const volume = tokenVolume(POD_IDENTITY_VOLUME, 'pods.eks.amazonaws.com', POD_IDENTITY_VOLUME, 86_400);
  const labelled: KubeObject = {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [POD_IDENTITY_LABEL]: 'enabled' } },
  };
  return inject(cluster, labelled, { env, extra: [], volume, mountPath: POD_IDENTITY_PATH });
}

function injectWebIdentity(cluster: ClusterRecord, pod: KubeObject, roleArn: string | undefined): KubeObject {
  const ref = { namespace: pod.metadata.namespace ?? 'default', name: serviceAccountOf(podSpecOf(pod)) };
  const annotations = find(cluster.kube, 'serviceaccounts', ref)?.metadata.annotations ?? {};
  const env: readonly EnvVar[] = [
    { name: 'AWS_ROLE_ARN', value: roleArn ?? annotations[ROLE_ANNOTATION] ?? '' },
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${WEB_IDENTITY_PATH}/token` },
  ];
  const regional = annotations[`${PREFIX}/sts-regional-endpoints`] !== 'false';
  const audience = annotations[`${PREFIX}/audience`] || 'sts.amazonaws.com';
  const wanted = pod.metadata.annotations?.[`${PREFIX}/token-expiration`] ?? annotations[`${PREFIX}/token-expiration`];
  const seconds = Math.max(600, Number.parseInt(wanted ?? '', 10) || 86_400);
  return inject(cluster, pod, {
    env,
    extra: regional ? [{ name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' }] : [],
    volume: tokenVolume(WEB_IDENTITY_VOLUME, audience, 'token', seconds),
    mountPath: WEB_IDENTITY_PATH,
  });
}

type Injection = {
  /** Belong together: a container that sets one of them by hand gets none of them. */
  readonly env: readonly EnvVar[];
  /** Each is left as it is where the container sets it. */
  readonly extra: readonly EnvVar[];
  readonly volume: { readonly name: string } & Fields;
  readonly mountPath: string;
};

function inject(cluster: ClusterRecord, pod: KubeObject, injection: Injection): KubeObject {
  const spec = podSpecOf(pod);
  const skipped = new Set(
    (pod.metadata.annotations?.[`${PREFIX}/skip-containers`] ?? '').split(',').map(name => name.trim()),
  );
  const region: readonly EnvVar[] = [
    { name: 'AWS_DEFAULT_REGION', value: cluster.region },
    { name: 'AWS_REGION', value: cluster.region },
  ];
  const serve = (container: Container) =>
    skipped.has(container.name) ? container : injectContainer(container, injection, region);
  return {
    ...pod,
    spec: {
      ...fieldsOf(pod.spec),
      containers: spec.containers.map(serve),
      ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(serve) }),
      volumes: [...(spec.volumes ?? []).filter(each => each.name !== injection.volume.name), injection.volume],
    },
  };
}

function injectContainer(container: Container, injection: Injection, region: readonly EnvVar[]): Container {
  const env = container.env ?? [];
  const has = (wanted: EnvVar) => env.some(each => each.name === wanted.name);
  const core = injection.env.some(has) ? [] : injection.env;
  const regionSet = region.some(has) ? [] : region;
  const mounts = (container.volumeMounts ?? []).filter(mount => mount.name !== injection.volume.name);
  return {
    ...container,
    env: [...env, ...injection.extra.filter(each => !has(each)), ...regionSet, ...core],
    volumeMounts: [...mounts, { name: injection.volume.name, readOnly: true, mountPath: injection.mountPath }],
  };
}

function tokenVolume(name: string, audience: string, path: string, expirationSeconds: number) {
  return {
    name,
    projected: { sources: [{ serviceAccountToken: { audience, expirationSeconds, path } }], defaultMode: 420 },
  };
}
