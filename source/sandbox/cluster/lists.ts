/** LIST: selectors, pages that all show the same instant, and what happens when that instant is forgotten. */
import type { ClusterRecord, KubeObject } from '../model.ts';
import type { ListMeta } from './representation.ts';
import type { ResourceType } from './resources.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';
import { badRequest, expired, invalid, KubeFailure } from './status.ts';
import { type Listing, listingAt } from './store.ts';

export type ListResult = { readonly items: readonly KubeObject[]; readonly metadata: ListMeta };

/** Objects of one namespace or of all, that the selectors of the query match. */
export function scopeOf(type: ResourceType, namespace: string | undefined, query: URLSearchParams): Matcher {
  const labels = labelMatcher(query.get('labelSelector') ?? '');
  const fields = fieldMatcher(query.get('fieldSelector') ?? '', type);
  return object =>
    (namespace === undefined || object.metadata.namespace === namespace) && fields(object) && labels(object);
}

/** Throws Expired, BadRequest and the like. */
export function listObjects(
  cluster: ClusterRecord,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): ListResult {
  const matches = scopeOf(type, namespace, query);
  const limit = readLimit(query);
  const selected = Boolean(query.get('labelSelector') || query.get('fieldSelector'));
  const start = startingPoint(cluster, type, query);
  // From the watch cache (resourceVersion=0) the answer is whole: the limit does not count.
  const size = start.fromCache || limit === 0 ? Number.POSITIVE_INFINITY : limit;
  const page = takePage(start.listing, start.after, matches, size, selected);
  const resourceVersion = String(start.resourceVersion);
  if (page.next === undefined) {
    return { items: page.items, metadata: { resourceVersion } };
  }
  const token = encodeToken(start.resourceVersion, page.next);
  // How many remain is told only where the server need not look at each of them.
  const remaining = selected ? {} : { remainingItemCount: page.remaining };
  return { items: page.items, metadata: { resourceVersion, continue: token, ...remaining } };
}

/** Of the query parameter `resourceVersion`. Throws as the API does for what is no number. */
export function readResourceVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') {
    return undefined;
  }
  if (!/^\d+$/u.test(text)) {
    const problem = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
    throw new KubeFailure(500, undefined, `resourceVersion: Invalid value: ${JSON.stringify(text)}: ${problem}`);
  }
  return Number(text);
}

/** The cluster has not come so far yet. */
export function tooLarge(wanted: number, current: number): KubeFailure {
  return new KubeFailure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

type StartingPoint = {
  readonly listing: Listing;
  readonly resourceVersion: number;
  /** The last key of the page before. */
  readonly after?: string;
  readonly fromCache: boolean;
};

function startingPoint(cluster: ClusterRecord, type: ResourceType, query: URLSearchParams): StartingPoint {
  const token = query.get('continue') ?? '';
  const wanted = readResourceVersion(query);
  const match = query.get('resourceVersionMatch');
  if (token !== '') {
    if (wanted !== undefined && wanted !== 0) {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return continued(cluster, type, token);
  }
  if (match !== null && wanted === undefined) {
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
        field: 'resourceVersionMatch',
      },
    ]);
  }
  const current = cluster.kube.resourceVersion;
  if (wanted !== undefined && wanted > current) {
    throw tooLarge(wanted, current);
  }
  if (match === 'Exact' && wanted !== undefined) {
    const listing = listingAt(cluster.kube, type.resource, wanted);
    if (listing === undefined) {
      throw expired('The resourceVersion for the provided list is too old.');
    }
    return { listing, resourceVersion: wanted, fromCache: false };
  }
  const fromCache = wanted === 0;
  return { listing: present(cluster, type), resourceVersion: current, fromCache };
}

function continued(cluster: ClusterRecord, type: ResourceType, token: string): StartingPoint {
  const { resourceVersion, after } = decodeToken(token);
  const current = cluster.kube.resourceVersion;
  if (resourceVersion === undefined) {
    return { listing: present(cluster, type), resourceVersion: current, after, fromCache: false };
  }
  const listing = listingAt(cluster.kube, type.resource, resourceVersion);
  if (listing === undefined) {
    const what = 'The provided continue parameter is too old to display a consistent list result.';
    const how =
      'You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
    throw expired(`${what} ${how}`, encodeToken(undefined, after));
  }
  return { listing, resourceVersion, after, fromCache: false };
}

function present(cluster: ClusterRecord, type: ResourceType): Listing {
  const listing = listingAt(cluster.kube, type.resource, cluster.kube.resourceVersion);
  if (listing === undefined) {
    throw new Error('the present is never forgotten');
  }
  return listing;
}

function takePage(
  listing: Listing,
  after: string | undefined,
  matches: Matcher,
  size: number,
  selected: boolean,
): { items: KubeObject[]; next?: string; remaining: number } {
  const items: KubeObject[] = [];
  let last = '';
  let remaining = 0;
  for (let index = firstKeyAfter(listing.keys, after); index < listing.keys.length; index++) {
    const key = listing.keys[index] ?? '';
    const object = listing.get(key);
    if (object === undefined || !matches(object)) {
      continue;
    }
    if (items.length < size) {
      items.push(object);
      last = key;
    } else {
      remaining += 1;
      if (selected) {
        break;
      }
    }
  }
  return remaining > 0 ? { items, next: last, remaining } : { items, remaining };
}

function firstKeyAfter(keys: readonly string[], after: string | undefined): number {
  let low = 0;
  let high = after === undefined ? 0 : keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') <= (after ?? '')) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function readLimit(query: URLSearchParams): number {
  const text = query.get('limit') ?? '';
  if (text !== '' && !/^-?\d+$/u.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Math.max(0, Number(text));
}

/** Opaque to clients: a version mark, the resourceVersion (-1: the present) and the key to go on after. */
function encodeToken(resourceVersion: number | undefined, after: string): string {
  const content = { v: 'meta.k8s.io/v1', rv: resourceVersion ?? -1, start: `${after}\u0000` };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

function decodeToken(token: string): { resourceVersion: number | undefined; after: string } {
  const content = parseToken(token);
  if (content === undefined) {
    const problem = /[^\w-]/u.test(token) ? 'illegal base64 data' : 'invalid character looking for beginning of value';
    throw badRequest(`invalid continue token: continue key is not valid: ${problem}`);
  }
  return { resourceVersion: content.rv < 0 ? undefined : content.rv, after: content.start.replace(/\u0000$/u, '') };
}

function parseToken(token: string): { rv: number; start: string } | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof content === 'object' && content !== null && 'rv' in content && 'start' in content) {
      const { rv, start } = content;
      return typeof rv === 'number' && typeof start === 'string' ? { rv, start } : undefined;
    }
    return undefined;
  } catch {
    return undefined;
  }
}
