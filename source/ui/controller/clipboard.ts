import { spawn } from 'node:child_process';
import { clipboardSequence } from '../text/osc52.ts';
import { type App, say } from './app.ts';

type Tool = { readonly command: string; readonly args: readonly string[] };

/**
 * Programs that reach the clipboard of the machine we run on. Over SSH that is not the machine the user sits at, and
 * without a display there is none.
 */
function toolsOf(environment: App['environment'], platform: NodeJS.Platform): readonly Tool[] {
  if (environment.SSH_TTY || environment.SSH_CONNECTION) return [];
  if (platform === 'darwin') return [{ command: 'pbcopy', args: [] }];
  if (environment.WAYLAND_DISPLAY) return [{ command: 'wl-copy', args: [] }];
  return environment.DISPLAY
    ? [
        { command: 'xclip', args: ['-selection', 'clipboard'] },
        { command: 'xsel', args: ['--clipboard', '--input'] },
      ]
    : [];
}

/** Milliseconds; a clipboard that nobody serves must not hold anything up. */
const patience = 2_000;

/** @returns whether the program is there and took the text */
function give({ command, args }: Tool, text: string): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(command, [...args], { stdio: ['pipe', 'ignore', 'ignore'], timeout: patience });
    child.once('error', () => resolve(false));
    child.once('exit', code => resolve(code === 0));
    // It may be gone before it has read everything; its exit code says so.
    child.stdin.once('error', () => {});
    child.stdin.end(text);
  });
}

/**
 * Copies text: by a program of this machine where there is one, else by the terminal.
 *
 * @param what is copied, for the message
 */
export async function copyText(app: App, text: string, what: string, platform = process.platform): Promise<void> {
  for (const tool of toolsOf(app.environment, platform)) {
    if (await give(tool, text)) return say(app, 'info', `copied ${what}`);
  }
  const sequence = clipboardSequence(text, app.environment);
  if (sequence === undefined) return say(app, 'warning', `${what} is too long for a terminal's clipboard`);
  app.write(sequence);
  say(app, 'info', `copied ${what}, if the terminal lets programs copy`);
}
