import {
  type Agent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { PortError } from '../run/ports.ts';
import type { Credential } from './credential.ts';
import type { Limit } from './deadline.ts';

/** How a server is reached; who calls is a credential's matter. */
export type ServerAddress = {
  /** `https://host[:port][/prefix]`; `http:` without a credential, or on loopback. */
  readonly server: string;
  /** PEM; absent: the system's roots. */
  readonly ca?: readonly string[];
  /** PEM: who else may vouch for the server, because a proxy on the way inspects TLS. */
  readonly proxyAuthorities?: string;
  /** The name to look for in the server's certificate, when it is not the host. */
  readonly serverName?: string;
  readonly insecure?: boolean;
  readonly proxyUrl?: string;
};

export type Exchange = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query, below the server's prefix. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
};

/** TCP and TLS within this; private endpoints swallow packets instead of refusing them. */
const connectMilliseconds = 10_000;

/** A body beyond this is not an answer to anything we ask. */
const bodyBytes = 128 * 1024 * 1024;

/** Whom to trust, and who to be there: a context made with the credential's certificate, if it has one. */
export type Secured = { readonly context: SecureContext; readonly credential: Credential };

function secureOptions(address: ServerAddress, secured: Secured | undefined): RequestOptions {
  const { certificate, key } = secured?.credential ?? {};
  return {
    ...(secured === undefined ? {} : { secureContext: secured.context }),
    // Node keeps open connections and TLS sessions apart by these, not by the context that has them already.
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(address.serverName === undefined ? {} : { servername: address.serverName }),
    ...(address.insecure ? { rejectUnauthorized: false } : {}),
  } as RequestOptions;
}

/** Ends the connect limit once the socket is ready, and has the system notice a peer that vanished. */
function whenConnected(socket: Socket, ready: () => void): void {
  socket.setKeepAlive(true, 30_000);
  if (socket.connecting) socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ready);
  else ready();
}

/**
 * Sends one request and resolves with the head of its answer; the caller reads the body, within `limit`. Rejects with
 * the system's error, the limit's reason, or a `PortError` when a proxy refused to connect.
 *
 * @param secured absent: the system's roots, and no certificate
 */
export function exchange(
  address: ServerAddress,
  what: Exchange,
  agent: Agent,
  limit: Limit,
  answerMilliseconds: number,
  secured: Secured | undefined,
): Promise<IncomingMessage> {
  const url = new URL(address.server);
  const secure = url.protocol === 'https:';
  const options: RequestOptions = {
    agent,
    method: what.method,
    // URL keeps the brackets of an IPv6 address; sockets want it without.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port || (secure ? 443 : 80),
    path: url.pathname.replace(/\/+$/, '') + what.path,
    headers: { ...what.headers } as OutgoingHttpHeaders,
    ...(secure ? secureOptions(address, secured) : {}),
  };
  return new Promise((resolve, reject) => {
    if (limit.signal.aborted) return reject(limit.signal.reason);
    limit.within(connectMilliseconds, `did not accept a connection within ${connectMilliseconds / 1000} s`);
    const request = secure ? requestHttps(options) : requestHttp(options);
    // An error after the answer's head also reaches whoever reads the body; this listener only keeps it from being thrown.
    request.on('error', error => reject(limit.signal.aborted ? limit.signal.reason : error));
    request.on('socket', socket =>
      whenConnected(socket, () =>
        limit.within(answerMilliseconds, `did not answer within ${answerMilliseconds / 1000} s`),
      ),
    );
    request.on('proxyConnect', (connect: { statusCode?: number }) => {
      if (connect.statusCode !== 200) request.destroy(proxyRefused(url, connect.statusCode));
    });
    let answer: IncomingMessage | undefined;
    request.on('response', message => {
      answer = message;
      resolve(message);
    });
    // The reason reaches whoever is reading the body.
    limit.signal.addEventListener('abort', () => (answer ?? request).destroy(limit.signal.reason), { once: true });
    request.end(what.body);
  });
}

/** One request out, the head of its answer back: what stands in for sockets. */
export type Exchanger = (
  address: ServerAddress,
  credential: Credential,
  what: Exchange,
  agent: Agent,
  limit: Limit,
  answerMilliseconds: number,
) => Promise<IncomingMessage>;

function proxyRefused(url: URL, status: number | undefined): PortError {
  return new PortError({
    kind: 'unreachable',
    message: `The proxy refused to connect to ${url.host} (HTTP status ${status ?? 'unknown'}).`,
  });
}

/** The body as it comes, unpacked. Ends with an error when the connection is cut in the middle of it. */
export function bodyOf(message: IncomingMessage): Readable {
  if (message.headers['content-encoding'] !== 'gzip') return message;
  const unpacked = createGunzip();
  pipeline(message, unpacked, () => undefined);
  return unpacked;
}

/** The whole body as text. */
export async function textOfBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(message) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytes) {
      message.destroy();
      throw new PortError({ kind: 'server', message: `An answer is larger than ${bodyBytes >> 20} MB.` });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** JSON, or undefined where the text is none (a proxy's page, an empty body). */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
