/**
 * A cluster's API server: one request in, one answer out. Behaviour and texts are those of a real kube-apiserver
 * (observed on v1.20), except for authentication, which is EKS's.
 */
import type { ClusterRecord, KubeObject, SandboxRequest, SandboxResponse, World } from '../model.ts';
import { authenticate, authorize, type KubeUser } from './access.ts';
import { isDryRun } from './bodies.ts';
import { reconcile, runControllers } from './controllers.ts';
import { discoveryDocument, knowsGroup } from './discovery.ts';
import { listObjects } from './lists.ts';
import { formOf, showList, showObject } from './representation.ts';
import { type KubeRequest, type ResourceRequest, readRequest } from './request.ts';
import { findResource, type ResourceType } from './resources.ts';
import { review } from './reviews.ts';
import { jsonResponse, KubeFailure, methodNotAllowed, notFound, unknownPath } from './status.ts';
import { find } from './store.ts';
import { watchObjects } from './watches.ts';
import { createObject, deleteCollection, deleteObject, patchObject, replaceObject, type Write } from './writes.ts';

/** Faults, latency and the log of requests are the caller's. */
export function handleKubernetes(
  world: World,
  cluster: ClusterRecord,
  request: SandboxRequest,
  now: number,
): SandboxResponse {
  runControllers(world);
  reconcile(world, cluster, now);
  cluster.kube.served = true;
  try {
    const user = authenticate(world, cluster, request.headers.authorization, now);
    return answer(world, cluster, user, request, now);
  } catch (error) {
    if (error instanceof KubeFailure) {
      return error.toResponse();
    }
    throw error;
  }
}

function answer(
  world: World,
  cluster: ClusterRecord,
  user: KubeUser,
  request: SandboxRequest,
  now: number,
): SandboxResponse {
  const query = new URLSearchParams(request.query);
  const target = readRequest(request, query);
  authorize(user, target);
  if (target.kind === 'path') {
    return answerPath(cluster, target, request);
  }
  if (isReview(target)) {
    return answerReview(target, user, request);
  }
  if (!knowsGroup(cluster, target.group)) {
    return plain(404, '404 page not found\n');
  }
  const type = findResource(cluster.kube, target.group, target.version, target.resource);
  if (type === undefined || !knowsSubresource(type, target.subresource)) {
    throw unknownPath();
  }
  if (!type.namespaced && target.namespace !== undefined) {
    throw unknownPath();
  }
  if (type.namespaced && target.namespace === undefined) {
    if (target.name !== undefined) {
      throw unknownPath();
    }
    if (target.verb === 'create') {
      throw methodNotAllowed();
    }
  }
  return answerResource({ world, cluster, type, target, request, query, now });
}

function answerResource(write: Write): SandboxResponse {
  const { world, cluster, type, target, request, query, now } = write;
  const form = formOf(request.headers.accept);
  const shown = (status: number, object: KubeObject) => jsonResponse(status, showObject(form, type, object, now));
  switch (target.verb) {
    case 'list': {
      const { items, metadata } = listObjects(cluster, type, target.namespace, query);
      return jsonResponse(200, showList(form, type, items, metadata, now));
    }
    case 'watch':
      return watchObjects(world, cluster, type, target.namespace, named(query, target), form, now);
    case 'get':
      return shown(200, read(cluster, type, target));
    case 'create':
      if (target.name !== undefined) {
        throw methodNotAllowed();
      }
      return shown(201, createObject(write));
    case 'update':
      if (target.name === undefined) {
        throw methodNotAllowed();
      }
      return shown(200, replaceObject(write));
    case 'patch':
      if (target.name === undefined) {
        throw methodNotAllowed();
      }
      return shown(200, patchObject(write));
    case 'delete': {
      const deleted = deleteObject(write);
      return 'object' in deleted ? shown(200, deleted.object) : jsonResponse(200, deleted.status);
    }
    case 'deletecollection': {
      const resourceVersion = String(cluster.kube.resourceVersion);
      return jsonResponse(200, showList(form, type, deleteCollection(write), { resourceVersion }, now));
    }
  }
}

/** Health, version, discovery; anything else is no path of an API server. */
function answerPath(
  cluster: ClusterRecord,
  target: Extract<KubeRequest, { kind: 'path' }>,
  request: SandboxRequest,
): SandboxResponse {
  if (['/healthz', '/livez', '/readyz'].includes(target.path)) {
    return plain(200, 'ok');
  }
  const document = discoveryDocument(cluster, target.path);
  if (document !== undefined) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw methodNotAllowed();
    }
    // Aggregated discovery is not offered: clients that ask for it take the plain documents too.
    return jsonResponse(200, document);
  }
  return plain(404, '404 page not found\n');
}

function answerReview(target: ResourceRequest, user: KubeUser, request: SandboxRequest): SandboxResponse {
  const body = target.verb === 'create' ? review(target.resource, user, request) : undefined;
  if (body === undefined) {
    throw methodNotAllowed();
  }
  isDryRun(new URLSearchParams(request.query), 'CreateOptions');
  return jsonResponse(201, body);
}

function read(cluster: ClusterRecord, type: ResourceType, { name = '', namespace }: ResourceRequest): KubeObject {
  const object = find(cluster.kube, type.resource, { name, ...(namespace === undefined ? {} : { namespace }) });
  if (object === undefined) {
    throw notFound(type, name);
  }
  return object;
}

/** A watch of one object by its path is one with a field selector. */
function named(query: URLSearchParams, target: ResourceRequest): URLSearchParams {
  if (target.name === undefined) {
    return query;
  }
  const narrowed = new URLSearchParams(query);
  narrowed.set('fieldSelector', `metadata.name=${target.name}`);
  return narrowed;
}

function knowsSubresource(type: ResourceType, subresource: string | undefined): boolean {
  return subresource === undefined || (subresource === 'status' && type.status);
}

const isReview = ({ group, resource }: ResourceRequest) =>
  group === 'authorization.k8s.io' && resource.startsWith('selfsubject');

function plain(status: number, body: string): SandboxResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
