/** The resource types that the sandbox's API servers know, in the words of the API's own discovery documents. */
import type { KubeStore } from '../model.ts';

export type ResourceType = {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural name, as in paths; unique over all groups here, so it is also the key into the store. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** Member of `kubectl get all`. */
  readonly inAll: boolean;
  /** Whether a changed spec raises metadata.generation. */
  readonly generations: boolean;
  /** Whether /status is a resource of its own. */
  readonly status: boolean;
  /** Field selectors beyond metadata.name and metadata.namespace. */
  readonly fields: readonly string[];
};

type Traits = Partial<Pick<ResourceType, 'namespaced' | 'shortNames' | 'inAll' | 'generations' | 'status' | 'fields'>>;

const type = (group: string, resource: string, kind: string, traits: Traits = {}): ResourceType => ({
  group,
  version: 'v1',
  resource,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  shortNames: [],
  inAll: false,
  generations: false,
  status: false,
  fields: [],
  ...traits,
});

const workload = { inAll: true, generations: true, status: true } as const;

const POD_FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'status.phase',
  'status.podIP',
];

export const RESOURCES: readonly ResourceType[] = [
  type('', 'configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  type('', 'events', 'Event', {
    shortNames: ['ev'],
    fields: [
      'involvedObject.kind',
      'involvedObject.name',
      'involvedObject.namespace',
      'involvedObject.uid',
      'reason',
      'type',
    ],
  }),
  type('', 'namespaces', 'Namespace', {
    namespaced: false,
    shortNames: ['ns'],
    status: true,
    fields: ['status.phase'],
  }),
  type('', 'nodes', 'Node', { namespaced: false, shortNames: ['no'], status: true, fields: ['spec.unschedulable'] }),
  type('', 'pods', 'Pod', { shortNames: ['po'], inAll: true, status: true, fields: POD_FIELDS }),
  type('', 'serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] }),
  type('apps', 'daemonsets', 'DaemonSet', { shortNames: ['ds'], ...workload }),
  type('apps', 'deployments', 'Deployment', { shortNames: ['deploy'], ...workload }),
  type('apps', 'replicasets', 'ReplicaSet', { shortNames: ['rs'], ...workload, fields: ['status.replicas'] }),
  type('apps', 'statefulsets', 'StatefulSet', { shortNames: ['sts'], ...workload }),
  type('batch', 'cronjobs', 'CronJob', { shortNames: ['cj'], ...workload }),
  type('batch', 'jobs', 'Job', { ...workload, fields: ['status.successful'] }),
];

const custom = (group: string, version: string, resource: string, kind: string, namespaced = true): ResourceType => ({
  ...type(group, resource, kind, { namespaced, generations: true }),
  version,
});

/** Custom resources that a cluster has only once they are installed in it. */
export const CUSTOM_RESOURCES: readonly ResourceType[] = [
  custom('external-secrets.io', 'v1', 'secretstores', 'SecretStore'),
  custom('external-secrets.io', 'v1', 'clustersecretstores', 'ClusterSecretStore', false),
  custom('generators.external-secrets.io', 'v1alpha1', 'ecrauthorizationtokens', 'ECRAuthorizationToken'),
  custom('secrets-store.csi.x-k8s.io', 'v1', 'secretproviderclasses', 'SecretProviderClass'),
];

/** What a cluster's API has: what every one has, and the custom resources that are installed. */
export function resourcesOf(store: Pick<KubeStore, 'custom'>): readonly ResourceType[] {
  const installed = CUSTOM_RESOURCES.filter(each => store.custom?.has(each.resource));
  return installed.length === 0 ? RESOURCES : [...RESOURCES, ...installed];
}

/** `deployments` with group `apps`; undefined when the API has no such resource. */
export function findResource(
  store: Pick<KubeStore, 'custom'>,
  group: string,
  version: string,
  resource: string,
): ResourceType | undefined {
  return resourcesOf(store).find(
    each => each.group === group && each.version === version && each.resource === resource,
  );
}

/** By plural name. Throws for a name that is not in the table: a mistake in the sandbox itself. */
export function resourceNamed(resource: string): ResourceType {
  const found = RESOURCES.find(each => each.resource === resource);
  if (found === undefined) {
    throw new Error(`no resource type ${resource}`);
  }
  return found;
}

/** `v1`, or `apps/v1`. */
export function apiVersionOf(type: Pick<ResourceType, 'group' | 'version'>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `serviceaccounts`, or `deployments.apps`: how error texts name a resource. */
export function qualifiedName(type: Pick<ResourceType, 'group' | 'resource'>): string {
  return type.group === '' ? type.resource : `${type.resource}.${type.group}`;
}
