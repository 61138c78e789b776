import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { handleControl, isControl } from '../control.ts';
import { handle } from '../handle.ts';
import type { ClusterRecord, SandboxRequest, SandboxResponse, World } from '../model.ts';
import { advance } from '../world.ts';
import { makeCertificates } from './certificates.ts';
import { readRequest, writeResponse } from './http.ts';

export type SandboxOptions = {
  readonly world: World;
  /** Port of the AWS endpoint; 0 or absent: any free one. The clusters' ports are always free ones. */
  readonly port?: number;
  /** Milliseconds since 1970; the world's time. */
  readonly now?: () => number;
  /** Takes one line for each fault of the sandbox itself. */
  readonly log?: (line: string) => void;
  /** How many hold a lease (`GET /_sandbox/lease`, answered for as long as it is kept open) whenever that changes. */
  readonly onLeases?: (holders: number) => void;
  /** Somebody asks by `POST /_sandbox/keep` that the world outlives whoever uses it. */
  readonly onKeep?: () => void;
};

export type RunningSandbox = {
  /** Of the AWS endpoint, which also answers `/_sandbox/...`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** PEM of the authority that signed every cluster's certificate. */
  readonly authority: string;
  readonly world: World;
  /** Cuts every connection and stops listening. */
  close(): Promise<void>;
};

/** Milliseconds between two looks at the world's schedule: what watches wait for at most. */
const tickEvery = 100;

/**
 * Serves a world on loopback: one HTTP port for AWS and for control, one HTTPS port per cluster, because an API
 * server's address has no path and its host name must be one that resolves. Fills in the clusters' endpoints and
 * certificate authority. Rejects when the wanted port is taken.
 */
export const startSandbox = async (options: SandboxOptions): Promise<RunningSandbox> => {
  const { world } = options;
  const shell = new Shell(options);
  const certificates = await makeCertificates();
  const tls = { cert: certificates.certificate, key: certificates.key, ...limits };
  try {
    const port = await shell.listen(createHttpServer(limits), { kind: 'aws' }, options.port ?? 0);
    for (const cluster of world.clusters.values()) {
      const server = createHttpsServer(tls);
      const clusterPort = await shell.listen(server, { kind: 'kubernetes', cluster: cluster.arn }, 0);
      cluster.endpoint = `https://127.0.0.1:${clusterPort}`;
      cluster.certificateAuthority = Buffer.from(certificates.authority).toString('base64');
    }
    shell.start();
    return { url: `http://127.0.0.1:${port}`, authority: certificates.authority, world, close: () => shell.close() };
  } catch (error) {
    await shell.close();
    throw error;
  }
};

/** Presigned tokens and session tokens make long headers; clients keep connections for about a minute. */
const limits = { maxHeaderSize: 32 * 1024, keepAliveTimeout: 65_000, requestTimeout: 30_000 };

const tooLarge: SandboxResponse = { status: 413, headers: { connection: 'close' }, body: '' };
const fault: SandboxResponse = { status: 500, headers: { 'content-type': 'text/plain' }, body: 'sandbox fault\n' };

class Shell {
  readonly #world: World;
  readonly #now: () => number;
  readonly #log: (line: string) => void;
  readonly #onLeases: (holders: number) => void;
  readonly #onKeep: () => void;
  #leases = 0;
  readonly #servers: Server[] = [];
  readonly #clusters = new Map<ClusterRecord, Server>();
  readonly #closing = new AbortController();
  #ticker: NodeJS.Timeout | undefined;

  constructor({ world, now = Date.now, log = () => {}, onLeases = () => {}, onKeep = () => {} }: SandboxOptions) {
    this.#world = world;
    this.#onLeases = onLeases;
    this.#onKeep = onKeep;
    this.#now = now;
    this.#log = log;
  }

  async listen(server: Server, endpoint: SandboxRequest['endpoint'], port: number): Promise<number> {
    server.on('request', (message, out) => void this.#answer(message, out, endpoint));
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    server.on('error', error => this.#log(`sandbox: ${error.message}`));
    this.#servers.push(server);
    const cluster = endpoint.kind === 'kubernetes' ? this.#world.clusters.get(endpoint.cluster) : undefined;
    if (cluster) {
      this.#clusters.set(cluster, server);
      server.on('connection', socket => {
        if (cluster.kube.unreachable) socket.destroy();
      });
    }
    return (server.address() as AddressInfo).port;
  }

  /** Time passes in the world even when nobody asks, so that watches hear of it. */
  start(): void {
    this.#ticker = setInterval(() => this.#guard(() => advance(this.#world, this.#now())), tickEvery).unref();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#ticker);
    await Promise.all(
      this.#servers.map(server => {
        const closed = new Promise<void>(resolve => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  }

  async #answer(message: IncomingMessage, out: ServerResponse, endpoint: SandboxRequest['endpoint']): Promise<void> {
    out.on('error', () => out.destroy());
    let request: SandboxRequest | undefined;
    try {
      request = await readRequest(message, endpoint);
    } catch {
      // The client left before it had said what it wanted.
      out.destroy();
      return;
    }
    if (request && request.endpoint.kind === 'aws' && this.#keeping(request, out)) return;
    try {
      writeResponse(out, request ? await this.#respond(request) : tooLarge);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#report(`${message.method} ${request?.path ?? ''}`, error);
      if (out.headersSent || this.#closing.signal.aborted) out.destroy();
      else writeResponse(out, fault);
    }
  }

  /** Whether the request is about how long this sandbox stays, and was answered. */
  #keeping({ method, path }: SandboxRequest, out: ServerResponse): boolean {
    if (method === 'GET' && path === '/_sandbox/lease') this.#lease(out);
    else if (method === 'POST' && path === '/_sandbox/keep') {
      this.#onKeep();
      writeResponse(out, { status: 204, headers: {}, body: '' });
    } else return false;
    return true;
  }

  /** A connection stands for an app that uses this sandbox: it is gone when the connection is, however the app ended. */
  #lease(out: ServerResponse): void {
    out.writeHead(200, { 'content-type': 'text/plain' });
    out.write('held\n');
    this.#onLeases(++this.#leases);
    out.once('close', () => this.#onLeases(--this.#leases));
  }

  async #respond(request: SandboxRequest): Promise<SandboxResponse> {
    if (request.endpoint.kind === 'aws' && isControl(request.path)) {
      const response = handleControl(this.#world, request, this.#now());
      this.#cutUnreachable();
      return response;
    }
    const { latency } = this.#world.faults;
    // A request that has arrived takes effect even if its client does not wait for the answer, as on a real network.
    if (latency > 0) await delay(latency, undefined, { signal: this.#closing.signal });
    return handle(this.#world, request, this.#now());
  }

  /** An API server that becomes unreachable drops its open connections and watches too. */
  #cutUnreachable(): void {
    for (const [cluster, server] of this.#clusters) {
      if (cluster.kube.unreachable) server.closeAllConnections();
    }
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#report('the passing of time', error);
    }
  }

  #report(what: string, error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#log(`sandbox: ${JSON.stringify(what)} failed: ${reason.replaceAll('\n', ' | ')}`);
  }
}
