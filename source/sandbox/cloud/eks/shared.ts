/** What several EKS operations need: clusters, pages, tags, idempotency. */
import type { ClusterRecord } from '../../model.ts';
import type { CallContext, RestContext } from '../context.ts';
import { AwsFault } from '../fault.ts';
import { type Page, pageOf } from '../pages.ts';
import { isObject, type JsonObject } from '../values.ts';
import { invalidParameter, invalidRequest, notFound } from './faults.ts';

const TAGS_PER_RESOURCE = 50;

/** Throws ResourceNotFoundException: clusters are told apart by account and region. */
export function clusterNamed({ world, account, region }: CallContext, name: string): ClusterRecord {
  const cluster = world.clusters.get(`arn:${account.partition}:eks:${region}:${account.id}:cluster/${name}`);
  if (cluster === undefined) {
    throw notFound(`No cluster found for name: ${name}.`, { clusterName: name });
  }
  return cluster;
}

export function clusterOf(context: RestContext): ClusterRecord {
  return clusterNamed(context, context.labels.clusterName ?? '');
}

/** Throws unless the cluster takes changes. */
export function checkActive(cluster: ClusterRecord): void {
  if (cluster.status !== 'ACTIVE' && cluster.status !== 'UPDATING') {
    throw invalidRequest(`Cluster is not in a valid state: ${cluster.status}`, { clusterName: cluster.name });
  }
}

/** A page after `maxResults` (1..100, default 100) and `nextToken`. */
export function pageAsked<T>(
  { query }: RestContext,
  items: Iterable<T>,
  keyOf: (item: T) => string,
  question: string,
): Page<T> {
  const asked = query.get('maxResults');
  const size = asked === null ? 100 : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw invalidParameter('maxResults must be between 1 and 100.');
  }
  const token = query.get('nextToken');
  const page = pageOf(items, keyOf, { size, question, ...(token === null ? {} : { token }) });
  if (page === undefined) {
    throw invalidParameter('The specified nextToken is invalid.');
  }
  return page;
}

/** Tags of a request body. Throws InvalidParameterException on what EKS refuses. */
export function tagsAsked(body: JsonObject, existing: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  if (body.tags === undefined) {
    return new Map();
  }
  if (!isObject(body.tags)) {
    throw invalidParameter('tags must be a map of strings.');
  }
  const tags = new Map<string, string>();
  for (const [key, value] of Object.entries(body.tags)) {
    if (typeof value !== 'string' || value.length > 256 || key.length < 1 || key.length > 128) {
      throw invalidParameter('Tag keys must have 1 to 128 characters and tag values at most 256.');
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter('Tag keys that start with aws: are reserved for AWS use.');
    }
    tags.set(key, value);
  }
  if (tags.size === 0) {
    throw invalidParameter('tags must have at least one entry.');
  }
  if (new Set([...existing.keys(), ...tags.keys()]).size > TAGS_PER_RESOURCE) {
    throw invalidParameter(`A resource can have at most ${TAGS_PER_RESOURCE} tags.`);
  }
  return tags;
}

/** A string member of the body, if it is there. Throws InvalidParameterException on another type. */
export function textAsked(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw invalidParameter(`${name} must be a string.`);
  }
  return value;
}

export function requiredText(body: JsonObject, name: string): string {
  const value = textAsked(body, name);
  if (value === undefined || (value === '' && name !== 'roleArn')) {
    throw invalidParameter(`${name} must not be empty.`);
  }
  return value;
}

/** Throws AccessDeniedException, as EKS does when the caller may not hand the role on. */
export function checkPassRole({ caller }: CallContext, roleArn: string): void {
  if (caller.denied.has('iam:PassRole') || caller.denied.has('iam:*')) {
    throw new AwsFault(
      403,
      'AccessDeniedException',
      `User: ${caller.arn} is not authorized to perform: iam:PassRole on resource: ${roleArn}`,
    );
  }
}

/**
 * Idempotency by `clientRequestToken`: the id that the same request made before, if any. The same token with another
 * request throws.
 */
export function madeBefore(context: RestContext, operation: string): string | undefined {
  const before = context.world.requestTokens.get(tokenKey(context, operation) ?? '');
  if (before === undefined) {
    return undefined;
  }
  if (before.request !== fingerprint(context)) {
    throw invalidParameter('The clientRequestToken was already used with different parameters.');
  }
  return before.id;
}

export function rememberMade(context: RestContext, operation: string, id: string): void {
  const key = tokenKey(context, operation);
  if (key !== undefined) {
    context.world.requestTokens.set(key, { request: fingerprint(context), id });
  }
}

function tokenKey({ account, region, body }: RestContext, operation: string): string | undefined {
  const token = textAsked(body, 'clientRequestToken');
  return token === undefined ? undefined : `${account.id}/${region}/${operation}/${token}`;
}

function fingerprint({ labels, body }: RestContext): string {
  return JSON.stringify([labels, Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** On the wire EKS's times are epoch seconds with a fraction. */
export function wireTime(milliseconds: number): number {
  return milliseconds / 1000;
}
