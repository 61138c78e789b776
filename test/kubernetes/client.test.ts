import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cut, json, scriptedServer, silence, status } from './scripted-server.ts';
import { FakeClock, failureOf, hour, portTo, until } from './support.ts';

const version = json(200, { gitVersion: 'v1.33.1' });

describe('an identity', () => {
  test('is sent as a bearer token, and fetched once for many calls', async () => {
    const server = await scriptedServer(version);
    let fetched = 0;
    const token = async () => ({ token: `token-${++fetched}`, expiresAt: Date.now() + hour });
    const { port } = portTo(server.url, { access: { token } });
    await Promise.all([port.version(), port.version(), port.version()]);
    await port.version();
    expect(fetched).toBe(1);
    expect(server.seen.map(each => each.headers.authorization)).toEqual(Array(4).fill('Bearer token-1'));
  });

  test('is renewed a minute before it expires', async () => {
    const clock = new FakeClock();
    const server = await scriptedServer(version);
    let fetched = 0;
    const token = async () => ({ token: `token-${++fetched}`, expiresAt: clock.now() + 600_000 });
    const { port } = portTo(server.url, { clock, access: { token } });
    await port.version();
    await clock.advance(539_000);
    await port.version();
    expect(fetched).toBe(1);
    await clock.advance(2_000);
    await port.version();
    expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer token-2');
  });

  test('goes on being used while it lasts when no new one can be had', async () => {
    const clock = new FakeClock();
    const server = await scriptedServer(version);
    let fetched = 0;
    const token = async () => {
      if (++fetched > 1) throw new Error('no network');
      return { token: 'token-1', expiresAt: clock.now() + 600_000 };
    };
    const { port } = portTo(server.url, { clock, access: { token } });
    await port.version();
    await clock.advance(550_000);
    expect(await port.version()).toBe('v1.33.1');
    await clock.advance(60_000);
    expect(await failureOf(port.version())).toMatchObject({ message: expect.stringContaining('no network') });
  });

  test('that is refused is renewed once, by one fetch for all who were refused', async () => {
    const server = await scriptedServer((request, response, message) =>
      (request.headers.authorization === 'Bearer token-2' ? version : status(401, 'Unauthorized', 'Unauthorized'))(
        request,
        response,
        message,
      ),
    );
    let fetched = 0;
    const token = async () => ({ token: `token-${++fetched}`, expiresAt: Date.now() + hour });
    const { port, notes } = portTo(server.url, { access: { token } });
    expect(await Promise.all([port.version(), port.version()])).toEqual(['v1.33.1', 'v1.33.1']);
    expect(fetched).toBe(2);
    expect(notes.map(note => note.attempts)).toEqual([2, 2]);
  });

  test('that is refused twice is told as missing access, not as an error of the program', async () => {
    const server = await scriptedServer(status(401, 'Unauthorized', 'Unauthorized'));
    const { port } = portTo(server.url);
    expect(await failureOf(port.version())).toEqual({
      kind: 'denied',
      code: 'Unauthorized',
      status: 401,
      operation: 'kubernetes:get version',
      message:
        'The API server of shop does not accept this identity: add an access entry for it to the cluster, or use one that has access.',
    });
    expect(server.seen).toHaveLength(2);
  });

  test('is not sent in clear text over a network', async () => {
    const { port } = portTo('http://192.0.2.1:8080');
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('without TLS'),
    });
  });

  test('never shows up in a failure', async () => {
    const server = await scriptedServer(
      status(403, 'Forbidden', 'who is Bearer secret-token and k8s-aws-v1.aHR0cHM6Ly9zdHM'),
    );
    const { port } = portTo(server.url);
    const { message } = await failureOf(port.version());
    expect(message).not.toMatch(/secret-token|k8s-aws-v1/);
  });
});

describe('an answer', () => {
  test('of 403 keeps what the server says, without what a terminal would obey', async () => {
    const server = await scriptedServer(
      status(403, 'Forbidden', 'pods is forbidden: \u001b[2JUser "v\u202eiewer"\ncannot list'),
    );
    const { port } = portTo(server.url);
    const failure = await failureOf(port.version());
    expect(failure).toMatchObject({ kind: 'denied', code: 'Forbidden', status: 403 });
    expect(failure.message).toBe(
      'The API server of shop refuses to get version: pods is forbidden: User "viewer" cannot list',
    );
  });

  test.each([
    [404, 'NotFound', 'not-found', 'NotFound'],
    [409, 'Conflict', 'conflict', 'Conflict'],
    [409, 'AlreadyExists', 'exists', 'AlreadyExists'],
    [410, 'Gone', 'conflict', 'Expired'],
    [422, 'Invalid', 'invalid', 'Invalid'],
    [504, 'Timeout', 'server', 'Timeout'],
  ])('of %i %s is a failure of kind %s with code %s', async (code, reason, kind, expected) => {
    const server = await scriptedServer(status(code, reason, 'no'));
    const { port } = portTo(server.url);
    expect(await failureOf(port.version())).toMatchObject({ kind, code: expected, status: code });
  });

  test('that is not JSON is a failure, not an empty object', async () => {
    const server = await scriptedServer(
      (_request, response) => void response.end('<html>Sign in to the network</html>'),
    );
    const { port } = portTo(server.url);
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'server',
      message: expect.stringContaining('not JSON'),
    });
  });

  test('may be packed', async () => {
    const server = await scriptedServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"gitVersion":"v1.30.0"}'));
    });
    const { port } = portTo(server.url);
    expect(await port.version()).toBe('v1.30.0');
    expect(server.seen[0]?.headers['accept-encoding']).toBe('gzip');
  });

  test('cut short is a failure', async () => {
    const server = await scriptedServer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"gitVersion":');
      setImmediate(() => response.destroy());
    });
    const { port } = portTo(server.url);
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('was cut'),
    });
  });
});

describe('what goes wrong for a moment', () => {
  test('is waited out as long as the server asks', async () => {
    const slept: number[] = [];
    const sleep = (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds < 5_000) slept.push(milliseconds);
      return immediate(milliseconds, signal);
    };
    const server = await scriptedServer([status(429, 'TooManyRequests', 'later', { 'retry-after': '3' }), version]);
    const { port, notes } = portTo(server.url, { clock: { now: Date.now, sleep } });
    expect(await port.version()).toBe('v1.33.1');
    expect(slept).toEqual([3_000]);
    expect(notes).toMatchObject([
      { attempts: 2, status: 200, operation: 'get version', cluster: 'shop', write: false },
    ]);
  });

  test('is tried four times and no more', async () => {
    const server = await scriptedServer(status(503, 'ServiceUnavailable', 'starting'));
    const { port } = portTo(server.url, { clock: { now: Date.now, sleep: immediate } });
    expect(await failureOf(port.version())).toMatchObject({ kind: 'server', status: 503 });
    expect(server.seen).toHaveLength(4);
  });

  test('a read is sent again after a cut', async () => {
    const server = await scriptedServer([cut, version]);
    const { port } = portTo(server.url, { clock: { now: Date.now, sleep: immediate } });
    expect(await port.version()).toBe('v1.33.1');
  });

  test('a write is not sent again after a cut: it may have happened', async () => {
    const server = await scriptedServer([cut, json(200, {})]);
    const { port, notes } = portTo(server.url, { clock: { now: Date.now, sleep: immediate } });
    const failure = await failureOf(port.annotateServiceAccount('a', 'b', { x: null }, '7'));
    expect(failure).toMatchObject({ kind: 'unreachable' });
    expect(server.seen).toHaveLength(1);
    expect(notes).toMatchObject([{ write: true, attempts: 1, status: 0, subject: 'a/b' }]);
  });
});

/** Short waits pass at once; deadlines never come. */
const immediate = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  milliseconds < 5_000
    ? Promise.resolve()
    : new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));

describe('a server that is not there', () => {
  test('refuses: the host is named', async () => {
    const { port } = portTo('http://127.0.0.1:9');
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'unreachable',
      message: 'The API server of shop (127.0.0.1:9) cannot be reached: the connection was refused.',
    });
  });

  test('never answers: the wait has an end', async () => {
    const clock = new FakeClock();
    const server = await scriptedServer(silence);
    const { port } = portTo(server.url, { clock });
    const answer = failureOf(port.version());
    await until(() => server.seen.length === 1);
    await clock.advance(30_000);
    expect(await answer).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('did not answer within 30 s'),
    });
  });

  test('speaks something else: it is told so', async () => {
    const server = createServer(socket => void socket.end('220 mail.example.org ESMTP\r\n'));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = portTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('not HTTP'),
    });
    server.close();
  });
});

describe('giving up', () => {
  test('an aborted call ends at once, and says that it was us', async () => {
    const server = await scriptedServer(silence);
    const { port } = portTo(server.url);
    const stop = new AbortController();
    const answer = failureOf(port.version({ signal: stop.signal }));
    await until(() => server.seen.length === 1);
    stop.abort();
    expect(await answer).toMatchObject({ kind: 'aborted', operation: 'kubernetes:get version' });
  });

  test('close ends what is open and refuses what comes later', async () => {
    const server = await scriptedServer(silence);
    const { port } = portTo(server.url);
    const answer = failureOf(port.version());
    await until(() => server.seen.length === 1);
    port.close();
    expect(await answer).toMatchObject({ kind: 'aborted', message: expect.stringContaining('is closed') });
    expect(await failureOf(port.version())).toMatchObject({ kind: 'aborted' });
  });
});

test('calls in a row share one connection', async () => {
  const server = await scriptedServer(version);
  const { port } = portTo(server.url);
  for (let call = 0; call < 5; call += 1) await port.version();
  expect(server.connections()).toBe(1);
});

test('a name cannot change the path it is part of', async () => {
  const server = await scriptedServer(status(404, 'NotFound', 'no'));
  const { port } = portTo(server.url);
  await failureOf(port.getServiceAccount('a/../b', 'c?d'));
  expect(server.seen[0]?.path).toBe('/api/v1/namespaces/a%2F..%2Fb/serviceaccounts/c%3Fd');
  expect(await failureOf(port.getServiceAccount('..', 'x'))).toMatchObject({ kind: 'invalid' });
});

test('an annotation is patched alone, under the lock of its version', async () => {
  const answer = { metadata: { name: 'api', namespace: 'shop', resourceVersion: '8', annotations: { team: 'a' } } };
  const server = await scriptedServer(json(200, answer));
  const { port } = portTo(server.url);
  const changed = await port.annotateServiceAccount('shop', 'api', { 'eks.amazonaws.com/role-arn': null }, '7');
  expect(changed).toMatchObject({
    namespace: 'shop',
    serviceAccount: 'api',
    resourceVersion: '8',
    annotations: { team: 'a' },
  });
  const [request] = server.seen;
  expect(request).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/shop/serviceaccounts/api' });
  expect(request?.query.get('fieldManager')).toBe('podid-tui');
  expect(request?.headers['content-type']).toBe('application/merge-patch+json');
  expect(JSON.parse(request?.body ?? '')).toEqual({
    metadata: { resourceVersion: '7', annotations: { 'eks.amazonaws.com/role-arn': null } },
  });
});
