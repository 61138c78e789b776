/**
 * What besides pods assumes roles by a service account's web identity: it asks the API server for a token of the
 * service account and brings it to STS, so it needs the annotation and the OIDC trust however the pods get theirs.
 */
import type { WebIdentityUser } from '../identity/facts.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import { type CallOptions, PortError } from '../run/ports.ts';
import type { KubernetesClient } from './client.ts';
import { listAll } from './list.ts';
import { serviceAccountOf } from './objects.ts';
import { listOf, objectOf, textOf, type WireObject } from './wire.ts';

/** A kind of custom resource, and how one of them names the service accounts that it uses. */
type Kind = {
  readonly group: string;
  /** Versions whose shape is known, the best first. */
  readonly versions: readonly string[];
  readonly resource: string;
  readonly kind: string;
  readonly refs: (spec: WireObject) => readonly unknown[];
};

/** A way through nested objects. */
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => objectOf(inner)[key], value);

/** A store of External Secrets: AWS itself, or a Vault that is logged in to with AWS credentials. */
const storeRefs = (spec: WireObject) => [
  at(spec, 'provider', 'aws', 'auth', 'jwt', 'serviceAccountRef'),
  at(spec, 'provider', 'vault', 'auth', 'iam', 'jwt', 'serviceAccountRef'),
];
const generatorRefs = (spec: WireObject) => [at(spec, 'auth', 'jwt', 'serviceAccountRef')];
const clusterGeneratorRefs = (spec: WireObject) => [
  at(spec, 'generator', 'ecrAuthorizationTokenSpec', 'auth', 'jwt', 'serviceAccountRef'),
  at(spec, 'generator', 'stsSessionTokenSpec', 'auth', 'jwt', 'serviceAccountRef'),
];

const stores = { group: 'external-secrets.io', versions: ['v1', 'v1beta1', 'v1alpha1'], refs: storeRefs } as const;
const generators = { group: 'generators.external-secrets.io', versions: ['v1alpha1'] } as const;

/** External Secrets Operator, API reference: AWSJWTAuth, VaultIamAuth, ECRAuthorizationToken, ClusterGenerator. */
const kinds: readonly Kind[] = [
  { ...stores, resource: 'secretstores', kind: 'SecretStore' },
  { ...stores, resource: 'clustersecretstores', kind: 'ClusterSecretStore' },
  { ...generators, resource: 'ecrauthorizationtokens', kind: 'ECRAuthorizationToken', refs: generatorRefs },
  { ...generators, resource: 'stssessiontokens', kind: 'STSSessionToken', refs: generatorRefs },
  { ...generators, resource: 'clustergenerators', kind: 'ClusterGenerator', refs: clusterGeneratorRefs },
];

const csi = { group: 'secrets-store.csi.x-k8s.io', versions: ['v1', 'v1alpha1'] } as const;

/**
 * Reads every installed kind; which are installed is asked first, for who may not read custom resources is refused those
 * that do not exist, too. Sorted, each once. Throws `PortError` when something that is installed cannot be read.
 */
export async function listWebIdentityUsers(
  client: KubernetesClient,
  options?: CallOptions,
): Promise<readonly WebIdentityUser[]> {
  const groups = await installedGroups(client, options);
  const found = await Promise.all([
    ...kinds.map(kind => usersOf(client, kind, groups, options)),
    secretProviderUsers(client, groups, options),
  ]);
  const byText = new Map(found.flat().map(user => [`${subjectText(user)} ${user.what}`, user]));
  return [...byText].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, user]) => user);
}

type Groups = ReadonlyMap<string, readonly string[]>;

/** Versions by group, as discovery tells them; every authenticated user may ask (role system:discovery). */
async function installedGroups(client: KubernetesClient, options?: CallOptions): Promise<Groups> {
  const answer = await client.json({ method: 'GET', path: '/apis', operation: 'list apis' }, options);
  const groups = objectOf(answer).groups;
  if (!Array.isArray(groups))
    throw new PortError({ kind: 'server', message: 'The API server told no list of its APIs.' });
  return new Map(
    groups
      .map(objectOf)
      .map(({ name, versions }) => [
        textOf(name) ?? '',
        listOf(versions).flatMap(each => textOf(objectOf(each).version) ?? []),
      ]),
  );
}

/** The best version that is served; undefined when the group is not installed. */
function versionOf({ group, versions }: Pick<Kind, 'group' | 'versions'>, groups: Groups): string | undefined {
  const served = groups.get(group);
  if (served === undefined) return undefined;
  const version = versions.find(each => served.includes(each));
  if (version !== undefined) return version;
  const message = `The cluster serves ${group} in versions that are not known here (${served.join(', ')}).`;
  throw new PortError({ kind: 'invalid', message });
}

/** Everything of one kind; empty when it is not installed, although its group is (an older release of it). */
async function objectsOf(
  client: KubernetesClient,
  kind: Pick<Kind, 'group' | 'versions' | 'resource'>,
  groups: Groups,
  options?: CallOptions,
): Promise<readonly WireObject[]> {
  const version = versionOf(kind, groups);
  if (version === undefined) return [];
  const call = { path: `/apis/${kind.group}/${version}/${kind.resource}`, resource: kind.resource, map: objectOf };
  try {
    return await listAll(client, call, options);
  } catch (error) {
    if (error instanceof PortError && error.failure.kind === 'not-found') return [];
    throw error;
  }
}

async function usersOf(
  client: KubernetesClient,
  kind: Kind,
  groups: Groups,
  options?: CallOptions,
): Promise<readonly WebIdentityUser[]> {
  const objects = await objectsOf(client, kind, groups, options);
  const users = objects.flatMap(object => {
    const meta = objectOf(object.metadata);
    const own = textOf(meta.namespace);
    const what = `${kind.kind} ${own === undefined ? '' : `${own}/`}${textOf(meta.name) ?? '?'}`;
    return kind
      .refs(objectOf(object.spec))
      .map(objectOf)
      .flatMap(({ name, namespace }) => {
        const serviceAccount = textOf(name);
        // An object in a namespace reaches service accounts of its own alone.
        return serviceAccount === undefined ? [] : [{ what, serviceAccount, namespace: own ?? textOf(namespace) }];
      });
  });
  const resolved = users.map(async ({ what, serviceAccount, namespace }) => {
    const subjects =
      namespace === undefined
        ? await everyAccountNamed(client, serviceAccount, options)
        : [{ namespace, serviceAccount }];
    return subjects.map(subject => ({ ...subject, what }));
  });
  return (await Promise.all(resolved)).flat();
}

/** A cluster-wide store that names no namespace takes the account of whoever refers to it, in any namespace. */
async function everyAccountNamed(
  client: KubernetesClient,
  name: string,
  options?: CallOptions,
): Promise<readonly Subject[]> {
  const call = {
    path: '/api/v1/serviceaccounts',
    resource: 'serviceaccounts',
    query: { fieldSelector: `metadata.name=${name}` },
    map: serviceAccountOf,
  };
  const found = await listAll(client, call, options);
  return found.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount }));
}

/** What holds a pod's spec, and where: pods of now, and whatever makes pods later, also where it has none now. */
const podSources = [
  { path: '/api/v1/pods', resource: 'pods', to: ['spec'] },
  ...['deployments', 'statefulsets', 'daemonsets'].map(resource => ({
    path: `/apis/apps/v1/${resource}`,
    resource,
    to: ['spec', 'template', 'spec'],
  })),
  { path: '/apis/batch/v1/jobs', resource: 'jobs', to: ['spec', 'template', 'spec'] },
  { path: '/apis/batch/v1/cronjobs', resource: 'cronjobs', to: ['spec', 'jobTemplate', 'spec', 'template', 'spec'] },
] as const;

/**
 * The Secrets Store CSI driver's AWS provider takes the web identity of the pod that mounts a SecretProviderClass unless
 * `usePodIdentity` is "true" (secrets-store-csi-driver-provider-aws, README).
 */
async function secretProviderUsers(
  client: KubernetesClient,
  groups: Groups,
  options?: CallOptions,
): Promise<readonly WebIdentityUser[]> {
  const classes = await objectsOf(client, { ...csi, resource: 'secretproviderclasses' }, groups, options);
  const names = new Set(classes.filter(usesWebIdentity).map(({ metadata }) => nameIn(objectOf(metadata))));
  if (names.size === 0) return [];
  const lists = podSources.map(({ to, ...source }) =>
    listAll(client, { ...source, map: (object: unknown) => mountsOf(object, to) }, options).catch(noneWhereUnknown),
  );
  return (await Promise.all(lists))
    .flat(2)
    .filter(({ mounted }) => names.has(mounted))
    .map(({ mounted, ...subject }) => ({ ...subject, what: `SecretProviderClass ${mounted}` }));
}

/** A kind that this server does not serve has no objects: CronJobs are in batch/v1 only since Kubernetes 1.21. */
function noneWhereUnknown(error: unknown): readonly never[] {
  if (error instanceof PortError && error.failure.kind === 'not-found') return [];
  throw error;
}

function usesWebIdentity({ spec: wireSpec }: WireObject): boolean {
  const spec = objectOf(wireSpec);
  return spec.provider === 'aws' && String(objectOf(spec.parameters).usePodIdentity ?? '').toLowerCase() !== 'true';
}

const nameIn = ({ namespace, name }: WireObject): string => `${textOf(namespace) ?? ''}/${textOf(name) ?? ''}`;

/**
 * The SecretProviderClasses that a pod mounts, with its service account.
 *
 * @param to the way from the object to the pod's spec
 */
function mountsOf(object: unknown, to: readonly string[]): readonly (Subject & { readonly mounted: string })[] {
  const namespace = textOf(at(object, 'metadata', 'namespace'));
  const spec = objectOf(at(object, ...to));
  if (namespace === undefined) return [];
  return listOf(spec.volumes).flatMap(volume => {
    const { driver, volumeAttributes } = objectOf(objectOf(volume).csi);
    const name = textOf(objectOf(volumeAttributes).secretProviderClass);
    if (driver !== 'secrets-store.csi.k8s.io' || name === undefined) return [];
    const serviceAccount = textOf(spec.serviceAccountName) ?? 'default';
    return [{ namespace, serviceAccount, mounted: `${namespace}/${name}` }];
  });
}
