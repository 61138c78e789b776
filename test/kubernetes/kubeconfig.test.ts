import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { contextFor, loadKubeconfig, namedContext } from '../../source/kubernetes/kubeconfig.ts';
import { failureOf, shop } from './support.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'podid-kubeconfig-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
});

const file = async (name: string, text: string): Promise<string> => {
  const path = join(home, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
};

const minimal = (name: string, server: string) => `
apiVersion: v1
kind: Config
current-context: ${name}
clusters: [{name: ${name}, cluster: {server: "${server}"}}]
users: [{name: ${name}, user: {token: "${name}-token"}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
`;

describe('which files', () => {
  test('--kubeconfig is read alone; a missing one is an error that names it', async () => {
    const path = await file('one', minimal('one', 'https://one'));
    const config = await loadKubeconfig({
      path,
      env: { KUBECONFIG: await file('two', minimal('two', 'https://two')) },
      home,
    });
    expect(config.contexts.map(each => each.name)).toEqual(['one']);
    const gone = join(home, 'gone');
    expect(await failureOf(loadKubeconfig({ path: gone }))).toMatchObject({
      kind: 'not-found',
      message: `The kubeconfig ${gone} does not exist.`,
    });
  });

  test('KUBECONFIG is a list: the first to name something wins, missing files do not matter', async () => {
    const one = await file('one', minimal('shared', 'https://one'));
    const two = await file(
      'two',
      minimal('shared', 'https://two') + minimal('other', 'https://three').replaceAll(/^/gm, '# '),
    );
    const three = await file('three', minimal('third', 'https://three'));
    const env = { KUBECONFIG: [one, '', join(home, 'gone'), two, three].join(delimiter) };
    const config = await loadKubeconfig({ env, home });
    expect(config.contexts.map(each => [each.name, each.cluster.server])).toEqual([
      ['shared', 'https://one'],
      ['third', 'https://three'],
    ]);
    expect(config.currentContext).toBe('shared');
  });

  test('a context may take its cluster and its user from other files', async () => {
    const one = await file('one', 'contexts: [{name: c, context: {cluster: k, user: u}}]');
    const two = await file('two', 'clusters: [{name: k, cluster: {server: "https://k"}}]');
    const three = await file('three', 'users: [{name: u, user: {token: t}}]');
    const config = await loadKubeconfig({ env: { KUBECONFIG: [one, two, three].join(delimiter) }, home });
    expect(config.contexts).toMatchObject([{ name: 'c', cluster: { server: 'https://k' }, user: { token: 't' } }]);
  });

  test('without either it is ~/.kube/config, which may be missing', async () => {
    expect(await loadKubeconfig({ env: {}, home })).toMatchObject({ contexts: [] });
    await file('.kube/config', minimal('mine', 'https://mine'));
    expect((await loadKubeconfig({ env: {}, home })).contexts.map(each => each.name)).toEqual(['mine']);
  });
});

describe('what is in them', () => {
  test('paths are relative to the file that names them, also the command of a plugin', async () => {
    const path = await file(
      'sub/config',
      `
clusters: [{name: k, cluster: {server: "https://k", certificate-authority: ca.pem, tls-server-name: api.k, proxy-url: "http://proxy:3128", insecure-skip-tls-verify: true}}]
users:
- name: u
  user: {client-certificate: /abs/cert.pem, client-key: ../key.pem, tokenFile: token}
- name: e
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [--x, "1"], env: [{name: A, value: b}], provideClusterInfo: true, interactiveMode: Never}
- name: p
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: aws}}
contexts:
- {name: c, context: {cluster: k, user: u}}
- {name: d, context: {cluster: k, user: e}}
- {name: f, context: {cluster: k, user: p}}
`,
    );
    const config = await loadKubeconfig({ path });
    const sub = join(home, 'sub');
    expect(namedContext(config, 'c')).toMatchObject({
      cluster: {
        ca: { file: join(sub, 'ca.pem') },
        serverName: 'api.k',
        proxyUrl: 'http://proxy:3128',
        insecure: true,
      },
      user: {
        certificate: { file: '/abs/cert.pem' },
        key: { file: join(home, 'key.pem') },
        tokenFile: join(sub, 'token'),
      },
    });
    expect(namedContext(config, 'd').user.exec).toMatchObject({
      command: join(sub, 'bin/login'),
      args: ['--x', '1'],
      env: { A: 'b' },
      provideClusterInfo: true,
      interactiveMode: 'Never',
    });
    expect(namedContext(config, 'f').user.exec).toMatchObject({ command: 'aws', interactiveMode: 'IfAvailable' });
  });

  test('a token that looks like a number stays as written', async () => {
    const path = await file('c', minimal('one', 'https://one').replace('"one-token"', '00123e4'));
    expect(namedContext(await loadKubeconfig({ path }), 'one').user.token).toBe('00123e4');
  });

  test('JSON is fine, and so is an empty file', async () => {
    const path = await file('j', JSON.stringify({ clusters: null, users: null, contexts: [], 'current-context': '' }));
    expect(await loadKubeconfig({ path })).toMatchObject({ contexts: [] });
    expect(await loadKubeconfig({ path: await file('e', '') })).toMatchObject({ contexts: [] });
  });

  test.each([
    ['clusters: [\nusers', 2, 'not valid YAML'],
    ['clusters: 7', 1, '"clusters" is not a list'],
    ['users: []\nclusters:\n- cluster: {}', 3, 'an entry of "clusters" has no name'],
    ['clusters:\n- name: k\n  cluster:\n    server: "what"', 4, 'the server of cluster "k" is not a URL'],
    [
      'clusters:\n- name: k\n  cluster:\n    server: https://k\n    certificate-authority-data: "!"',
      5,
      'not base64 of PEM',
    ],
    ['users:\n- name: u\n  user:\n    exec: {args: []}', 4, 'has no command'],
    ['- a\n- b', 1, 'a kubeconfig is a map'],
  ])('what is wrong is told with path and line: %j', async (text, line, what) => {
    const path = await file('bad', text);
    const { kind, message } = await failureOf(loadKubeconfig({ path }));
    expect(kind).toBe('invalid');
    expect(message).toContain(`${path}, line ${line}: `);
    expect(message).toContain(what);
  });

  test('a broken file never has its secrets quoted', async () => {
    const path = await file('bad', 'users:\n- name: u\n  user: {token: "very-secret\n');
    expect((await failureOf(loadKubeconfig({ path }))).message).not.toContain('very-secret');
  });

  test('a context that names what is not there is told when it is asked for', async () => {
    const path = await file('c', 'contexts: [{name: c, context: {cluster: nope, user: u}}]');
    const config = await loadKubeconfig({ path });
    expect(() => namedContext(config, 'c')).toThrow('The context "c" cannot be used: it names the cluster "nope"');
    expect(() => namedContext(config, 'd')).toThrow('The kubeconfig has no context "d"; it has: none.');
  });
});

describe('the context of a cluster', () => {
  const many = (entries: Record<string, { server: string; cluster?: string }>, current = '') => `
current-context: "${current}"
clusters: [${Object.entries(entries).map(([key, { server, cluster }]) => `{name: "${cluster ?? key}", cluster: {server: "${server}"}}`)}]
contexts: [${Object.entries(entries).map(([key, { cluster }]) => `{name: "${key}", context: {cluster: "${cluster ?? key}"}}`)}]
`;
  const config = async (...args: Parameters<typeof many>) => loadKubeconfig({ path: await file('c', many(...args)) });
  const endpoint = 'https://ABC.gr7.eu-west-1.eks.amazonaws.com';

  test('has its endpoint as server, however that is spelled', async () => {
    const found = await config({
      x: { server: 'https://abc.gr7.eu-west-1.eks.amazonaws.com:443/' },
      [shop.arn]: { server: 'https://else' },
    });
    expect(contextFor({ ...shop, endpoint }, found)?.name).toBe('x');
  });

  test('else is named by its ARN, or its cluster is', async () => {
    expect(
      contextFor({ ...shop, endpoint }, await config({ [shop.arn]: { server: 'https://tunnel:8443' } }))?.name,
    ).toBe(shop.arn);
    expect(contextFor(shop, await config({ short: { server: 'https://tunnel:8443', cluster: shop.arn } }))?.name).toBe(
      'short',
    );
  });

  test('is the current one of several', async () => {
    const entries = { a: { server: endpoint }, b: { server: endpoint } };
    expect(contextFor({ ...shop, endpoint }, await config(entries, 'b'))?.name).toBe('b');
    expect(contextFor({ ...shop, endpoint }, await config(entries, 'else'))?.name).toBe('a');
  });

  test('is never another cluster, not even as the only or the current one', async () => {
    const found = await config({ shop: { server: 'https://other.example.org' } }, 'shop');
    expect(contextFor({ ...shop, endpoint }, found)).toBeUndefined();
  });

  test('is the chosen one, wherever that leads; a wrong name is an error', async () => {
    const found = await config({ tunnel: { server: 'https://127.0.0.1:8443' } });
    expect(contextFor({ ...shop, endpoint }, found, 'tunnel')?.name).toBe('tunnel');
    expect(() => contextFor(shop, found, 'tunel')).toThrow('has no context "tunel"; it has: tunnel');
  });
});
