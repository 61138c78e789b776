/** Discovery: which groups, versions and resources there are. Enough for kubectl to find its way. */
import type { ClusterRecord } from '../model.ts';
import { RESOURCES, type ResourceType } from './resources.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;

/** Groups beside the core one, with what the table of resources does not hold: reviews, which are never stored. */
const GROUPS = ['apps', 'authorization.k8s.io', 'batch'] as const;

const REVIEWS = [
  { name: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { name: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
] as const;

/** Paths below other groups are nobody's: the answer is not even a Status. */
export function knowsGroup(group: string): boolean {
  return group === '' || GROUPS.some(each => each === group);
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
      return resourceList('');
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupOf) };
    case '/version':
      return versionOf(cluster);
  }
  const match = /^\/apis\/([^/]+)(\/v1)?$/u.exec(path);
  const group = GROUPS.find(each => each === match?.[1]);
  if (group === undefined) {
    return undefined;
  }
  return match?.[2] === undefined ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } : resourceList(group);
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

function groupOf(name: string): object {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string): object {
  const stored = RESOURCES.filter(type => type.group === group).flatMap(describe);
  const reviews =
    group === 'authorization.k8s.io'
      ? REVIEWS.map(each => ({ ...each, singularName: '', namespaced: false, verbs: ['create'] }))
      : [];
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? 'v1' : `${group}/v1`,
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
