/** What a request asks for, as the API server's own request info says it: verb, resource, name. */
import type { SandboxRequest } from '../model.ts';
import { badRequest } from './status.ts';

export type ResourceRequest = {
  readonly kind: 'resource';
  readonly verb: Verb;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
};

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** Everything that is no resource: /version, /readyz, discovery. */
export type PathRequest = { readonly kind: 'path'; readonly verb: string; readonly path: string };

export type KubeRequest = ResourceRequest | PathRequest;

/** Throws a BadRequest for a path that cannot be decoded. */
export function readRequest(request: SandboxRequest, query: URLSearchParams): KubeRequest {
  const path = request.path.length > 1 ? request.path.replace(/\/+$/u, '') : request.path;
  const parts = path.split('/').slice(1).map(decode);
  const [root, ...rest] = parts;
  const [group, version, ...named] = root === 'api' ? ['', ...rest] : root === 'apis' ? rest : [];
  if (group === undefined || version === undefined || named.length === 0) {
    return { kind: 'path', verb: request.method.toLowerCase(), path };
  }
  const isOldWatch = named[0] === 'watch';
  const target = readTarget(isOldWatch ? named.slice(1) : named);
  const watching = isOldWatch || ['1', 'true'].includes(query.get('watch') ?? '');
  return {
    kind: 'resource',
    verb: verbOf(request.method, target.name !== undefined, watching),
    group,
    version,
    ...target,
  };
}

/** `serviceaccounts`, `pods/eviction`. */
export function resourceName(request: ResourceRequest): string {
  return request.subresource === undefined ? request.resource : `${request.resource}/${request.subresource}`;
}

function readTarget(
  parts: readonly string[],
): Pick<ResourceRequest, 'resource' | 'namespace' | 'name' | 'subresource'> {
  const [first = '', second, third, ...rest] = parts;
  // /namespaces/x/status is about the namespace x, /namespaces/x/pods about what is in it.
  const inNamespace = first === 'namespaces' && third !== undefined && !['status', 'finalize'].includes(third);
  const [resource, name, subresource] = inNamespace ? [third, ...rest] : [first, second, third];
  return {
    resource,
    ...(inNamespace && second !== undefined ? { namespace: second } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function verbOf(method: string, named: boolean, watching: boolean): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return watching ? 'watch' : named ? 'get' : 'list';
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`invalid URL escape ${JSON.stringify(part)}`);
  }
}
