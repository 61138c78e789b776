/**
 * Independent programs that conformance tests compare with. An absent one is reported as a skipped test that is named
 * after the reason: it never passes silently.
 */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, it } from 'vitest';

export type Peer = { readonly command: string } | { readonly missing: string };

const run = promisify(execFile);

/** The command that `variable` names, else `command` from PATH; it must run with `probe`. */
export async function findPeer(variable: string, command: string, probe: readonly string[]): Promise<Peer> {
  const wanted = process.env[variable] || command;
  try {
    await run(wanted, [...probe]);
    return { command: wanted };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { missing: `${command} does not run (${reason}); scripts/install-peers.sh, or set ${variable}` };
  }
}

/** Tests that need a peer. */
export function describeWith(peer: Peer, title: string, tests: (command: string) => void): void {
  if ('missing' in peer) {
    describe(title, () => {
      it.skip(`skipped: ${peer.missing}`, () => {});
    });
    return;
  }
  describe(title, () => tests(peer.command));
}

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs a command to its end. The environment is exactly the one given, with PATH and HOME. */
export async function invoke(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', reject);
  child.once('close', code => resolve(code ?? -1));
  return { code: await promise, stdout, stderr };
}

/** Runs a command that must succeed, and reads its JSON; no output at all is `undefined`. */
export async function invokeJson(command: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { code, stdout, stderr } = await invoke(command, args, environment);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}
