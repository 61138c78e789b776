/** Requests of the real adapters as the sandbox's core takes them, and its answers as the adapters take those. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buildQueryString, HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { Exchanger } from '../../source/kubernetes/transport.ts';
import type { SandboxRequest, SandboxResponse } from '../../source/sandbox/model.ts';

/** Answers a request, or never does. Rejects when the connection is cut. */
export type Serve = (request: SandboxRequest) => Promise<SandboxResponse>;

/** What the AWS SDK's clients send their requests through. */
export function awsHandler(serve: Serve) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: unknown): Promise<{ response: HttpResponse }> {
      if (!HttpRequest.isInstance(request)) throw new Error('The SDK sends something that is no HTTP request.');
      const { status, headers, body } = await serve({
        endpoint: { kind: 'aws' },
        method: request.method,
        path: request.path,
        query: buildQueryString(request.query ?? {}),
        headers: lowerCase(request.headers),
        body: textOf(request.body),
      });
      return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body: Buffer.from(body) }) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

/** What the Kubernetes client sends its requests through. */
export function kubernetesExchange(cluster: string, serve: Serve): Exchanger {
  return async (_address, _credential, { method, path, headers, body = '' }) => {
    const mark = path.indexOf('?');
    const answer = await serve({
      endpoint: { kind: 'kubernetes', cluster },
      method,
      path: mark === -1 ? path : path.slice(0, mark),
      query: mark === -1 ? '' : path.slice(mark + 1),
      headers: lowerCase(headers),
      body,
    });
    const message = Readable.from(answer.body === '' ? [] : [Buffer.from(answer.body)]);
    return Object.assign(message, { statusCode: answer.status, headers: answer.headers }) as unknown as IncomingMessage;
  };
}

/** As Node tells of a socket that the other side closed. */
export const connectionCut = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function lowerCase(headers: Readonly<Record<string, string | readonly string[]>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = [value].flat().join(', ');
  return lower;
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new Error('A body that is neither text nor bytes.');
}
