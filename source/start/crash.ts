import { writeSync } from 'node:fs';
import { restore } from './reset-terminal.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/**
 * Ends this process with SIGKILL, as the worst crash would: nothing of it gets to finish, write or say anything. Only the
 * terminal is given back before, and the embedded world is kept, so that the next start finds it as the crash left it.
 */
export async function crashInSandbox(sandbox: SandboxProcess, stdin: NodeJS.ReadStream): Promise<void> {
  await sandbox.keep();
  if (stdin.isTTY) stdin.setRawMode(false);
  writeSync(1, `${restore}podid-tui: killed (SIGKILL). Start it again the same way: the sandbox is still there.\n`);
  process.kill(process.pid, 'SIGKILL');
}
