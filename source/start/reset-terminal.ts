import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * What an app on the alternate screen may have switched on and SIGKILL keeps it from switching off: synchronised output,
 * bracketed paste, mouse reports, the keyboard protocol of kitty, colours, a hidden cursor, the alternate screen.
 */
export const restore = [
  '\u001b[?2026l',
  '\u001b[?2004l',
  '\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l',
  '\u001b[<u',
  '\u001b[0m',
  '\u001b[?25h',
  '\u001b[?1049l',
].join('');

/**
 * Gives a terminal back that a killed process has left behind: echo and line editing too, where there is `stty`.
 *
 * @returns the exit code
 */
export async function resetTerminal(out: { write(text: string): unknown }): Promise<number> {
  out.write(restore);
  if (process.platform === 'win32' || !process.stdin.isTTY) return 0;
  const stty = spawn('stty', ['sane'], { stdio: ['inherit', 'ignore', 'ignore'] });
  await Promise.race([once(stty, 'exit'), once(stty, 'error')]).catch(() => {});
  return 0;
}
