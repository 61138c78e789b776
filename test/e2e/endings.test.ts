/** However a run's reader or user leaves, the run ends well; and no secret is left behind anywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  cleanEnvironment,
  cli,
  runProgram,
  type SandboxForTest,
  startTestSandbox,
  temporaryHome,
} from '../helpers/program.ts';
import { Terminal } from '../helpers/terminal.ts';

const home = temporaryHome();
afterAll(() => home.remove());

/** Each test has a sandbox of its own, so that they wait side by side: a stack takes its time. */
const inSandbox = (work: (sandbox: SandboxForTest) => Promise<void>) => async () => {
  const sandbox = await startTestSandbox(['--world', 'docs', '--seed', '1']);
  try {
    await work(sandbox);
  } finally {
    await sandbox.stop();
  }
};

const environment = (sandbox: SandboxForTest, extra: Record<string, string> = {}) =>
  cleanEnvironment(home.home, { ...sandbox.environment, ...extra });

const approve = ['migrate', '--cluster', 'my-cluster', '--approve'];

function startApproved(sandbox: SandboxForTest) {
  const child = spawn(process.execPath, [cli, ...approve], {
    env: environment(sandbox),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const said = async (what: RegExp) => {
    while (!what.test(stderr)) await once(child.stderr, 'data');
  };
  return { child, said, stderr: () => stderr };
}

type OracleRow = { readonly newPod: { readonly ok: boolean; readonly mechanism: string } };

const mechanisms = async (sandbox: SandboxForTest) =>
  ((await sandbox.control('oracle')) as readonly OracleRow[]).map(({ newPod }) => newPod.ok && newPod.mechanism);

describe.concurrent('a run that was approved', () => {
  test(
    'is carried out although whoever read its output has left',
    inSandbox(async sandbox => {
      const { child, stderr } = startApproved(sandbox);
      child.stdout.destroy();
      const [code] = await once(child, 'close');
      expect(stderr()).not.toMatch(/\n\s+at /);
      expect(code).toBe(0);
      expect(await mechanisms(sandbox)).toEqual(['pod-identity', 'pod-identity']);
    }),
  );

  test(
    'finishes what is in flight on ctrl-c, and says the rest',
    inSandbox(async sandbox => {
      const { child, said } = startApproved(sandbox);
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      await said(/started +install/);
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      expect(stdout).toMatch(/3 of 5 tasks done, 3 writes, 0 failed, 2 skipped/);
      expect(stdout).toMatch(/skipped default\/sa1: the run was stopped/);
      expect(code).toBe(3);
      expect(await mechanisms(sandbox)).toEqual(['irsa', 'irsa']);
    }),
  );

  test.each(['SIGTERM', 'SIGHUP'] as const)('ends at once on %s, and resume settles what was in flight', signal =>
    inSandbox(async sandbox => {
      const { child, said, stderr } = startApproved(sandbox);
      child.stdout.resume();
      await said(/started +install/);
      child.kill(signal);
      const [code] = await once(child, 'close');
      expect(code).not.toBe(0);
      const run = /podid-tui resume (\S+)/.exec(stderr())?.[1] ?? '';
      const resumed = await runProgram(['resume', run], environment(sandbox));
      expect(resumed.stderr + resumed.stdout).toMatch(/all tasks were completed successfully/);
      expect(resumed.code).toBe(0);
      expect(await mechanisms(sandbox)).toEqual(['pod-identity', 'pod-identity']);
    })(),
  );
});

describe('an app that cannot start', () => {
  test.each([
    ['an unknown profile', ['--profile', 'nope', '--region', 'eu-west-1'], /There is no profile "nope"/],
    ['keys without a region', [], /No region is set/],
    ['a kubeconfig that is not there', ['--region', 'eu-west-1', '--kubeconfig', '/no/such'], /does not exist/],
  ])('for %s gives the terminal back and says why', async (_, args, sentence) => {
    const keys = { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
    const terminal = new Terminal(process.execPath, [cli, ...args], { environment: cleanEnvironment(home.home, keys) });
    try {
      expect(await terminal.exited).toBe(1);
      expect(terminal.alternate).toBe(false);
      expect(terminal.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\u001b[?25l'));
      // Cells, not words: the sentence may be wider than the terminal.
      expect(terminal.lines().join('')).toMatch(sentence);
    } finally {
      await terminal.close();
    }
  });
});

test(
  'no secret reaches the output or a file, whatever happens',
  inSandbox(async sandbox => {
    const debug = environment(sandbox, { PODID_TUI_DEBUG: '1' });
    const outputs = [
      await runProgram(['--once', '-o', 'json', '--cluster', 'my-cluster'], debug),
      await runProgram(approve, debug),
      await runProgram(['migrate', '--cluster', 'nope'], debug),
    ];
    const denied = { operation: 'eks:DescribeCluster', times: 99, status: 403, code: 'AccessDeniedException' };
    const { AWS_SECRET_ACCESS_KEY: secret = '', AWS_ACCESS_KEY_ID: key = '' } = sandbox.environment;
    // A service that repeats in its message what it was sent.
    await sandbox.control('faults', {
      scripted: [{ ...denied, message: `AWS4-HMAC-SHA256 Credential=${key}/x Signature=abc` }],
    });
    outputs.push(await runProgram(['migrate', '--cluster', 'my-cluster'], debug), await runProgram(['--once'], debug));
    expect(outputs.map(each => each.code)).toEqual([0, 0, 1, 1, 3]);

    const files = readdirSync(home.home, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    const written = files.map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
    const everything = [...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...written].join('\n');
    expect(secret).not.toBe('');
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(key);
    expect(everything).not.toMatch(/k8s-aws-v1\.|X-Amz-Signature|Signature=abc|Bearer \S/);
  }),
);
