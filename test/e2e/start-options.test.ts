/** Whose world is opened: profiles of the shared configuration, all of them, or none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  cleanEnvironment,
  cli,
  runProgram,
  type SandboxForTest,
  startTestSandbox,
  temporaryHome,
} from '../helpers/program.ts';
import { Terminal } from '../helpers/terminal.ts';

let sandbox: SandboxForTest;
const { home, remove } = temporaryHome();
let terminal: Terminal | undefined;

/** Two profiles with keys of the sandbox's, each in a region of its own, and one that names no region. */
beforeAll(async () => {
  sandbox = await startTestSandbox(['--world', 'demo', '--seed', '7']);
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_ENDPOINT_URL: endpoint } = sandbox.environment;
  const profile = (name: string, region?: string) =>
    [
      `[profile ${name}]`,
      `aws_access_key_id = ${id}`,
      `aws_secret_access_key = ${secret}`,
      `endpoint_url = ${endpoint}`,
      ...(region ? [`region = ${region}`] : []),
    ].join('\n');
  mkdirSync(path.join(home, '.aws'));
  writeFileSync(
    path.join(home, '.aws/config'),
    [profile('america', 'us-east-1'), profile('germany', 'eu-central-1'), profile('nowhere')].join('\n\n'),
  );
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(async () => {
  await sandbox.stop();
  remove();
});

/** Nothing of the sandbox is in the environment: it is found by the profiles alone. */
const environment = () => cleanEnvironment(home, { AWS_CA_BUNDLE: sandbox.environment.AWS_CA_BUNDLE ?? '' });

async function clustersOf(...flags: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runProgram([...flags, '--once', '-o', 'json'], environment());
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { rows } = JSON.parse(stdout) as { readonly rows: readonly { readonly name: string }[] };
  return rows.map(row => row.name).sort();
}

test('--profile a,b opens both, each in its own region', async () => {
  expect(await clustersOf('--profile', 'germany')).toEqual(['batch-de-1']);
  expect(await clustersOf('--profile', 'america,germany')).toEqual(['batch-de-1', 'prod-us-1']);
});

test('a profile that is not there is named', async () => {
  const { code, stderr } = await runProgram(['--profile', 'america,amerika', '--once'], environment());
  expect(code).toBe(1);
  expect(stderr).toMatch(/amerika/);
});

test('--all-profiles opens each that names a region, and every one in the region that is named for all', async () => {
  expect(await clustersOf('--all-profiles')).toEqual(['batch-de-1', 'prod-us-1']);
  expect(await clustersOf('--all-profiles', '--region', 'eu-central-1')).toEqual(['batch-de-1']);
});

test('--all-profiles and --profile exclude each other', async () => {
  const { code, stderr } = await runProgram(['--all-profiles', '--profile', 'america'], environment());
  expect(code).toBe(2);
  expect(stderr).toContain('--all-profiles and --profile exclude each other');
});

test('--offline is for the app alone', async () => {
  const { code, stderr } = await runProgram(['--profile', 'germany', '--offline', '--once'], environment());
  expect(code).toBe(2);
  expect(stderr).toContain('--offline is for the app');
});

test('--offline shows what its door saw last, and calls nothing', async () => {
  const open = (...flags: readonly string[]) => {
    terminal = new Terminal(process.execPath, [cli, '--profile', 'germany', ...flags], { environment: environment() });
    return terminal;
  };
  const quit = async (at: Terminal) => {
    at.send('q');
    await at.until('q again');
    at.send('q');
    expect(await at.exited).toBe(0);
    await at.close();
  };
  const online = open();
  await online.until(/batch-de-1 +eu-central-1 +1\.\d+ +ACTIVE +missing +1 /);
  await quit(online);

  const requests = async () => ((await sandbox.control('requests')) as readonly unknown[]).length;
  const before = await requests();
  const away = open('--offline');
  await away.until(text => /batch-de-1 +eu-central-1 +1\.\d+/.test(text) && text.includes('OFFLINE'));
  await quit(away);
  expect(await requests()).toBe(before);

  const other = new Terminal(process.execPath, [cli, '--profile', 'america', '--offline'], {
    environment: environment(),
  });
  terminal = other;
  await other.until('OFFLINE');
  expect(other.text()).not.toContain('batch-de-1');
  expect(await requests()).toBe(before);
});
