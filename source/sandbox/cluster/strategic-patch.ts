/**
 * Strategic merge patch, the default of kubectl for built-in types: as a merge patch, but lists of objects with a
 * merge key are merged item by item, and directives (`$patch`, `$retainKeys`, `$setElementOrder/…`,
 * `$deleteFromPrimitiveList/…`) say more. (Kubernetes community repository, "Strategic Merge Patch"; merge keys from
 * the `patchMergeKey` tags of the API types; order of items as kube-apiserver v1.20 was seen to leave them.)
 * Pure: what it is given stays as it is.
 */
import { define, type Fields, isFields } from './shapes.ts';

/** An item of a list lacks the key that it is to be merged by. */
export class StrategicPatchError extends Error {}

export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  return isFields(patch) ? mergeObject(isFields(target) ? target : {}, patch) : patch;
}

const MERGE_KEYS: Readonly<Record<string, string>> = {
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  ports: 'containerPort',
  secrets: 'name',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** Lists of plain values that are merged as sets. */
const SETS: ReadonlySet<string> = new Set(['finalizers']);

const ORDER = '$setElementOrder/';
const REMOVAL = '$deleteFromPrimitiveList/';

function mergeObject(target: Fields, patch: Fields): Fields {
  if (patch.$patch === 'replace') {
    return withoutDirectives(patch);
  }
  const result: Fields = retained(target, patch.$retainKeys);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(REMOVAL)) {
      removeValues(result, key.slice(REMOVAL.length), value);
    }
  }
  for (const [key, value] of Object.entries(patch)) {
    if (!key.startsWith('$')) {
      mergeField(result, key, value);
    }
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(ORDER)) {
      order(result, key.slice(ORDER.length), value);
    }
  }
  return result;
}

function mergeField(result: Fields, key: string, value: unknown): void {
  const present = Object.hasOwn(result, key) ? result[key] : undefined;
  if (value === null || (isFields(value) && value.$patch === 'delete')) {
    delete result[key];
  } else if (Array.isArray(value)) {
    define(result, key, mergeList(Array.isArray(present) ? present : [], value, key));
  } else {
    define(result, key, isFields(value) ? mergeObject(isFields(present) ? present : {}, value) : value);
  }
}

/** New items come first, the others stay where they are. */
function mergeList(target: readonly unknown[], patch: readonly unknown[], field: string): unknown[] {
  if (SETS.has(field)) {
    return [...patch, ...target.filter(item => !patch.includes(item))];
  }
  const mergeKey = MERGE_KEYS[field];
  if (mergeKey === undefined || !patch.every(isFields)) {
    return [...patch];
  }
  if (patch.some(item => item.$patch === 'replace')) {
    return patch.filter(item => item.$patch !== 'replace').map(withoutDirectives);
  }
  const changes = new Map(patch.map(item => [mergeKeyOf(item, mergeKey), item]));
  const kept = target.flatMap(item => {
    const change = isFields(item) ? changes.get(item[mergeKey]) : undefined;
    if (change === undefined || !isFields(item)) {
      return [item];
    }
    changes.delete(item[mergeKey]);
    return change.$patch === 'delete' ? [] : [mergeObject(item, change)];
  });
  const added = [...changes.values()].filter(item => item.$patch !== 'delete');
  return [...added.map(item => mergeObject({}, item)), ...kept];
}

function mergeKeyOf(item: Fields, mergeKey: string): unknown {
  if (item[mergeKey] === undefined) {
    const text = Object.entries(item).map(([key, value]) => `${key}:${String(value)}`);
    throw new StrategicPatchError(`map: map[${text.join(' ')}] does not contain declared merge key: ${mergeKey}`);
  }
  return item[mergeKey];
}

/** The places of the items that the patch names are filled with them in the wanted order. */
function order(result: Fields, field: string, wanted: unknown): void {
  const items = result[field];
  if (!Array.isArray(items) || !Array.isArray(wanted)) {
    return;
  }
  const mergeKey = MERGE_KEYS[field];
  const identify = (item: unknown) => (mergeKey !== undefined && isFields(item) ? item[mergeKey] : item);
  const ranks = new Map(wanted.map((item, rank) => [identify(item), rank]));
  const rankOf = (item: unknown) => ranks.get(identify(item));
  const named = items.filter(item => rankOf(item) !== undefined);
  const sorted = named.toSorted((left, right) => (rankOf(left) ?? 0) - (rankOf(right) ?? 0)).values();
  result[field] = items.map(item => (rankOf(item) === undefined ? item : sorted.next().value));
}

function retained(target: Fields, keys: unknown): Fields {
  return Array.isArray(keys)
    ? Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)))
    : { ...target };
}

function removeValues(result: Fields, field: string, values: unknown): void {
  const present = result[field];
  if (Array.isArray(present) && Array.isArray(values)) {
    result[field] = present.filter(item => !values.includes(item));
  }
}

function withoutDirectives(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).filter(([key, each]) => !key.startsWith('$') && each !== null));
}
