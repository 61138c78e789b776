import type { Clock } from '../run/clock.ts';
import { type CallOptions, PortError, type WatchEvent } from '../run/ports.ts';
import type { KubernetesClient } from './client.ts';
import { abortedError, type CallContext, failureOfStatus, toPortError } from './failure.ts';
import { linesOf } from './lines.ts';
import { parsedJson } from './transport.ts';
import { isObject, numberOf, objectOf, textOf } from './wire.ts';

export type WatchCall<T> = {
  readonly path: string;
  /** Plural, e.g. `pods`. */
  readonly resource: string;
  /** Undefined: too odd to mean anything; only its version counts. */
  readonly map: (wire: unknown) => T | undefined;
};

export type WatchTiming = { readonly clock: Clock; readonly random: () => number };

/** How long the server is asked to keep a watch open; load balancers in front of EKS drop silent connections at 350 s. */
const shortest = 240;
const spread = 60;

/** How long past that a stream may live: then it is dead, and nobody told us. */
const slackMilliseconds = 30_000;

/**
 * Events after `resourceVersion`. The first is a bookmark of ours at that version: the server accepted the watch, so
 * that a caller can tell a quiet watch from one that never started. Bookmarks of the server's are no sign of life: a
 * quiet watch may get none (observed with kube-apiserver 1.20), hence the limit on the stream as a whole. Ends when
 * the server ends it; throws `Expired` for a version that is too old, and `unreachable` when the stream breaks.
 */
export async function* watchEvents<T>(
  client: KubernetesClient,
  call: WatchCall<T>,
  resourceVersion: string,
  timing: WatchTiming,
  options: CallOptions = {},
): AsyncGenerator<WatchEvent<T>> {
  const operation = `watch ${call.resource}`;
  const seconds = shortest + Math.floor(timing.random() * spread);
  const { body, limit } = await client.stream(
    {
      method: 'GET',
      path: call.path,
      query: {
        watch: '1',
        allowWatchBookmarks: 'true',
        resourceVersion,
        timeoutSeconds: String(seconds),
      },
      operation,
    },
    options,
  );
  const context = client.context(operation);
  try {
    limit.within(seconds * 1000 + slackMilliseconds, 'let a watch go silent past its time');
    yield { type: 'bookmark', resourceVersion };
    let version = resourceVersion;
    for await (const line of linesOf(body)) {
      const event = eventOf(parsedJson(line), version, call.map, context);
      if (event === undefined) continue;
      version = event.resourceVersion;
      yield event;
    }
  } catch (error) {
    if (options.signal?.aborted) throw abortedError(context);
    throw toPortError(limit.signal.aborted ? limit.signal.reason : error, context);
  } finally {
    limit.release();
    body.destroy();
  }
}

/** One line of a watch; undefined for a type of event that we do not know. Without a version it is at `previous`. */
function eventOf<T>(
  line: unknown,
  previous: string,
  map: (wire: unknown) => T | undefined,
  context: CallContext,
): WatchEvent<T> | undefined {
  if (!isObject(line)) throw cutLine(context);
  if (line.type === 'ERROR') throw failureOfStatus(numberOf(objectOf(line.object).code) ?? 500, line.object, context);
  const resourceVersion = textOf(objectOf(objectOf(line.object).metadata).resourceVersion) ?? previous;
  if (line.type === 'BOOKMARK') return { type: 'bookmark', resourceVersion };
  if (line.type !== 'ADDED' && line.type !== 'MODIFIED' && line.type !== 'DELETED') return undefined;
  const object = map(line.object);
  if (object === undefined) return { type: 'bookmark', resourceVersion };
  return { type: line.type === 'DELETED' ? 'delete' : 'put', object, resourceVersion };
}

/** A stream that ends inside an event was cut, even if it ended politely. */
const cutLine = (context: CallContext): PortError =>
  new PortError({
    kind: 'unreachable',
    message: `The API server of ${context.cluster} (${context.host}) broke off a watch in the middle of an event.`,
    operation: `kubernetes:${context.operation}`,
  });
