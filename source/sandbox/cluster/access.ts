/** Who asks, and what they may do: authentication by bearer token, authorization by the caller's list of denials. */
import { createHash } from 'node:crypto';
import { verifyEksToken } from '../cloud/token.ts';
import type { Caller, ClusterRecord, World } from '../model.ts';
import { type KubeRequest, type ResourceRequest, resourceName } from './request.ts';
import { qualifiedName } from './resources.ts';
import { KubeFailure, unauthorized } from './status.ts';

export type KubeUser = {
  readonly name: string;
  readonly groups: readonly string[];
  /** Undefined: the administrator of the printed kubeconfig, or nobody in particular. */
  readonly caller?: Caller;
};

const ADMIN: KubeUser = { name: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] };
const ANONYMOUS: KubeUser = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Token of a cluster's administrator, for kubeconfig files. It opens a sandbox and nothing else, so it may be known. */
export function adminToken(cluster: Pick<ClusterRecord, 'arn'>): string {
  return `sandbox-admin-${createHash('sha256').update(cluster.arn).digest('hex').slice(0, 24)}`;
}

/** Throws Unauthorized for a bad token, and for a caller without an access entry (as EKS answers both). */
export function authenticate(
  world: World,
  cluster: ClusterRecord,
  authorization: string | undefined,
  now: number,
): KubeUser {
  if (authorization === undefined) {
    return ANONYMOUS;
  }
  const token = /^Bearer\s+(\S+)$/iu.exec(authorization)?.[1] ?? '';
  if (token === adminToken(cluster)) {
    return ADMIN;
  }
  const result = verifyEksToken(world, token, cluster.name, now);
  if (!('caller' in result) || !cluster.accessEntries.has(result.caller.accessKeyId)) {
    throw unauthorized();
  }
  return { name: result.caller.arn, groups: ['system:authenticated'], caller: result.caller };
}

/** Throws Forbidden. */
export function authorize(user: KubeUser, request: KubeRequest): void {
  if (request.kind === 'path') {
    if (user === ANONYMOUS && !isPublic(request.path)) {
      const message = `forbidden: User "${user.name}" cannot ${request.verb} path "${request.path}"`;
      throw new KubeFailure(403, 'Forbidden', message, {});
    }
    return;
  }
  if (!isAllowed(user, request)) {
    throw forbidden(user, request);
  }
}

/** Denials are written `kubernetes:VERB RESOURCE`; either part may be `*`, and `kubernetes:*` denies everything. */
export function isAllowed(
  user: KubeUser,
  request: Pick<ResourceRequest, 'verb' | 'resource' | 'subresource'>,
): boolean {
  if (user === ANONYMOUS) {
    return false;
  }
  const denied = user.caller?.denied;
  if (denied === undefined || denied.size === 0 || isReview(request.resource)) {
    return true;
  }
  const resource = request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`;
  return ![`${request.verb} ${resource}`, `${request.verb} *`, `* ${resource}`, '* *', '*'].some(each =>
    denied.has(`kubernetes:${each}`),
  );
}

/** Everybody who is known may ask what they may do. */
const isReview = (resource: string) => resource.startsWith('selfsubject');

/** What the API server lets the world see (its role system:public-info-viewer). */
const isPublic = (path: string) => ['/healthz', '/livez', '/readyz', '/version'].includes(path);

function forbidden(user: KubeUser, request: ResourceRequest): KubeFailure {
  const { verb, group, resource, namespace, name, version } = request;
  const subject =
    name === undefined ? qualifiedName({ group, resource }) : `${qualifiedName({ group, resource })} "${name}"`;
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `cannot ${verb} resource "${resourceName({ ...request, version })}" in API group "${group}"`;
  return new KubeFailure(403, 'Forbidden', `${subject} is forbidden: User "${user.name}" ${what} ${scope}`, {
    ...(name === undefined ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}
