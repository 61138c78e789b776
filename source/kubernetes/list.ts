import { type CallOptions, type KubernetesPage, PortError } from '../run/ports.ts';
import type { KubernetesClient } from './client.ts';
import type { CallContext } from './failure.ts';
import { listOf, numberOf, objectOf, textOf } from './wire.ts';

/** Small enough that parsing a page does not hold up a key press, large enough for few round trips. */
const pageSize = 500;

/** An API server gives a request 60 s. */
const pageMilliseconds = 65_000;

export type ListCall<T> = {
  readonly path: string;
  /** Plural, e.g. `pods`. */
  readonly resource: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly subject?: string;
  /** Undefined: too odd to mean anything, left out. */
  readonly map: (wire: unknown) => T | undefined;
};

/**
 * Pages of a collection. All carry the resourceVersion of the first: it is where a watch has to start so that it
 * misses nothing. A continue token lives as long as etcd keeps the list's version (5 minutes by default); then the
 * server answers 410 with a token to go on at a newer version (Kubernetes API concepts, "Retrieving large results sets
 * in chunks"). That is taken: whatever was there all the time is still listed, and a watch from the first version
 * brings the rest up to date. Without such a token it throws `Expired`.
 */
export async function* listPages<T>(
  client: KubernetesClient,
  call: ListCall<T>,
  options: CallOptions = {},
): AsyncGenerator<KubernetesPage<T>> {
  let from: string | undefined;
  let version: string | undefined;
  do {
    const page: Page = await readPage(client, call, from, options);
    version ??= page.resourceVersion;
    from = page.next;
    yield {
      items: page.items.map(call.map).filter(item => item !== undefined),
      resourceVersion: version,
      ...(page.remaining === undefined ? {} : { remaining: page.remaining }),
    };
  } while (from !== undefined);
}

/** All pages in one: for collections that stay small, or answers that only count as a whole. */
export async function listAll<T>(
  client: KubernetesClient,
  call: ListCall<T>,
  options?: CallOptions,
): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const page of listPages(client, call, options)) for (const item of page.items) found.push(item);
  return found;
}

type Page = {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  readonly next?: string;
  readonly remaining?: number;
};

async function readPage<T>(
  client: KubernetesClient,
  call: ListCall<T>,
  from: string | undefined,
  options: CallOptions,
): Promise<Page> {
  const operation = `list ${call.resource}`;
  const read = async (token: string | undefined) => {
    const answer = await client.json(
      {
        method: 'GET',
        path: call.path,
        query: { ...call.query, limit: String(pageSize), continue: token },
        operation,
        ...(call.subject === undefined ? {} : { subject: call.subject }),
        milliseconds: pageMilliseconds,
      },
      options,
    );
    return pageOf(answer) ?? notAList(client.context(operation));
  };
  try {
    return await read(from);
  } catch (error) {
    const next = from === undefined ? undefined : continuationIn(error);
    if (next === undefined) throw error;
    return await read(next);
  }
}

/** Undefined for what is no list: that must not look like an empty one. */
function pageOf(answer: unknown): Page | undefined {
  const { items, metadata } = objectOf(answer);
  const { resourceVersion, continue: next, remainingItemCount } = objectOf(metadata);
  const version = textOf(resourceVersion);
  // Go writes an empty list as null, too.
  if (version === undefined || (items !== null && !Array.isArray(items))) return undefined;
  const remaining = numberOf(remainingItemCount);
  const token = textOf(next);
  return {
    items: listOf(items),
    resourceVersion: version,
    ...(token === undefined ? {} : { next: token }),
    // The server leaves the count out of the last page.
    ...(remaining !== undefined ? { remaining } : token === undefined ? { remaining: 0 } : {}),
  };
}

function notAList(context: CallContext): never {
  throw new PortError({
    kind: 'server',
    message: `The API server of ${context.cluster} (${context.host}) answered ${context.operation} with something that is not a list.`,
    operation: `kubernetes:${context.operation}`,
  });
}

/** The token for going on at a newer version, from the answer that refused the old one. */
function continuationIn(error: unknown): string | undefined {
  if (!(error instanceof PortError) || error.failure.code !== 'Expired') return undefined;
  return textOf(objectOf(objectOf(error.cause).metadata).continue);
}
