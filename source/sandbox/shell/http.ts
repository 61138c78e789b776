import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxRequest, SandboxResponse, SandboxStream } from '../model.ts';

/** Bytes. The largest real request is a CloudFormation template: 51,200 bytes, percent-encoded to at most thrice that. */
export const bodyLimit = 1024 * 1024;

/** Bytes waiting for a watcher that does not read; past it the watch is cut, as the real API server does. */
const streamLimit = 16 * 1024 * 1024;

/** Reads a whole request. `undefined`: the body is larger than `bodyLimit`. Rejects when the client goes away. */
export const readRequest = async (
  message: IncomingMessage,
  endpoint: SandboxRequest['endpoint'],
): Promise<SandboxRequest | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on and forget: a client that is still sending would take a closed connection for the answer.
    if (size <= bodyLimit) chunks.push(chunk);
  }
  if (size > bodyLimit) return undefined;
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  return {
    endpoint,
    method: message.method ?? 'GET',
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers: flatHeaders(message),
    body: Buffer.concat(chunks).toString('utf8'),
  };
};

const flatHeaders = (message: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
};

/** Sends an answer; a stream stays open until the core ends it or the client leaves. */
export const writeResponse = (out: ServerResponse, response: SandboxResponse): void => {
  // A client that left while its answer was under way must not leave a watch behind.
  if (response.disconnect || out.destroyed) {
    out.destroy();
    return;
  }
  if (!response.stream) {
    out.writeHead(response.status, { ...response.headers, 'content-length': Buffer.byteLength(response.body) });
    out.end(response.body);
    return;
  }
  out.writeHead(response.status, response.headers);
  out.flushHeaders();
  if (response.body !== '') out.write(response.body);
  follow(out, response.stream);
};

const follow = (out: ServerResponse, stream: SandboxStream): void => {
  const push = (line: string): void => {
    if (out.writableLength > streamLimit) out.destroy();
    else if (!out.writableEnded) out.write(line.endsWith('\n') ? line : `${line}\n`);
  };
  const stop = stream.subscribe(push, () => out.end());
  out.once('close', stop);
};
