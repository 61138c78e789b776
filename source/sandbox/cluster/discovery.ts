/** Discovery: which groups, versions and resources there are. Enough for kubectl to find its way. */
import type { ClusterRecord } from '../model.ts';
import { type ResourceType, resourcesOf } from './resources.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;

/** Groups beside the core one, with what the table of resources does not hold: reviews, which are never stored. */
const GROUPS = ['apps', 'authorization.k8s.io', 'batch'] as const;

const REVIEWS = [
  { name: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { name: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
] as const;

/** Paths below other groups are nobody's: the answer is not even a Status. */
export function knowsGroup(cluster: ClusterRecord, group: string): boolean {
  return group === '' || groupsOf(cluster).has(group);
}

/** Version by group; each group has one. */
function groupsOf({ kube }: ClusterRecord): ReadonlyMap<string, string> {
  const custom = resourcesOf(kube).filter(({ group }) => group !== '');
  return new Map([
    ...GROUPS.map(name => [name, 'v1'] as const),
    ...custom.map(each => [each.group, each.version] as const),
  ]);
}

/** The document at a discovery path; undefined when there is none. */
export function discoveryDocument(cluster: ClusterRecord, path: string): object | undefined {
  switch (path) {
    case '/api':
      return {
        kind: 'APIVersions',
        versions: ['v1'],
        serverAddressByClientCIDRs: [
          { clientCIDR: '0.0.0.0/0', serverAddress: cluster.endpoint.replace(/^https?:\/\//u, '') },
        ],
      };
    case '/api/v1':
      return resourceList(cluster, '', 'v1');
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...groupsOf(cluster)].map(groupOf) };
    case '/version':
      return versionOf(cluster);
  }
  const match = /^\/apis\/([^/]+)(?:\/([^/]+))?$/u.exec(path);
  const group = match?.[1] ?? '';
  const version = groupsOf(cluster).get(group);
  if (version === undefined || (match?.[2] ?? version) !== version) {
    return undefined;
  }
  return match?.[2] === undefined
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf([group, version]) }
    : resourceList(cluster, group, version);
}

function versionOf(cluster: ClusterRecord): object {
  const [major = '1', minor = '34'] = cluster.version.split('.');
  return {
    major,
    minor,
    gitVersion: `v${cluster.version}.1-eks-113cf36`,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.24.6',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

function groupOf([name, version]: readonly [string, string]): object {
  const served = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [served], preferredVersion: served };
}

function resourceList({ kube }: ClusterRecord, group: string, version: string): object {
  const stored = resourcesOf(kube)
    .filter(type => type.group === group)
    .flatMap(describe);
  const reviews =
    group === 'authorization.k8s.io'
      ? REVIEWS.map(each => ({ ...each, singularName: '', namespaced: false, verbs: ['create'] }))
      : [];
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: [...stored, ...reviews],
  };
}

function describe(type: ResourceType): object[] {
  const { resource, singular, namespaced, kind } = type;
  const main = {
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs: VERBS,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
    ...(type.inAll ? { categories: ['all'] } : {}),
  };
  const status = { name: `${resource}/status`, singularName: '', namespaced, kind, verbs: ['get', 'patch', 'update'] };
  return type.status ? [main, status] : [main];
}
