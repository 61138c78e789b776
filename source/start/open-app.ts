import { UsageError } from '../commands/command.ts';
import type { ChosenProfiles } from '../ui/app.tsx';
import { type AppOptions, appOptions } from './app-options.ts';
import type { Painted } from './early.ts';
import { help } from './help.ts';
import { enterSandbox, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { version } from './version.ts';

/**
 * Opens the app, or prints its view once where there is no terminal. `painted`: the first paint that is on the screen.
 *
 * @returns the exit code
 */
export async function openApp(argv: readonly string[], painted?: Painted): Promise<number> {
  const options = appOptions(argv);
  if (options.help || options.version) {
    process.stdout.write(options.help ? help : `${version}\n`);
    return 0;
  }
  if (options.resetTerminal) return (await import('./reset-terminal.ts')).resetTerminal(process.stdout);
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  // A line after the other needs no terminal: whoever pipes commands in is answered too.
  if (options.once || (!terminal && !options.linear)) return printOnce(options);
  const { TERM: kind, INK_SCREEN_READER: reader } = process.env;
  return runUntilQuit({ ...options, linear: options.linear || kind === 'dumb' || reader === 'true' }, painted);
}

/** A sandbox, entered. @throws SandboxError */
async function sandboxFor(flags: readonly string[]): Promise<SandboxProcess> {
  const sandbox = await startSandboxProcess(flags);
  enterSandbox(sandbox);
  return sandbox;
}

async function printOnce(options: AppOptions): Promise<number> {
  if (options.offline)
    throw new UsageError('--offline is for the app: it needs a terminal, and neither --once nor --output nor --view');
  const sandbox = options.sandbox && (await sandboxFor(options.sandbox));
  try {
    const { printView } = await import('./print-view.ts');
    const code = await printView(options, sandbox?.regions);
    // Whoever asked for it once knows.
    if (!options.once)
      process.stderr.write(
        'podid-tui: this is no terminal, so the view was printed once; run podid-tui in one to open the app.\n',
      );
    return code;
  } finally {
    await sandbox?.stop();
  }
}

/** The app, until the user has had enough of it; from a world without credentials it may go on in the sandbox. */
async function runUntilQuit(options: AppOptions, painted: Painted | undefined): Promise<number> {
  // The sandbox's process starts while the screens are loaded; it is stopped whatever fails then.
  let sandbox = options.sandbox && settling(sandboxFor(options.sandbox));
  try {
    const { runSession } = await withAllColours(() => import('./session.ts')).catch(error => {
      painted?.undo();
      throw error;
    });
    let report = await runSession(options, sandbox, undefined, painted);
    let chosen: ChosenProfiles | undefined;
    while (report.next) {
      if (report.next === 'sandbox') {
        sandbox = settling(sandboxFor([]));
        chosen = undefined;
      } else chosen = report.next;
      report = await runSession(options, sandbox, chosen);
    }
    for (const line of report.lines) process.stdout.write(`${line}\n`);
    return report.exitCode;
  } finally {
    await sandbox?.then(
      started => started.stop(),
      () => {},
    );
  }
}

/**
 * Ink's colours come from a library that looks once, as it is loaded, at what the terminal can do. What is right here is
 * for the theme to say: it names colours that the terminal has.
 */
async function withAllColours<T>(load: () => Promise<T>): Promise<T> {
  const { env } = process;
  const before = env.FORCE_COLOR;
  env.FORCE_COLOR = '3';
  try {
    return await load();
  } finally {
    if (before === undefined) delete env.FORCE_COLOR;
    else env.FORCE_COLOR = before;
  }
}

/** Its failure is heard by whoever awaits it, however late that is. */
function settling<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
