import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

export type Answer = (request: Seen, response: ServerResponse, message: IncomingMessage) => void;

export type ScriptedServer = {
  readonly url: string;
  readonly seen: readonly Seen[];
  readonly connections: () => number;
};

/** Answers each request with the next of `answers`, the last one from then on. Closed when the test ends. */
export async function scriptedServer(
  answers: Answer | readonly Answer[],
  tls?: Pick<ServerOptions, 'cert' | 'key' | 'ca' | 'requestCert' | 'rejectUnauthorized'>,
): Promise<ScriptedServer> {
  const script = [answers].flat();
  const seen: Seen[] = [];
  let connections = 0;
  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const chunk of message.setEncoding('utf8')) body += chunk;
    const url = new URL(message.url ?? '/', 'http://server');
    const request: Seen = {
      method: message.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      body,
    };
    seen.push(request);
    script[Math.min(seen.length, script.length) - 1]!(request, response, message);
  };
  const server = tls ? createSecureServer(tls, serve) : createServer(serve);
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, seen, connections: () => connections };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** A Kubernetes `Status` as the API server writes one. */
export const statusBody = (code: number, reason: string, message: string, more: Record<string, unknown> = {}) => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message,
  metadata: {},
  ...more,
});

export const status = (code: number, reason: string, message: string, headers: Record<string, string> = {}): Answer =>
  json(code, statusBody(code, reason, message), headers);

/** Takes the request and cuts the connection. */
export const cut: Answer = (_request, _response, message) => void message.socket.destroy();

/** Takes the request and never answers. */
export const silence: Answer = () => undefined;
