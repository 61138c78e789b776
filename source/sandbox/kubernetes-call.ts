/** What a request to an API server is, in Kubernetes' own words: verb, resource and name. */
import type { SandboxRequest } from './model.ts';

export type KubernetesCall = {
  /** Verb and resource, e.g. `patch serviceaccounts`; a path without a resource stands for itself. */
  readonly operation: string;
  readonly write: boolean;
  /** `namespace/name` or what there is of it. */
  readonly subject: string | undefined;
};

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
/** Asked by POST, but nothing is stored (Kubernetes API reference, authorization.k8s.io and authentication.k8s.io). */
const REVIEWS = /^(selfsubject(access|rules)reviews|subjectaccessreviews|selfsubjectreviews|tokenreviews)$/u;

export function kubernetesCall(request: SandboxRequest): KubernetesCall {
  const parts = request.path.split('/').filter(each => each !== '');
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [resource, name, subresource] = namespace === undefined ? rest : rest.slice(2);
  if (resource === undefined) {
    return { operation: `get ${request.path.slice(1)}`, write: false, subject: undefined };
  }
  const query = new URLSearchParams(request.query);
  const watches = ['1', 'true'].includes(query.get('watch') ?? '');
  const read = name === undefined ? (watches ? 'watch' : 'list') : 'get';
  const verb = VERBS[request.method] ?? read;
  const subject = [namespace, name].filter(each => each !== undefined).join('/');
  return {
    operation: `${verb} ${subresource === undefined ? resource : `${resource}/${subresource}`}`,
    write: verb !== read && !REVIEWS.test(resource) && !query.has('dryRun'),
    subject: subject === '' ? undefined : subject,
  };
}
