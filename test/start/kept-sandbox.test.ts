import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noteKept, takeOverKept } from '../../source/start/kept-sandbox.ts';
import { cli, temporaryHome } from '../helpers/program.ts';

const flags = ['--world', 'docs'];

/** A sandbox as the app starts it. */
async function startSandbox() {
  const child = fork(cli, ['sandbox', ...flags], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [message] = (await once(child, 'message')) as [
    { environment: Record<string, string>; regions: readonly string[] },
  ];
  const { environment, regions } = message;
  const url = environment.AWS_ENDPOINT_URL ?? '';
  return { child, gone: once(child, 'exit'), url, kept: { flags, pid: child.pid ?? 0, environment, regions } };
}

function emptyHome() {
  const { home, remove } = temporaryHome();
  onTestFinished(remove);
  return { environment: { HOME: home }, file: path.join(home, '.local', 'state', 'podid-tui', 'sandbox.json') };
}

const answers = (url: string) => fetch(`${url}/_sandbox/health`).then(({ ok }) => ok);

test('a world that is to be kept outlives its app, is taken over once, and ends with whoever took it over', async () => {
  const { environment, file } = emptyHome();
  const { child, gone, url, kept } = await startSandbox();
  await fetch(`${url}/_sandbox/keep`, { method: 'POST' });
  await noteKept(kept, environment);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  child.disconnect();
  expect(await answers(url)).toBe(true);

  expect(await takeOverKept(['--world', 'demo'], environment)).toBeUndefined();
  const lease = await takeOverKept(flags, environment);
  expect(lease?.kept.regions).toEqual(kept.regions);
  expect(await takeOverKept(flags, environment)).toBeUndefined();
  expect(await answers(url)).toBe(true);
  lease?.release();
  expect((await gone)[0]).toBe(0);
});

test('whoever took a world over may keep it again for the next one', async () => {
  const { environment } = emptyHome();
  const { child, gone, url, kept } = await startSandbox();
  await fetch(`${url}/_sandbox/keep`, { method: 'POST' });
  await noteKept(kept, environment);
  child.disconnect();
  const first = await takeOverKept(flags, environment);
  await fetch(`${url}/_sandbox/keep`, { method: 'POST' });
  await noteKept(kept, environment);
  first?.release();
  const second = await takeOverKept(flags, environment);
  expect(second).toBeDefined();
  second?.release();
  await gone;
});

test('a world that nobody asked to keep ends with its app', async () => {
  const { child, gone } = await startSandbox();
  child.disconnect();
  expect((await gone)[0]).toBe(0);
});

test.each([
  '',
  '{',
  '[]',
  '{"flags":["--world","docs"],"pid":1,"environment":{"AWS_ENDPOINT_URL":"http://127.0.0.1:9"},"regions":[]}',
])('a note that leads nowhere is no sandbox: %s', async text => {
  const { environment, file } = emptyHome();
  await noteKept({ flags, pid: 1, environment: {}, regions: [] }, environment);
  writeFileSync(file, text);
  expect(await takeOverKept(flags, environment)).toBeUndefined();
});
