import { type CallOptions, type KubernetesCollection, type KubernetesPort, PortError } from '../run/ports.ts';
import type { KubernetesClient } from './client.ts';
import { listAll, listPages } from './list.ts';
import { nodeOf } from './nodes.ts';
import { daemonSetOf, namespaceOf, podOf, serviceAccountOf } from './objects.ts';
import { inNamespace, segment } from './paths.ts';
import { type WatchTiming, watchEvents } from './watch.ts';
import { listWebIdentityUsers } from './web-identity-users.ts';
import { objectOf, textOf } from './wire.ts';
import { fieldManager, getWorkload, restartWorkload } from './workloads.ts';

/** The port over a client: paths, bodies and what comes back. */
export function kubernetesPort(client: KubernetesClient, timing: WatchTiming): KubernetesPort {
  const collection = <T>(resource: string, map: (wire: unknown) => T | undefined): KubernetesCollection<T> => ({
    list: ({ namespace, ...options } = {}) => {
      const path = namespace === undefined ? `/api/v1/${resource}` : `/api/v1${inNamespace(namespace)}/${resource}`;
      return listPages(client, { path, resource, map, ...(namespace && { subject: namespace }) }, options);
    },
    watch: (resourceVersion, options) =>
      watchEvents(client, { path: `/api/v1/${resource}`, resource, map }, resourceVersion, timing, options),
  });

  return {
    namespaces: collection('namespaces', namespaceOf),
    serviceAccounts: collection('serviceaccounts', serviceAccountOf),
    pods: collection('pods', podOf),

    async listDaemonSets(namespace, options) {
      const path = `/apis/apps/v1${inNamespace(namespace)}/daemonsets`;
      return listAll(client, { path, resource: 'daemonsets', subject: namespace, map: daemonSetOf }, options);
    },

    listNodes: options => listAll(client, { path: '/api/v1/nodes', resource: 'nodes', map: nodeOf }, options),

    listWebIdentityUsers: options => listWebIdentityUsers(client, options),

    async podsOf(namespace, serviceAccount, options) {
      const path = `/api/v1${inNamespace(namespace)}/pods`;
      const query = { fieldSelector: `spec.serviceAccountName=${segment(serviceAccount)}` };
      const subject = `${namespace}/${serviceAccount}`;
      return listAll(client, { path, resource: 'pods', query, subject, map: podOf }, options);
    },

    getWorkload: (kind, namespace, name, options) => getWorkload(client, { kind, namespace, name }, options),

    restartWorkload: (kind, namespace, name, restartedAt, options) =>
      restartWorkload(client, { kind, namespace, name }, restartedAt, options),

    async deletePod(namespace, name, uid, options) {
      const path = `/api/v1${inNamespace(namespace)}/pods/${segment(name)}`;
      await deleteThis(client, { path, uid, resource: 'pods', subject: `${namespace}/${name}` }, options);
    },

    async getServiceAccount(namespace, name, options) {
      const call = {
        method: 'GET',
        path: serviceAccountPath(namespace, name),
        operation: 'get serviceaccounts',
        subject: `${namespace}/${name}`,
      } as const;
      return serviceAccountIn(await client.json(call, options), client, call.operation);
    },

    async annotateServiceAccount(namespace, name, annotations, resourceVersion, options) {
      const call = {
        method: 'PATCH',
        path: serviceAccountPath(namespace, name),
        query: { fieldManager },
        contentType: 'application/merge-patch+json',
        // With a resourceVersion in it the server refuses the patch (409) when the object changed since.
        body: { metadata: { resourceVersion, annotations } },
        operation: 'patch serviceaccounts',
        subject: `${namespace}/${name}`,
        write: true,
      } as const;
      return serviceAccountIn(await client.json(call, options), client, call.operation);
    },

    async getNamespace(name, options) {
      const path = `/api/v1${inNamespace(name)}`;
      const call = { method: 'GET', path, operation: 'get namespaces', subject: name } as const;
      return namespaceOf(await client.json(call, options)) ?? notThat('a namespace', client, call.operation);
    },

    async createNamespace(name, options) {
      const call = {
        method: 'POST',
        path: '/api/v1/namespaces',
        query: { fieldManager },
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
        operation: 'create namespaces',
        subject: name,
        write: true,
      } as const;
      await client.json(call, options);
    },

    async createServiceAccount(namespace, name, labels, options) {
      const call = {
        method: 'POST',
        path: `/api/v1${inNamespace(namespace)}/serviceaccounts`,
        query: { fieldManager },
        body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } },
        operation: 'create serviceaccounts',
        subject: `${namespace}/${name}`,
        write: true,
      } as const;
      return serviceAccountIn(await client.json(call, options), client, call.operation);
    },

    async deleteServiceAccount(namespace, name, uid, options) {
      const path = serviceAccountPath(namespace, name);
      await deleteThis(client, { path, uid, resource: 'serviceaccounts', subject: `${namespace}/${name}` }, options);
    },

    can: (request, options) => mayI(client, request, options),

    async version(options) {
      const answer = objectOf(
        await client.json({ method: 'GET', path: '/version', operation: 'get version' }, options),
      );
      return textOf(answer.gitVersion) ?? 'unknown';
    },

    close: () => client.close(),
  };
}

type Deletion = { readonly path: string; readonly uid: string; readonly resource: string; readonly subject: string };

/** The precondition makes the server refuse (409) when another object of that name is there by now. */
async function deleteThis(
  client: KubernetesClient,
  { path, uid, resource, subject }: Deletion,
  options: CallOptions | undefined,
): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
  await client.json({ method: 'DELETE', path, body, operation: `delete ${resource}`, subject, write: true }, options);
}

const serviceAccountPath = (namespace: string, name: string): string =>
  `/api/v1${inNamespace(namespace)}/serviceaccounts/${segment(name)}`;

const serviceAccountIn = (answer: unknown, client: KubernetesClient, operation: string) =>
  serviceAccountOf(answer) ?? notThat('a service account', client, operation);

function notThat(what: string, client: KubernetesClient, operation: string): never {
  const { cluster, host } = client.context(operation);
  throw new PortError({
    kind: 'server',
    message: `The API server of ${cluster} (${host}) answered ${operation} with something that is not ${what}.`,
    operation: `kubernetes:${operation}`,
  });
}

/** SelfSubjectAccessReview: a POST that stores nothing. `resource` may name a subresource, as in `pods/log`. */
async function mayI(
  client: KubernetesClient,
  request: Parameters<KubernetesPort['can']>[0],
  options?: CallOptions,
): Promise<boolean> {
  const [resource, subresource] = request.resource.split('/');
  const answer = await client.json(
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb: request.verb,
            resource,
            group: request.group ?? '',
            ...(subresource === undefined ? {} : { subresource }),
            ...(request.namespace === undefined ? {} : { namespace: request.namespace }),
          },
        },
      },
      operation: 'create selfsubjectaccessreviews',
      subject: `${request.verb} ${request.resource}`,
    },
    options,
  );
  return objectOf(objectOf(answer).status).allowed === true;
}
