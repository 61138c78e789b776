/**
 * One cluster's objects, with the history that lists at an older resourceVersion and watches are made from.
 * Objects are values: a change puts a new object in place of the old one, which history goes on holding.
 */
import type { KubeEvent, KubeObject, KubeStore } from '../model.ts';
import { controllerOf } from './shapes.ts';

/** Events kept before the oldest are forgotten, which is when watches and pages from before them get 410. */
const HISTORY_LIMIT = 8_192;

export type ObjectRef = { readonly namespace?: string; readonly name: string };

/** `namespace/name`, or `name`; plain string order of keys is the order of lists (etcd's). */
export function keyOf(ref: ObjectRef): string {
  return ref.namespace === undefined || ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`;
}

export function find(store: KubeStore, resource: string, ref: ObjectRef): KubeObject | undefined {
  return store.objects.get(resource)?.get(keyOf(ref));
}

/** What the controller with this uid owns, in no particular order. */
export function ownedBy(store: KubeStore, resource: string, uid: string): Iterable<KubeObject> {
  return owners.get(store)?.get(`${resource} ${uid}`)?.values() ?? [];
}

/** In no particular order. */
export function objectsOf(store: KubeStore, resource: string): Iterable<KubeObject> {
  return store.objects.get(resource)?.values() ?? [];
}

/** Creates or replaces; gives the object its resourceVersion and tells the watchers. Returns what is stored. */
export function put(store: KubeStore, resource: string, object: KubeObject): KubeObject {
  const objects = tableOf(store, resource);
  const key = keyOf(object.metadata);
  const previous = objects.get(key);
  const stored = place(store, resource, object);
  if (previous === undefined) {
    record(store, { resource, type: 'ADDED', object: stored, resourceVersion: store.resourceVersion });
  } else {
    record(store, { resource, type: 'MODIFIED', object: stored, previous, resourceVersion: store.resourceVersion });
  }
  return stored;
}

/** Nobody has asked this cluster anything yet: the world is still being built. */
export function isQuiet(store: KubeStore): boolean {
  return store.served !== true && store.listeners.size === 0 && store.history.length === 0;
}

/** Puts an object in place as if it had always been there. Once the cluster is in use, the same as `put`. */
export function plant(store: KubeStore, resource: string, object: KubeObject): KubeObject {
  if (!isQuiet(store)) {
    return put(store, resource, object);
  }
  const stored = place(store, resource, object);
  store.compactedAt = store.resourceVersion;
  return stored;
}

/** Returns the object as it was last, with the resourceVersion of its deletion; undefined when there is none. */
export function remove(store: KubeStore, resource: string, ref: ObjectRef): KubeObject | undefined {
  const objects = tableOf(store, resource);
  const previous = objects.get(keyOf(ref));
  if (previous === undefined) {
    return undefined;
  }
  objects.delete(keyOf(ref));
  sortedKeys.delete(objects);
  index(store, resource, previous, undefined);
  const object = stamp(store, previous);
  record(store, { resource, type: 'DELETED', object, previous, resourceVersion: store.resourceVersion });
  return object;
}

/** Forgets all events so far: what a busy cluster does by itself after some minutes. */
export function compact(store: KubeStore): void {
  store.history.length = 0;
  store.compactedAt = store.resourceVersion;
}

/** The events after `resourceVersion`, oldest first; undefined when some of them are forgotten. */
export function eventsSince(store: KubeStore, resourceVersion: number): readonly KubeEvent[] | undefined {
  return resourceVersion < store.compactedAt
    ? undefined
    : store.history.slice(firstAfter(store.history, resourceVersion));
}

export type Listing = { readonly keys: readonly string[]; get(key: string): KubeObject | undefined };

/** A resource as it was at `resourceVersion`, keys in list order; undefined when that is forgotten. */
export function listingAt(store: KubeStore, resource: string, resourceVersion: number): Listing | undefined {
  const objects = tableOf(store, resource);
  const now = { keys: keysInOrder(objects), get: (key: string) => objects.get(key) };
  if (resourceVersion >= store.resourceVersion) {
    return now;
  }
  const later = eventsSince(store, resourceVersion)?.filter(event => event.resource === resource);
  if (later === undefined || later.length === 0) {
    return later && now;
  }
  const then = new Map<string, KubeObject | undefined>();
  for (const event of later.toReversed()) {
    then.set(keyOf(event.object.metadata), event.previous);
  }
  const get = (key: string) => (then.has(key) ? then.get(key) : objects.get(key));
  const keys = [...new Set([...now.keys, ...then.keys()])].filter(key => get(key) !== undefined).sort(inKeyOrder);
  return { keys, get };
}

const sortedKeys = new WeakMap<Map<string, KubeObject>, readonly string[]>();

function keysInOrder(objects: Map<string, KubeObject>): readonly string[] {
  const known = sortedKeys.get(objects);
  if (known !== undefined && known.length === objects.size) {
    return known;
  }
  const keys = [...objects.keys()].sort(inKeyOrder);
  sortedKeys.set(objects, keys);
  return keys;
}

const inKeyOrder = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);

/** Puts an object into its place and into the index of owners. */
function place(store: KubeStore, resource: string, object: KubeObject): KubeObject {
  const objects = tableOf(store, resource);
  const key = keyOf(object.metadata);
  const previous = objects.get(key);
  const stored = stamp(store, object);
  objects.set(key, stored);
  if (previous === undefined) {
    sortedKeys.delete(objects);
  }
  index(store, resource, previous, stored);
  return stored;
}

/** By `resource uid` of the owner, then by key: controllers ask for their own pods with every step they take. */
const owners = new WeakMap<KubeStore, Map<string, Map<string, KubeObject>>>();

function index(
  store: KubeStore,
  resource: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): void {
  const byOwner = owners.get(store) ?? new Map<string, Map<string, KubeObject>>();
  owners.set(store, byOwner);
  const left = before && controllerOf(before)?.uid;
  const right = after && controllerOf(after)?.uid;
  if (before !== undefined && left !== undefined && left !== right) {
    byOwner.get(`${resource} ${left}`)?.delete(keyOf(before.metadata));
  }
  if (after !== undefined && right !== undefined) {
    const owned = byOwner.get(`${resource} ${right}`) ?? new Map<string, KubeObject>();
    byOwner.set(`${resource} ${right}`, owned.set(keyOf(after.metadata), after));
  }
}

function tableOf(store: KubeStore, resource: string): Map<string, KubeObject> {
  let objects = store.objects.get(resource);
  if (objects === undefined) {
    objects = new Map();
    store.objects.set(resource, objects);
  }
  return objects;
}

function stamp(store: KubeStore, object: KubeObject): KubeObject {
  store.resourceVersion += 1;
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(store.resourceVersion) } };
}

function record(store: KubeStore, event: KubeEvent): void {
  store.history.push(event);
  if (store.history.length > HISTORY_LIMIT) {
    // A quarter at once, so that a busy store does not move its whole history with every event.
    const forgotten = store.history.splice(0, HISTORY_LIMIT / 4);
    store.compactedAt = forgotten.at(-1)?.resourceVersion ?? store.compactedAt;
  }
  for (const listener of [...store.listeners]) {
    listener(event);
  }
}

function firstAfter(history: readonly KubeEvent[], resourceVersion: number): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((history[middle]?.resourceVersion ?? 0) <= resourceVersion) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
