import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Form fields of the query protocol (IAM, CloudFormation, STS). */
  readonly form: URLSearchParams;
};

export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean;
  /** Never answers. */
  readonly silent?: boolean;
};

export type FakeServer = {
  readonly url: string;
  readonly asked: Asked[];
  /** What is answered; tests replace it. */
  answer: (asked: Asked, count: number) => Answer;
  close(): Promise<void>;
};

/** An HTTP server on loopback that answers what the test says. */
export async function startFakeServer(): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void readAll(request).then(body => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const each: Asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        form: new URLSearchParams(body),
      };
      asked.push(each);
      reply(response, fake.answer(each, asked.length));
    });
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer: () => ({ status: 500 }),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
  return fake;
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer.silent) return;
  if (answer.cut) {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  response.end(answer.body ?? '');
}

async function readAll(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  body: JSON.stringify(value),
  headers: { 'x-amzn-requestid': 'request-1' },
});

export const eksError = (status: number, type: string, message: string): Answer => ({
  status,
  body: JSON.stringify({ message }),
  headers: { 'x-amzn-errortype': type, 'x-amzn-requestid': 'request-1' },
});

export const xmlError = (status: number, code: string, message: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>`,
});

export const xml = (operation: string, result: string): Answer => ({
  headers: { 'content-type': 'text/xml' },
  body: `<${operation}Response><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></${operation}Response>`,
});

export const callerXml = (account = '111122223333', arn = `arn:aws:iam::${account}:user/ana`): Answer =>
  xml('GetCallerIdentity', `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${account}</Account>`);
