/** The sandbox's core without its shell: what the real adapters send is answered in this process, on a stage's clock. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Exchanger } from '../../source/kubernetes/transport.ts';
import { handle } from '../../source/sandbox/handle.ts';
import type { SandboxRequest, SandboxResponse, World } from '../../source/sandbox/model.ts';
import { advance } from '../../source/sandbox/world.ts';
import { awsHandler, connectionCut, type Serve } from '../explore/wire.ts';
import type { StageClock } from './stage-clock.ts';

/** One program's way to the sandbox. A program that is killed sends nothing more and hears nothing more. */
export type Connection = {
  readonly requestHandler: ReturnType<typeof awsHandler>;
  readonly exchange: Exchanger;
  kill(): void;
};

/**
 * A world on a clock. Requests that are under way at one moment arrive in an order of their own, whichever left first,
 * so that the same keys always meet the same world, ids and all.
 */
export class InProcessSandbox {
  readonly #world: World;
  readonly #clock: StageClock;
  #arriving: { readonly order: string; readonly arrive: () => void }[] = [];
  /** Watches that are open, by the cluster's ARN. */
  readonly #watches = new Set<{ readonly cluster: string; readonly body: Readable }>();

  constructor(world: World, clock: StageClock) {
    this.#world = world;
    this.#clock = clock;
    clock.nextEvent = () => world.schedule[0]?.at;
    clock.onPass = now => advance(world, now);
    clock.onQuiet = () => this.#deliver();
    // An API server is told by its address, as over sockets.
    for (const cluster of world.clusters.values()) cluster.endpoint = `https://${cluster.name}.eks.test`;
  }

  connect(): Connection {
    let alive = true;
    const serve: Serve = request => (alive ? this.#serve(request) : new Promise(() => {}));
    return {
      requestHandler: awsHandler(serve),
      exchange: this.#exchange(serve),
      kill: () => {
        alive = false;
      },
    };
  }

  /** What `/_sandbox/...` answers. */
  control(method: string, path: string, body: object = {}): unknown {
    const [at = '', query = ''] = path.split('?');
    const request = { endpoint: { kind: 'aws' }, headers: {}, body: JSON.stringify(body) } as const;
    const answer = handle(this.#world, { ...request, method, path: `/_sandbox/${at}`, query }, this.#clock.now());
    if (answer.status !== 200) throw new Error(answer.body);
    // An API server that becomes unreachable drops its watches too.
    for (const { cluster, body: watch } of this.#watches)
      if (this.#world.clusters.get(cluster)?.kube.unreachable) watch.destroy(connectionCut());
    return JSON.parse(answer.body);
  }

  async #serve(request: SandboxRequest): Promise<SandboxResponse> {
    const { latency } = this.#world.faults;
    if (latency > 0) await this.#clock.sleep(latency);
    const answer = await new Promise<SandboxResponse>(resolve => {
      const arrive = () => resolve(handle(this.#world, request, this.#clock.now()));
      this.#arriving.push({ order: orderOf(request), arrive });
      this.#clock.stir();
    });
    if (answer.disconnect) throw connectionCut();
    return answer;
  }

  #deliver(): boolean {
    const now = this.#arriving.sort((a, b) => (a.order < b.order ? -1 : 1));
    this.#arriving = [];
    for (const { arrive } of now) arrive();
    return now.length > 0;
  }

  #exchange(serve: Serve): Exchanger {
    return async ({ server }, _credential, { method, path, headers, body = '' }, _agent, { signal }) => {
      const cluster = [...this.#world.clusters.values()].find(({ endpoint }) => endpoint === server);
      if (!cluster || cluster.kube.unreachable) throw refused(server);
      const mark = path.indexOf('?');
      const answer = await serve({
        endpoint: { kind: 'kubernetes', cluster: cluster.arn },
        method,
        path: mark === -1 ? path : path.slice(0, mark),
        query: mark === -1 ? '' : path.slice(mark + 1),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
        ),
        body,
      });
      signal.throwIfAborted();
      const message = answer.stream ? this.#watch(cluster.arn, answer, signal) : Readable.from(chunksOf(answer.body));
      const { status: statusCode, headers: answered } = answer;
      return Object.assign(message, { statusCode, headers: answered }) as unknown as IncomingMessage;
    };
  }

  /** Its lines as they come, until either side ends it. */
  #watch(cluster: string, { body: first, stream }: SandboxResponse, signal: AbortSignal): Readable {
    let stop: (() => void) | undefined;
    const body = new Readable({
      read() {},
      destroy: (error, done) => {
        stop?.();
        this.#watches.delete(watch);
        done(error);
      },
    });
    const watch = { cluster, body };
    this.#watches.add(watch);
    const push = (line: string) => {
      this.#clock.stir();
      body.push(Buffer.from(line.endsWith('\n') ? line : `${line}\n`));
    };
    for (const chunk of chunksOf(first)) body.push(chunk);
    stop = stream?.subscribe(push, () => body.push(null));
    signal.addEventListener('abort', () => body.destroy(signal.reason), { once: true });
    return body;
  }
}

/** Where it goes and what it says; of the signature only its scope, which names the region. */
const orderOf = ({ endpoint, method, path, query, headers, body }: SandboxRequest): string =>
  [
    JSON.stringify(endpoint),
    method,
    path,
    query,
    /Credential=[^,]*/.exec(headers.authorization ?? '')?.[0],
    body,
  ].join();

/** As Node tells of a port on which nobody listens. */
const refused = (server: string): Error =>
  Object.assign(new Error(`connect ECONNREFUSED ${server}`), { code: 'ECONNREFUSED' });

const chunksOf = (body: string): readonly Buffer[] => (body === '' ? [] : [Buffer.from(body)]);
