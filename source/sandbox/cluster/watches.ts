/** WATCH: what happened since a resourceVersion, and then what happens, until the asked for time is over. */
import type { ClusterRecord, KubeEvent, KubeObject, SandboxResponse, SandboxStream, World } from '../model.ts';
import { schedule } from '../time.ts';
import { readResourceVersion, scopeOf, tooLarge } from './lists.ts';
import { type Form, showBookmark, showObject } from './representation.ts';
import type { ResourceType } from './resources.ts';
import type { Matcher } from './selectors.ts';
import { badRequest, expired } from './status.ts';
import { eventsSince, listingAt } from './store.ts';

/** Without timeoutSeconds the API server ends a watch after 30 to 60 minutes. */
const DEFAULT_TIMEOUT = { least: 1_800_000, spread: 1_800_000 };

/** Sends a bookmark about this often, to those that want them, and one before the end. */
const BOOKMARK_EVERY = 60_000;

type WatchOptions = {
  readonly world: World;
  readonly cluster: ClusterRecord;
  readonly type: ResourceType;
  readonly form: Form;
  readonly matches: Matcher;
  readonly bookmarks: boolean;
  readonly endsAt: number;
};

/** Throws for a query that the API refuses; a resourceVersion that is too old is answered in the stream. */
export function watchObjects(
  world: World,
  cluster: ClusterRecord,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
  form: Form,
  now: number,
): SandboxResponse {
  const options: WatchOptions = {
    world,
    cluster,
    type,
    form,
    matches: scopeOf(type, namespace, query),
    bookmarks: ['1', 'true'].includes(query.get('allowWatchBookmarks') ?? ''),
    endsAt: now + timeout(world, query),
  };
  const since = readResourceVersion(query) ?? 0;
  if (since > cluster.kube.resourceVersion) {
    throw tooLarge(since, cluster.kube.resourceVersion);
  }
  const past = since === 0 ? present(options, now) : replay(options, since, now);
  if (past === undefined) {
    const message = `too old resource version: ${since} (${cluster.kube.compactedAt})`;
    return streamed(line('ERROR', expired(message).toStatus()), ended);
  }
  return streamed(past.join(''), follow(options));
}

/** What a watcher with these selectors sees of an event: objects come and go with what they look like. */
export function seen(event: KubeEvent, matches: Matcher): { type: KubeEvent['type']; object: KubeObject } | undefined {
  const before = event.previous !== undefined && matches(event.previous);
  const after = event.type !== 'DELETED' && matches(event.object);
  if (after) {
    return { type: before ? 'MODIFIED' : 'ADDED', object: event.object };
  }
  if (!before || event.previous === undefined) {
    return undefined;
  }
  // Shown as it was when it still matched, with the resourceVersion of what took it away.
  const { resourceVersion } = event.object.metadata;
  return { type: 'DELETED', object: { ...event.previous, metadata: { ...event.previous.metadata, resourceVersion } } };
}

/** Without a resourceVersion a watch begins with everything there is, as if it had just been added. */
function present({ cluster, type, form, matches }: WatchOptions, now: number): string[] {
  const listing = listingAt(cluster.kube, type.resource, cluster.kube.resourceVersion);
  return (listing?.keys ?? []).flatMap(key => {
    const object = listing?.get(key);
    return object !== undefined && matches(object) ? [line('ADDED', showObject(form, type, object, now))] : [];
  });
}

function replay(options: WatchOptions, since: number, now: number): string[] | undefined {
  return eventsSince(options.cluster.kube, since)?.flatMap(event => linesOf(options, event, now));
}

function linesOf({ type, form, matches }: WatchOptions, event: KubeEvent, now: number): string[] {
  const change = event.resource === type.resource ? seen(event, matches) : undefined;
  return change === undefined ? [] : [line(change.type, showObject(form, type, change.object, now))];
}

function follow(options: WatchOptions): SandboxStream {
  const { world, cluster } = options;
  const from = cluster.kube.resourceVersion;
  return {
    subscribe(push, end) {
      let over = false;
      const deliver = (event: KubeEvent): void => {
        for (const text of linesOf(options, event, world.now)) {
          push(text);
        }
      };
      const stop = (): void => {
        over = true;
        cluster.kube.listeners.delete(deliver);
      };
      // What happened between the answer and the subscription.
      for (const event of eventsSince(cluster.kube, from) ?? []) {
        deliver(event);
      }
      cluster.kube.listeners.add(deliver);
      planBookmark(options, push, () => over);
      schedule(world, options.endsAt, () => {
        if (!over) {
          stop();
          end();
        }
      });
      return stop;
    },
  };
}

function planBookmark(options: WatchOptions, push: (line: string) => void, isOver: () => boolean): void {
  const { world, cluster, type, form, bookmarks, endsAt } = options;
  // The last one comes a moment before the end.
  const next = Math.min(world.now + BOOKMARK_EVERY, endsAt - 1);
  if (!bookmarks || next <= world.now) {
    return;
  }
  schedule(world, next, () => {
    if (!isOver()) {
      push(line('BOOKMARK', showBookmark(form, type, String(cluster.kube.resourceVersion))));
      planBookmark(options, push, isOver);
    }
  });
}

function timeout(world: World, query: URLSearchParams): number {
  const text = query.get('timeoutSeconds') ?? '';
  if (text !== '' && !/^\d+$/u.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const seconds = Number(text);
  return seconds > 0 ? seconds * 1_000 : DEFAULT_TIMEOUT.least + Math.floor(world.random() * DEFAULT_TIMEOUT.spread);
}

const ended: SandboxStream = {
  subscribe(_push, end) {
    end();
    return () => {};
  },
};

function streamed(body: string, stream: SandboxStream): SandboxResponse {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' };
  return { status: 200, headers, body, stream };
}

const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
