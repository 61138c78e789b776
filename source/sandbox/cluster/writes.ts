/** CREATE, UPDATE, PATCH and DELETE of any resource, with what each of them does beyond storing the object. */
import { newUuid } from '../cloud/ids.ts';
import type { ClusterRecord, KubeObject, SandboxRequest, World } from '../model.ts';
import {
  applyPatch,
  checkBody,
  checkPatched,
  type DeleteOptions,
  isDryRun,
  readDeleteOptions,
  readObject,
} from './bodies.ts';
import { deleteNamespace, deletePod, noticeChange, noticePod } from './controllers.ts';
import { scopeOf } from './lists.ts';
import { admitPod, generatedName } from './pods.ts';
import type { ResourceRequest } from './request.ts';
import { qualifiedName, type ResourceType, resourceNamed } from './resources.ts';
import { type Fields, fieldsOf, isFields, isTerminating, podSpecOf, timestamp } from './shapes.ts';
import { alreadyExists, badRequest, conflict, KubeFailure, notFound, preconditionFailed } from './status.ts';
import { find, keyOf, objectsOf, ownedBy, put, remove } from './store.ts';
import { validate, validateChange } from './validation.ts';

export type Write = {
  readonly world: World;
  readonly cluster: ClusterRecord;
  readonly type: ResourceType;
  readonly target: ResourceRequest;
  readonly request: SandboxRequest;
  readonly query: URLSearchParams;
  readonly now: number;
};

export function createObject(write: Write): KubeObject {
  const { world, cluster, type, target, now } = write;
  const body = readObject(write.request, type);
  const dryRun = isDryRun(write.query, 'CreateOptions');
  const fresh = newObject(write, body);
  if (type.namespaced) {
    checkNamespace(cluster, type, target.namespace ?? '', fresh.metadata.name);
  }
  validate(type, fresh);
  if (find(cluster.kube, type.resource, fresh.metadata) !== undefined) {
    throw alreadyExists(type, fresh.metadata.name);
  }
  const object = type.resource === 'pods' && !dryRun ? admitPod(world, cluster, fresh, now) : fresh;
  if (dryRun) {
    return unversioned(object);
  }
  const stored = put(cluster.kube, type.resource, object);
  afterCreate(write, stored);
  return stored;
}

/** What is not stored has no resourceVersion. */
function unversioned(object: KubeObject): KubeObject {
  const { resourceVersion: _none, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject['metadata'] };
}

export function replaceObject(write: Write): KubeObject {
  const { type, target } = write;
  const body = checkBody(type, readObject(write.request, type));
  const dryRun = isDryRun(write.query, 'UpdateOptions');
  const metadata = fieldsOf(body.metadata);
  checkIdentity(metadata, target);
  const before = existing(write);
  if (typeof metadata.uid === 'string' && metadata.uid !== '' && metadata.uid !== before.metadata.uid) {
    throw wrongUid(type, before, metadata.uid);
  }
  return store(write, before, body, dryRun);
}

export function patchObject(write: Write): KubeObject {
  const { type, target } = write;
  const dryRun = isDryRun(write.query, 'PatchOptions');
  const before = existing(write);
  const patched = checkPatched(type, applyPatch(write.request, type, before));
  checkIdentity(fieldsOf(patched.metadata), target);
  return store(write, before, patched, dryRun);
}

/** What a delete answers: the object where it stays a while or is small, else a Status of success. */
export type Deleted = { readonly object: KubeObject } | { readonly status: object };

export function deleteObject(write: Write): Deleted {
  const { type } = write;
  const options = readDeleteOptions(write.request, write.query);
  const object = existing(write);
  const { name, uid, resourceVersion } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    const what = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw preconditionFailed(type, name, what);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const what = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw preconditionFailed(type, name, what);
  }
  if (!options.dryRun) {
    return describeDeletion(type, erase(write, object, options));
  }
  return describeDeletion(type, object);
}

/** All that the selectors match; answers with what was deleted. */
export function deleteCollection(write: Write): KubeObject[] {
  const { cluster, type, target, query } = write;
  const options = readDeleteOptions(write.request, query);
  const matches = scopeOf(type, target.namespace, query);
  const objects = [...objectsOf(cluster.kube, type.resource)].filter(matches);
  return options.dryRun ? objects : objects.map(object => erase(write, object, options));
}

function newObject({ world, type, target, now }: Write, body: Fields): KubeObject {
  const metadata = fieldsOf(checkBody(type, body).metadata);
  checkBodyNamespace(metadata, target);
  const generateName = typeof metadata.generateName === 'string' ? metadata.generateName : '';
  const given = typeof metadata.name === 'string' ? metadata.name : '';
  const name = given === '' && generateName !== '' ? generatedName(world, generateName) : given;
  const spec = type.resource === 'namespaces' ? { finalizers: ['kubernetes'] } : body.spec;
  const { kind: _kind, apiVersion: _version, status: _status, ...rest } = body;
  const labels = type.resource === 'namespaces' ? { 'kubernetes.io/metadata.name': name } : undefined;
  return {
    ...rest,
    metadata: {
      ...withoutEmptyMaps(metadata),
      name,
      ...(type.namespaced ? { namespace: target.namespace ?? '' } : {}),
      uid: newUuid(world),
      resourceVersion: '',
      creationTimestamp: timestamp(now),
      ...(type.generations ? { generation: 1 } : {}),
      ...(labels === undefined
        ? {}
        : { labels: { ...labels, ...fieldsOf(metadata.labels) } as Record<string, string> }),
    },
    ...(spec === undefined ? {} : { spec: defaulted(type, fieldsOf(spec)) }),
    ...(type.resource === 'namespaces' ? { status: { phase: 'Active' } } : type.status ? { status: {} } : {}),
  };
}

function defaulted(type: ResourceType, spec: Fields): Fields {
  const isScaled = ['deployments', 'statefulsets', 'replicasets'].includes(type.resource);
  return isScaled && spec.replicas === undefined ? { replicas: 1, ...spec } : spec;
}

/** Puts a changed object in place of `before`, unless nothing would change. */
function store(write: Write, before: KubeObject, changed: Fields, dryRun: boolean): KubeObject {
  const { cluster, type, target } = write;
  const metadata = fieldsOf(changed.metadata);
  const locked = metadata.resourceVersion;
  if (typeof locked === 'string' && locked !== '' && locked !== before.metadata.resourceVersion) {
    throw conflict(type, before.metadata.name);
  }
  const after = merged(type, target.subresource, before, changed);
  validate(type, after);
  validateChange(type, before, after);
  if (sameContent(before, after)) {
    return before;
  }
  if (dryRun) {
    return after;
  }
  const stored = put(cluster.kube, type.resource, after);
  noticeChange(write.world, cluster, type.resource, stored, write.now);
  return stored;
}

/** What clients may change: /status the status, everything else all but the status and the system's own metadata. */
function merged(type: ResourceType, subresource: string | undefined, before: KubeObject, changed: Fields): KubeObject {
  if (subresource === 'status') {
    return { ...before, ...(changed.status === undefined ? {} : { status: changed.status }) };
  }
  const { kind: _kind, apiVersion: _version, status: _status, ...rest } = changed;
  const given = withoutEmptyMaps(fieldsOf(changed.metadata));
  const { uid, creationTimestamp, resourceVersion, generation, deletionTimestamp } = before.metadata;
  const specChanged = JSON.stringify(before.spec) !== JSON.stringify(changed.spec);
  const counted = type.generations ? { generation: Number(generation ?? 1) + (specChanged ? 1 : 0) } : {};
  const { generation: _given, deletionTimestamp: _deletion, ...kept } = given;
  return {
    ...rest,
    metadata: {
      ...kept,
      name: before.metadata.name,
      ...(before.metadata.namespace === undefined ? {} : { namespace: before.metadata.namespace }),
      uid: typeof given.uid === 'string' && given.uid !== '' ? given.uid : uid,
      resourceVersion,
      creationTimestamp,
      ...counted,
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    ...(before.status === undefined ? {} : { status: before.status }),
  };
}

/** Empty maps of labels and annotations are left out, as the API leaves them out; null values count as empty text. */
function withoutEmptyMaps(metadata: Fields): Fields {
  const result: Fields = { ...metadata };
  for (const field of ['labels', 'annotations']) {
    const map = result[field];
    if (!isFields(map) || Object.keys(map).length === 0) {
      delete result[field];
    } else if (Object.values(map).includes(null)) {
      result[field] = Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? '']));
    }
  }
  return result;
}

function sameContent(before: KubeObject, after: KubeObject): boolean {
  return canonical(before) === canonical(after);
}

function canonical(object: KubeObject): string {
  return JSON.stringify(object, (_key, value: unknown) =>
    isFields(value)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value,
  );
}

function erase(write: Write, object: KubeObject, options: DeleteOptions): KubeObject {
  const { world, cluster, type, now } = write;
  if (type.resource === 'pods') {
    return deletePod(world, cluster, object, now, options.graceSeconds);
  }
  if (type.resource === 'namespaces') {
    return deleteNamespace(world, cluster, object, now);
  }
  remove(cluster.kube, type.resource, object.metadata);
  if (options.orphan) {
    orphan(cluster, object);
  }
  noticeChange(world, cluster, type.resource, object, now);
  return object;
}

/** With propagationPolicy=Orphan what the object owned stays, without an owner. */
function orphan(cluster: ClusterRecord, owner: KubeObject): void {
  for (const resource of ['replicasets', 'pods']) {
    for (const object of [...ownedBy(cluster.kube, resource, owner.metadata.uid)]) {
      const { ownerReferences: _owners, ...metadata } = object.metadata;
      put(cluster.kube, resource, { ...object, metadata: metadata as KubeObject['metadata'] });
    }
  }
}

/** Seen on v1.20: service accounts, pods and namespaces answer the object, workloads a Status. */
function describeDeletion(type: ResourceType, object: KubeObject): Deleted {
  if (['serviceaccounts', 'pods', 'namespaces'].includes(type.resource)) {
    return { object };
  }
  const { name, uid } = object.metadata;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.resource, uid };
  return { status: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
}

function afterCreate({ world, cluster, type, now }: Write, stored: KubeObject): void {
  if (type.resource === 'pods') {
    if (podSpecOf(stored).nodeName !== undefined) {
      noticePod(world, cluster, stored, now);
    }
    return;
  }
  if (type.resource === 'namespaces') {
    put(cluster.kube, 'serviceaccounts', {
      metadata: {
        name: 'default',
        namespace: stored.metadata.name,
        uid: newUuid(world),
        resourceVersion: '',
        creationTimestamp: timestamp(now),
      },
    });
    return;
  }
  noticeChange(world, cluster, type.resource, stored, now);
}

function existing({ cluster, type, target }: Write): KubeObject {
  const { name = '', namespace } = target;
  const object = find(cluster.kube, type.resource, { name, ...(namespace === undefined ? {} : { namespace }) });
  if (object === undefined) {
    throw notFound(type, name);
  }
  return object;
}

function checkNamespace(cluster: ClusterRecord, type: ResourceType, namespace: string, name: string): void {
  const found = find(cluster.kube, 'namespaces', { name: namespace });
  if (found === undefined) {
    throw notFound(resourceNamed('namespaces'), namespace);
  }
  if (isTerminating(found)) {
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `${qualifiedName(type)} "${name}" is forbidden: ${why}`;
    throw new KubeFailure(403, 'Forbidden', message, {
      name,
      kind: type.resource,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    });
  }
}

function checkBodyNamespace(metadata: Fields, target: ResourceRequest): void {
  const given = metadata.namespace;
  if (typeof given === 'string' && given !== '' && given !== (target.namespace ?? '')) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** An object that is to replace another must be called what the URL calls it. */
function checkIdentity({ name, namespace }: Fields, target: ResourceRequest): void {
  const wanted = target.name ?? '';
  if (typeof name !== 'string' || name === '') {
    throw badRequest(`the name of the object (${wanted} based on URL) was undeterminable: name must be provided`);
  }
  if (name !== wanted) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${wanted})`);
  }
  const asked = target.namespace ?? '';
  if (typeof namespace === 'string' && namespace !== '' && namespace !== asked) {
    const message = `the namespace of the object (${namespace}) does not match the namespace on the request (${asked})`;
    throw badRequest(message);
  }
}

function wrongUid(type: ResourceType, { metadata }: KubeObject, uid: string): KubeFailure {
  const key = `/registry/${type.resource}/${keyOf(metadata)}`;
  const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  const storage = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${problem}`;
  const { name } = metadata;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.resource };
  const message = `Operation cannot be fulfilled on ${qualifiedName(type)} "${name}": ${storage}`;
  return new KubeFailure(409, 'Conflict', message, details);
}
