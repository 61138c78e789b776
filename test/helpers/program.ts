/** The built program as a user runs it: in its own process, with its own HOME, against a sandbox it was led to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** PODID_TEST_CLI: a build elsewhere, e.g. `node scripts/build.mjs --outdir DIR`. */
export const cli = process.env.PODID_TEST_CLI ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type Finished = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Variables of whoever runs the tests that could lead the program elsewhere. */
const outside = /^(AWS_|KUBECONFIG$|XDG_|CI$|NO_COLOR$|FORCE_COLOR$|https?_proxy$|all_proxy$|no_proxy$|PODID_)/i;

export function cleanEnvironment(home: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !outside.test(name)) as [string, string][];
  return { ...Object.fromEntries(kept), HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...extra };
}

/** A fresh HOME that is removed by `remove`. */
export function temporaryHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(path.join(os.tmpdir(), 'podid-home-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Runs `podid-tui ...args` to its end without a terminal. */
export async function runProgram(args: readonly string[], environment: Record<string, string>): Promise<Finished> {
  const child = spawn(process.execPath, [cli, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

export type SandboxForTest = {
  readonly environment: Readonly<Record<string, string>>;
  readonly regions: readonly string[];
  readonly kubeconfig: string;
  /** A control call under `/_sandbox/`. */
  control(what: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
};

/** `podid-tui sandbox` in a process of its own, as the app starts it. */
export async function startTestSandbox(args: readonly string[]): Promise<SandboxForTest> {
  const child = spawn(process.execPath, [cli, 'sandbox', ...args], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', text => {
    complaint += text;
  });
  child.stdout?.resume();
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the sandbox ended: ${complaint}`);
  });
  ended.catch(() => {});
  type Ready = { ready: true; environment: Record<string, string>; regions: string[]; kubeconfig: string };
  const [ready] = (await Promise.race([once(child, 'message'), ended])) as [Ready];
  return {
    environment: ready.environment,
    regions: ready.regions,
    kubeconfig: ready.kubeconfig,
    control: async (what, body) => {
      const url = `${ready.environment.AWS_ENDPOINT_URL}/_sandbox/${what}`;
      const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`${what}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
