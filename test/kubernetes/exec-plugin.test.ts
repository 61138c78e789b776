import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ExecPlugin, KubeUser } from '../../source/kubernetes/kubeconfig-model.ts';
import { type OpenOptions, openKubernetes } from '../../source/kubernetes/open.ts';
import { json, scriptedServer, status } from './scripted-server.ts';
import { FakeClock, failureOf, shop, until } from './support.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'podid-exec-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const v1 = 'client.authentication.k8s.io/v1';
const version = json(200, { gitVersion: 'v1.33.1' });

/** A plugin that runs this JavaScript; `count()` in it tells the how manieth run this is. */
async function plugin(code: string, more: Partial<ExecPlugin> = {}): Promise<ExecPlugin> {
  const path = join(folder, 'plugin.mjs');
  const counter = JSON.stringify(join(folder, 'runs'));
  await writeFile(
    path,
    `import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
const folder = ${JSON.stringify(folder)};
const count = () => { appendFileSync(${counter}, 'x'); return readFileSync(${counter}, 'utf8').length; };
const answer = status => console.log(JSON.stringify({ apiVersion: ${JSON.stringify(v1)}, kind: 'ExecCredential', status }));
${code}`,
  );
  const base = {
    apiVersion: v1,
    command: process.execPath,
    args: [path],
    env: {},
    provideClusterInfo: false,
    interactiveMode: 'IfAvailable',
  };
  return { ...base, ...more };
}

const open = (server: string, user: KubeUser, more: Partial<OpenOptions> = {}) => {
  const context = { name: 'ctx', cluster: { name: 'k', server, insecure: false }, user };
  const port = openKubernetes({ cluster: shop, access: { context }, random: () => 0, ...more });
  onTestFinished(() => port.close());
  return port;
};

describe('a plugin', () => {
  test('is run once for many calls, and again a minute before its answer expires', async () => {
    const clock = new FakeClock();
    const server = await scriptedServer(version);
    const expires = new Date(clock.now() + 600_000).toISOString();
    const exec = await plugin(`answer({ token: 't' + count(), expirationTimestamp: ${JSON.stringify(expires)} })`);
    const port = open(server.url, { exec }, { clock });
    await Promise.all([port.version(), port.version()]);
    await clock.advance(545_000);
    await port.version();
    expect(server.seen.map(each => each.headers.authorization)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  test('is run again, once, when its answer is refused', async () => {
    const server = await scriptedServer([
      status(401, 'Unauthorized', 'no'),
      version,
      status(401, 'Unauthorized', 'no'),
    ]);
    const exec = await plugin(`answer({ token: 't' + count() })`);
    const port = open(server.url, { exec });
    expect(await port.version()).toBe('v1.33.1');
    expect(await failureOf(port.version())).toMatchObject({ kind: 'denied', status: 401 });
    expect(server.seen.map(each => each.headers.authorization)).toEqual([
      'Bearer t1',
      'Bearer t2',
      'Bearer t2',
      'Bearer t3',
    ]);
  });

  test('is told what the cluster is where it asks for that, and gets its variables', async () => {
    const server = await scriptedServer(version);
    const exec = await plugin(
      `writeFileSync(folder + '/told', process.env.KUBERNETES_EXEC_INFO); answer({ token: process.env.MY_TOKEN })`,
      { provideClusterInfo: true, env: { MY_TOKEN: 'from-env' } },
    );
    await open(server.url, { exec }).version();
    expect(JSON.parse(await readFile(join(folder, 'told'), 'utf8'))).toEqual({
      apiVersion: v1,
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url } },
    });
    expect(server.seen[0]?.headers.authorization).toBe('Bearer from-env');
  });

  test.each([
    [
      'a login is needed',
      'console.error("first line"); console.error("run aws sso login --profile x"); process.exit(255)',
      {},
      'it ended with 255: run aws sso login --profile x',
    ],
    ['it prints no JSON', 'console.log("super-secret")', {}, 'something that is not JSON'],
    ['it prints another thing', 'console.log("{}")', {}, 'not an ExecCredential'],
    ['it gives nothing', 'answer({})', {}, 'it gave no credential'],
    [
      'it is not there',
      '',
      { command: '/nowhere/aws-iam-authenticator', installHint: 'get it from example.org' },
      'there is no such command; get it from example.org',
    ],
    ['it wants to talk', '', { interactiveMode: 'Always' }, 'it has to ask you something'],
    [
      'it is too old',
      '',
      { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      'its apiVersion "client.authentication.k8s.io/v1alpha1" is not one of',
    ],
    [
      'it answers in another version',
      `console.log(JSON.stringify({ apiVersion: ${JSON.stringify(`${v1}beta1`)}, kind: 'ExecCredential' }))`,
      {},
      'another version',
    ],
  ])('%s: one sentence that names context and command, no secret', async (_name, code, more, sentence) => {
    const failure = await failureOf(open('http://127.0.0.1:9', { exec: await plugin(code, more) }).version());
    expect(failure.kind).toBe('no-credentials');
    expect(failure.message).toContain('The context "ctx" gets its credentials from');
    expect(failure.message).toContain(sentence);
    expect(failure.message).not.toContain('super-secret');
  });

  test('that does not end is ended', async () => {
    const clock = new FakeClock();
    const exec = await plugin(`setInterval(() => {}, 1000)`);
    const answer = failureOf(open('http://127.0.0.1:9', { exec }, { clock }).version());
    await until(() => clock.sleeping === 1);
    await clock.advance(60_000);
    expect((await answer).message).toContain('it did not finish within 60 s');
  });
});

describe('other ways in', () => {
  test('a token file is read again when it is refused, and every minute', async () => {
    const clock = new FakeClock();
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'one\n');
    const server = await scriptedServer(version);
    const port = open(server.url, { tokenFile, token: 'unused' }, { clock });
    await port.version();
    await writeFile(tokenFile, 'two\n');
    await port.version();
    await clock.advance(61_000);
    await port.version();
    expect(server.seen.map(each => each.headers.authorization)).toEqual(['Bearer one', 'Bearer one', 'Bearer two']);
  });

  test('user and password, and acting as someone else', async () => {
    const server = await scriptedServer(version);
    await open(server.url, {
      basic: { username: 'a', password: 'b' },
      impersonate: { user: 'jane', groups: ['dev', 'ops'] },
    }).version();
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('a:b').toString('base64')}`,
      'impersonate-user': 'jane',
      'impersonate-group': 'dev, ops',
    });
  });

  test('what we cannot do is refused, not left out', async () => {
    const port = open('http://127.0.0.1:9', { unsupported: 'it uses an auth-provider' });
    expect(await failureOf(port.version())).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('auth-provider'),
    });
  });

  test('a file that is not there is named; the next call looks again', async () => {
    const ca = join(folder, 'ca.pem');
    const context = {
      name: 'ctx',
      cluster: { name: 'k', server: 'http://127.0.0.1:9', insecure: false, ca: { file: ca } },
      user: {},
    };
    const port = openKubernetes({ cluster: shop, access: { context } });
    onTestFinished(() => port.close());
    expect(await failureOf(port.version())).toMatchObject({
      message: `The kubeconfig names the file ${ca}, which cannot be read.`,
    });
    await writeFile(ca, 'x');
    expect(await failureOf(port.version())).toMatchObject({ kind: 'unreachable' });
  });
});
