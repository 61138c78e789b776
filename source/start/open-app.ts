import { type AppOptions, appOptions } from './app-options.ts';
import { firstPaint, undoFirstPaint } from './first-paint.ts';
import { help } from './help.ts';
import { enterSandbox, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { version } from './version.ts';

/**
 * Opens the app, or prints its view once where there is no terminal.
 *
 * @returns the exit code
 */
export async function openApp(argv: readonly string[]): Promise<number> {
  const options = appOptions(argv);
  if (options.help || options.version) {
    process.stdout.write(options.help ? help : `${version}\n`);
    return 0;
  }
  const terminal = process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
  return options.once || !terminal ? printOnce(options, Boolean(terminal)) : runUntilQuit(options);
}

/** The sandbox that the options name, entered; nothing where they name none. */
async function sandboxFor(flags: readonly string[] | undefined): Promise<SandboxProcess | undefined> {
  if (!flags) return undefined;
  const sandbox = await startSandboxProcess(flags);
  enterSandbox(sandbox);
  return sandbox;
}

async function printOnce(options: AppOptions, terminal: boolean): Promise<number> {
  const sandbox = await sandboxFor(options.sandbox);
  try {
    const { printView } = await import('./print-view.ts');
    const code = await printView(options, sandbox?.regions);
    if (!terminal)
      process.stderr.write(
        'podid-tui: this is no terminal, so the view was printed once; run it in one to open the app.\n',
      );
    return code;
  } finally {
    await sandbox?.stop();
  }
}

/** The app, until the user has had enough of it; from a world without credentials it may go on in the sandbox. */
async function runUntilQuit(options: AppOptions): Promise<number> {
  const startSandbox = options.sandbox ?? undefined;
  firstPaint(process.stdout, startSandbox ? 'starting the sandbox' : 'starting');
  let sandbox: SandboxProcess | undefined;
  let drawn = false;
  try {
    // Loading the screens and starting the sandbox's process go on side by side.
    const [{ runSession }, started] = await Promise.all([import('./session.ts'), sandboxFor(startSandbox)]);
    sandbox = started;
    drawn = true;
    let report = await runSession(options, sandbox);
    if (report.next === 'sandbox') {
      sandbox = await sandboxFor([]);
      report = await runSession(options, sandbox);
    }
    for (const line of report.lines) process.stdout.write(`${line}\n`);
    return report.exitCode;
  } finally {
    if (!drawn) undoFirstPaint(process.stdout);
    await sandbox?.stop();
  }
}
