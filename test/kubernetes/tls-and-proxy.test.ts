import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as plainRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { KubeCluster } from '../../source/kubernetes/kubeconfig-model.ts';
import { openKubernetes } from '../../source/kubernetes/open.ts';
import { isLoopback, makeAgent } from '../../source/run/network.ts';
import { type Answer, json, scriptedServer, status } from './scripted-server.ts';
import { failureOf, portTo, shop } from './support.ts';

const version = json(200, { gitVersion: 'v1.33.1' });

async function certificate(name: string) {
  const altNames = [
    { type: 2 as const, value: name },
    ...(name === 'localhost' ? [{ type: 7 as const, ip: '127.0.0.1' }] : []),
  ];
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { cert, key };
}

let local: { cert: string; key: string };
let other: { cert: string; key: string };
beforeAll(async () => {
  [local, other] = await Promise.all([certificate('localhost'), certificate('api.example.test')]);
});
afterEach(() => vi.unstubAllEnvs());

const base64 = (pem: string) => Buffer.from(pem).toString('base64');

const openCluster = (cluster: Partial<KubeCluster> & { server: string }) => {
  const context = { name: 'ctx', cluster: { name: 'k', insecure: false, ...cluster }, user: { token: 't' } };
  const port = openKubernetes({ cluster: shop, access: { context } });
  onTestFinished(() => port.close());
  return port;
};

describe('TLS', () => {
  test('the CA that EKS tells is trusted, and no other', async () => {
    const server = await scriptedServer(version, local);
    expect(await portTo(server.url, { access: { certificateAuthority: base64(local.cert) } }).port.version()).toBe(
      'v1.33.1',
    );
    for (const access of [{ certificateAuthority: base64(other.cert) }, {}]) {
      expect(await failureOf(portTo(server.url, { access }).port.version())).toMatchObject({
        kind: 'unreachable',
        message: expect.stringMatching(
          /\(127\.0\.0\.1:\d+\) cannot be reached: its certificate is not signed by the CA/,
        ),
      });
    }
    expect(server.seen).toHaveLength(1);
  });

  test('AWS_CA_BUNDLE is trusted besides; one that is not there is an error', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'podid-ca-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const server = await scriptedServer(version, local);
    vi.stubEnv('AWS_CA_BUNDLE', join(folder, 'bundle.pem'));
    const { port } = portTo(server.url, { access: { certificateAuthority: base64(other.cert) } });
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('AWS_CA_BUNDLE'),
    });
    await writeFile(join(folder, 'bundle.pem'), local.cert);
    expect(await port.version()).toBe('v1.33.1');
    // Who vouches for the server is remembered, and the cluster's own CA counts as before.
    expect(await port.version()).toBe('v1.33.1');
    vi.stubEnv('AWS_CA_BUNDLE', join(folder, 'others.pem'));
    await writeFile(join(folder, 'others.pem'), other.cert);
    expect(await portTo(server.url, { access: { certificateAuthority: base64(local.cert) } }).port.version()).toBe(
      'v1.33.1',
    );
    expect(server.connections()).toBe(3);
  });

  test('a server that neither the CA nor AWS_CA_BUNDLE vouches for gets no request', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'podid-ca-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'bundle.pem'), other.cert);
    vi.stubEnv('AWS_CA_BUNDLE', join(folder, 'bundle.pem'));
    const server = await scriptedServer(version, local);
    const { port } = portTo(server.url, { access: { certificateAuthority: base64(other.cert) } });
    for (let time = 1; time <= 2; time += 1)
      expect(await failureOf(port.version())).toMatchObject({
        message: expect.stringContaining('not signed by the CA that the cluster names'),
      });
    expect(server.seen).toEqual([]);
    expect(server.connections()).toBe(4);
  });

  test('a certificate for another name is refused, unless the kubeconfig names that name or does not care', async () => {
    const server = await scriptedServer(version, other);
    const ca = { pem: other.cert };
    expect(await failureOf(openCluster({ server: server.url, ca }).version())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('its certificate is for another name'),
    });
    expect(await openCluster({ server: server.url, ca, serverName: 'api.example.test' }).version()).toBe('v1.33.1');
    expect(await openCluster({ server: server.url, insecure: true }).version()).toBe('v1.33.1');
  });

  test('a client certificate that was replaced is shown on a connection of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'podid-client-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const [certificate, key] = [{ file: join(folder, 'client.crt') }, { file: join(folder, 'client.key') }];
    const use = ({ cert, key: secret }: typeof local) =>
      Promise.all([writeFile(certificate.file, cert), writeFile(key.file, secret)]);
    const shown: (string | undefined)[] = [];
    const toClient =
      (answer: Answer): Answer =>
      (request, response, message) => {
        shown.push((message.socket as TLSSocket).getPeerX509Certificate()?.subject);
        answer(request, response, message);
      };
    const answers = [version, status(401, 'Unauthorized', 'Unauthorized'), version].map(toClient);
    const server = await scriptedServer(answers, { ...local, requestCert: true, rejectUnauthorized: false });
    const cluster = { name: 'k', insecure: false, server: server.url, ca: { pem: local.cert } };
    const port = openKubernetes({
      cluster: shop,
      access: { context: { name: 'ctx', cluster, user: { certificate, key } } },
    });
    onTestFinished(() => port.close());
    await use(local);
    expect(await port.version()).toBe('v1.33.1');
    await use(other);
    expect(await port.version()).toBe('v1.33.1');
    expect(shown).toEqual(['CN=localhost', 'CN=localhost', 'CN=api.example.test']);
  });

  test('a server without it is told', async () => {
    const server = await scriptedServer(version);
    const { port } = portTo(server.url.replace('http:', 'https:'));
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('does not speak TLS'),
    });
  });
});

/** A CONNECT proxy that leads every name to `target`; refuses with `refuse` when that is set. */
async function proxyTo(target: string, refuse?: number) {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, client) => {
    asked.push(request.url ?? '');
    client.on('error', () => undefined);
    if (refuse !== undefined) return void client.end(`HTTP/1.1 ${refuse} No\r\ncontent-length: 0\r\n\r\n`);
    const upstream = connect(Number(new URL(target).port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

describe('a proxy', () => {
  const far = 'https://api.example.test';

  test("of HTTPS_PROXY is used, its connection kept, the cluster's CA still the judge", async () => {
    const server = await scriptedServer(version, other);
    const proxy = await proxyTo(server.url);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    const { port } = portTo(far, { access: { certificateAuthority: base64(other.cert) } });
    expect([await port.version(), await port.version()]).toEqual(['v1.33.1', 'v1.33.1']);
    expect(proxy.asked).toEqual(['api.example.test:443']);
    const wrong = portTo(far, { access: { certificateAuthority: base64(local.cert) } });
    expect(await failureOf(wrong.port.version())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('not signed by the CA'),
    });
  });

  test('of proxy-url goes before the environment', async () => {
    const server = await scriptedServer(version, other);
    const proxy = await proxyTo(server.url);
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('NO_PROXY', '*');
    expect(await openCluster({ server: far, ca: { pem: other.cert }, proxyUrl: proxy.url }).version()).toBe('v1.33.1');
  });

  test('is left out for loopback, and for what NO_PROXY names', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9');
    const server = await scriptedServer(version, local);
    const { port } = portTo(server.url, { access: { certificateAuthority: base64(local.cert) } });
    expect(await port.version()).toBe('v1.33.1');
  });

  test('that refuses is told as the proxy, and gets no token', async () => {
    const proxy = await proxyTo('http://127.0.0.1:9', 407);
    vi.stubEnv('HTTPS_PROXY', proxy.url);
    expect(await failureOf(portTo(far).port.version())).toEqual({
      kind: 'unreachable',
      message: 'The proxy refused to connect to api.example.test (HTTP status 407).',
    });
  });
});

test('NO_PROXY is heeded, in either case', async () => {
  vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
  vi.stubEnv('no_proxy', 'inside.test,.local.test');
  const agent = await makeAgent({ protocol: 'http:' });
  onTestFinished(() => agent.destroy());
  const errorOf = (url: string) =>
    new Promise<string>(resolve => {
      const lookup = (_host: string, _options: unknown, done: (error: Error) => void) => done(new Error('looked up'));
      plainRequest(url, { agent, lookup: lookup as never })
        .on('error', error => resolve(error.message))
        .end();
    });
  expect(await errorOf('http://inside.test/')).toContain('looked up');
  expect(await errorOf('http://a.local.test/')).toContain('looked up');
  expect(await errorOf('http://outside.test/')).toContain('127.0.0.1:9');
});

test.each([
  ['http://localhost:8001', true],
  ['https://127.0.0.1', true],
  ['https://127.8.9.1:6443', true],
  ['https://[::1]:6443', true],
  ['https://127.0.0.1.example.org', false],
  ['https://10.0.0.1', false],
])('%s is on this machine: %s', (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});
