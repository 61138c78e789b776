/** kubectl drives the sandbox's Kubernetes API: discovery, paging, watching, patching, with full TLS verification. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type ClientSettings, writeClientSettings } from '../../source/sandbox/shell/environment.ts';
import { type RunningSandbox, startSandbox } from '../../source/sandbox/shell/server.ts';
import { makeWorld } from '../../source/sandbox/worlds/worlds.ts';
import { worldOptions } from '../sandbox/worlds/world-helpers.ts';
import { describeWith, findPeer, invoke, invokeJson } from './peers.ts';

const kubectl = await findPeer('PODID_TEST_KUBECTL', 'kubectl', ['version', '--client']);
const cli = await findPeer('PODID_TEST_AWS', 'aws', ['--version']);
const annotation = 'eks.amazonaws.com/role-arn';

describeWith(kubectl, 'kubectl on the sandbox', command => {
  let sandbox: RunningSandbox;
  let settings: ClientSettings;
  let cache: string;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'podid-kubectl-'));
    const { world, profiles } = makeWorld(worldOptions('docs'), Date.now());
    sandbox = await startSandbox({ world });
    settings = writeClientSettings(world, sandbox.url, profiles);
  });
  afterAll(async () => {
    settings.remove();
    await sandbox.close();
    await rm(cache, { recursive: true, force: true });
  });

  const options = () => ['--cache-dir', cache];
  const text = async (...args: string[]) => {
    const ended = await invoke(command, [...options(), ...args], settings.environment);
    if (ended.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${ended.stderr}`);
    return ended.stdout;
  };
  const json = (...args: string[]) => invokeJson(command, [...options(), ...args, '-o', 'json'], settings.environment);

  /** From a file and unvalidated: `kubectl create KIND` speaks protobuf, and validation asks for OpenAPI. */
  const create = async (object: object) => {
    const file = join(cache, 'object.json');
    await writeFile(file, JSON.stringify(object));
    return text('create', '--validate=false', '-f', file);
  };

  it('lists service accounts in one page or in many', async () => {
    const names = (list: { items: { metadata: { namespace: string; name: string } }[] }) =>
      list.items.map(each => `${each.metadata.namespace}/${each.metadata.name}`);
    const whole = names(await json('get', 'sa', '-A'));
    expect(whole).toEqual(
      expect.arrayContaining(['default/default', 'default/sa1', 'default/sa2', 'kube-system/default']),
    );
    expect(names(await json('get', 'sa', '-A', '--chunk-size', '2'))).toEqual(whole);
    expect(await text('get', 'sa', '-A')).toMatch(/^NAMESPACE\s+NAME\s+.*AGE/);
  });

  it('selects pods by service account and by label', async () => {
    const pods = await json('get', 'pods', '-A', '--field-selector', 'spec.serviceAccountName=sa1');
    expect(pods.items).toHaveLength(2);
    expect((await json('get', 'pods', '-A', '-l', 'app=sa2')).items).toHaveLength(2);
  });

  it('annotates with overwrite, and removes an annotation', async () => {
    await text('annotate', 'sa', 'sa2', `${annotation}=arn:aws:iam::111122223333:role/Other`, '--overwrite');
    expect((await json('get', 'sa', 'sa2')).metadata.annotations[annotation]).toBe(
      'arn:aws:iam::111122223333:role/Other',
    );
    await text('annotate', 'sa', 'sa2', `${annotation}-`);
    expect((await json('get', 'sa', 'sa2')).metadata.annotations).toBeUndefined();
  });

  it('patches by merge and by JSON patch, and meets a conflict', async () => {
    await text('patch', 'sa', 'sa1', '--type', 'merge', '-p', '{"metadata":{"labels":{"team":"a"}}}');
    await text(
      'patch',
      'sa',
      'sa1',
      '--type',
      'json',
      '-p',
      '[{"op":"replace","path":"/metadata/labels/team","value":"b"}]',
    );
    expect((await json('get', 'sa', 'sa1')).metadata.labels).toEqual({ team: 'b' });
    const stale = '{"metadata":{"resourceVersion":"1","labels":{"team":"c"}}}';
    const refused = await invoke(
      command,
      [...options(), 'patch', 'sa', 'sa1', '--type', 'merge', '-p', stale],
      settings.environment,
    );
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('the object has been modified');
  });

  it('creates and deletes a namespace with its service account', async () => {
    await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'peer' } });
    await create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'worker', namespace: 'peer' } });
    expect((await json('get', 'sa', 'worker', '-n', 'peer')).metadata.name).toBe('worker');
    await text('delete', 'sa', 'worker', '-n', 'peer');
    const gone = await invoke(command, [...options(), 'get', 'sa', 'worker', '-n', 'peer'], settings.environment);
    expect(gone.stderr).toContain('serviceaccounts "worker" not found');
  });

  it('watches, and hears of a change made meanwhile', async () => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...settings.environment };
    const watch = spawn(
      command,
      [...options(), 'get', 'sa', '-n', 'default', '-w', '-o', 'name', '--output-watch-events'],
      { env },
    );
    onTestFinished(() => void watch.kill());
    const heard = lines(watch.stdout);
    await heard.until(each => each.includes('serviceaccount/sa2'));
    await create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'newcomer' } });
    await heard.until(each => each.includes('serviceaccount/newcomer'));
  });

  it('restarts a deployment and sees the roll-out through', async () => {
    const before = await json('get', 'pods', '-l', 'app=sa1');
    await text('rollout', 'restart', 'deployment/sa1');
    await text('rollout', 'status', 'deployment/sa1', '--timeout=60s');
    const after = await json('get', 'pods', '-l', 'app=sa1');
    type Pods = { items: { metadata: { uid: string; deletionTimestamp?: string } }[] };
    const uids = ({ items }: Pods) =>
      items.filter(each => !each.metadata.deletionTimestamp).map(each => each.metadata.uid);
    expect(uids(after)).toHaveLength(2);
    expect(uids(after).filter(each => uids(before).includes(each))).toEqual([]);
  });

  it('does not trust the server without its authority', async () => {
    const refused = await invoke(command, [...options(), '--server', endpoint(), '--token', 'any', 'get', 'sa'], {
      ...settings.environment,
      KUBECONFIG: '/dev/null',
    });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('certificate');
  });

  const endpoint = () => [...sandbox.world.clusters.values()][0]?.endpoint ?? '';

  describeWith(cli, 'with a token of aws eks get-token', aws => {
    it('is let in, and with a token for another cluster is not', async () => {
      const token = async (cluster: string): Promise<string> =>
        (await invokeJson(aws, ['eks', 'get-token', '--cluster-name', cluster], settings.environment)).status.token;
      const list = async (bearer: string) =>
        invoke(command, [...options(), '--token', bearer, 'get', 'sa', '-o', 'name'], settings.environment);
      expect((await list(await token('my-cluster'))).stdout).toContain('serviceaccount/sa1');
      const foreign = await list(await token('other-cluster'));
      expect(foreign.code).not.toBe(0);
      expect(foreign.stderr).toMatch(/unauthorized|must be logged in/i);
    });
  });
});

/** What a stream says, line by line. */
function lines(stream: NodeJS.ReadableStream) {
  const said: string[] = [];
  let rest = '';
  const waiting = new Set<() => void>();
  stream.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    said.push(...parts);
    for (const look of waiting) look();
  });
  return {
    until(matches: (line: string) => boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = () => {
        if (!said.some(matches)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      return promise;
    },
  };
}
