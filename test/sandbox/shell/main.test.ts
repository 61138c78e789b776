import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { SandboxReady } from '../../../source/sandbox/shell/protocol.ts';
import { send } from './rig.ts';

const script = new URL('./run-sandbox.ts', import.meta.url).pathname;

describe('podid-tui sandbox, started by hand', () => {
  it('prints what a shell needs, serves, and takes its files with it on Ctrl-C', async () => {
    const process = start('--world', 'docs');
    const printed = await untilSaid(process.child.stderr!, 'Ctrl-C ends the sandbox.');
    expect(printed).toMatch(/Serving world "docs": 1 cluster, AWS at http:\/\/127\.0\.0\.1:\d+\./);
    const environment = readExports(process.stdout());
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining([
        'AWS_ENDPOINT_URL',
        'AWS_REGION',
        'AWS_ACCESS_KEY_ID',
        'AWS_SECRET_ACCESS_KEY',
        'KUBECONFIG',
      ]),
    );
    expect(process.stdout()).toMatch(/^unset AWS_PROFILE /);
    const health = await send(`${environment.AWS_ENDPOINT_URL}/_sandbox/health`);
    expect(JSON.parse(health.body)).toEqual({ ok: true, world: 'docs' });
    const files = ['KUBECONFIG', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'].map(name => environment[name] ?? '');
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(files[0]!)).mode & 0o777).toBe(0o700);

    process.child.kill('SIGINT');
    expect(await once(process.child, 'close')).toEqual([0, null]);
    expect(existsSync(dirname(files[0]!))).toBe(false);
  });

  it.each([
    [['--world', 'mars'], '--world is one of docs, demo, fleet, not "mars".\n'],
    [['--colour'], "Unknown option '--colour'.\n"],
  ])('answers %j with one sentence and exit code 2', async (argv, sentence) => {
    const process = start(...argv);
    expect(await once(process.child, 'close')).toEqual([2, null]);
    expect(process.stderr()).toBe(sentence);
    expect(process.stdout()).toBe('');
  });
});

describe('podid-tui sandbox, as a child of the app', () => {
  it('sends one message when it is ready, and ends with the channel', async () => {
    const { child, message } = await startChild();
    expect(message).toMatchObject({ ready: true, regions: ['us-west-2'], kubeconfig: message.environment.KUBECONFIG });
    const health = await send(`${message.environment.AWS_ENDPOINT_URL}/_sandbox/health`);
    expect(health.status).toBe(200);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(message.kubeconfig)).toBe(false);
  });

  it('ends when the app is gone before it is ready', async () => {
    const child = fork(script, ['--world', 'docs'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
    onTestFinished(() => end(child));
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('fails in one sentence when its port is taken', async () => {
    const { message } = await startChild();
    const { port } = new URL(message.environment.AWS_ENDPOINT_URL ?? '');
    const process = start('--world', 'docs', '--port', port);
    expect(await once(process.child, 'close')).toEqual([1, null]);
    expect(process.stderr()).toMatch(/^The sandbox cannot listen: .*EADDRINUSE.*\.\n$/);
  });

  it('leaves Ctrl-C to the app, and ends on SIGTERM', async () => {
    const { child, message } = await startChild();
    child.kill('SIGINT');
    child.kill('SIGHUP');
    expect((await send(`${message.environment.AWS_ENDPOINT_URL}/_sandbox/health`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(message.kubeconfig)).toBe(false);
  });

  it('writes a kubeconfig whose contexts are the ARNs of the clusters', async () => {
    const { message } = await startChild();
    const config = parse(readFileSync(message.kubeconfig, 'utf8'));
    const arn = 'arn:aws:eks:us-west-2:111122223333:cluster/my-cluster';
    expect(config['current-context']).toBe(arn);
    expect(config.contexts.map((each: { name: string }) => each.name)).toEqual([arn]);
    const [{ cluster }] = config.clusters;
    const token: string = config.users[0].user.token;
    const ca = Buffer.from(cluster['certificate-authority-data'], 'base64').toString();
    const listed = await send(`${cluster.server}/api/v1/serviceaccounts?limit=500`, {
      ca,
      headers: { authorization: `Bearer ${token}` },
    });
    expect(listed.status).toBe(200);
    expect(JSON.parse(listed.body).kind).toBe('ServiceAccountList');
  });
});

function start(...argv: string[]) {
  const child = spawn(process.execPath, [script, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => end(child));
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', text => {
      said[stream] += text;
    });
  }
  return { child, stdout: () => said.stdout, stderr: () => said.stderr };
}

async function startChild(): Promise<{ child: ChildProcess; message: SandboxReady }> {
  const child = fork(script, ['--world', 'docs'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  onTestFinished(() => end(child));
  const [message] = await once(child, 'message');
  return { child, message };
}

/** Gently, so that it takes its files with it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

async function untilSaid(stream: NodeJS.ReadableStream, what: string): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
    if (text.includes(what)) break;
  }
  return text;
}

function readExports(text: string): Record<string, string> {
  const lines = text.split('\n').filter(line => line.startsWith('export '));
  return Object.fromEntries(lines.map(line => line.slice('export '.length).split(/=(.*)/).slice(0, 2)));
}
