import { type Command, type CommandContext, parseFlags, UsageError } from '../commands/command.ts';
import { plainText } from '../identity/plain-text.ts';
import { systemClock } from '../run/clock.ts';
import { surviveClosedPipes } from './closed-pipes.ts';
import { sandboxHelp } from './help.ts';
import { chosenSandbox, sandboxFlags } from './sandbox-options.ts';
import { enterSandbox, startSandboxProcess } from './sandbox-process.ts';

/** Loaded only when named: a command pays for what it uses. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('../commands/migrate.ts')).migrate,
};

/**
 * Runs what the command line asks for.
 *
 * @returns the exit code of design: 0 done, 1 failed, 2 wrong usage, 3 partly done
 */
export async function main(argv: readonly string[]): Promise<number> {
  surviveClosedPipes(process.stdout, process.stderr);
  try {
    const [first, ...rest] = argv;
    if (first === 'sandbox') return await serveSandbox(rest);
    if (first !== undefined && !first.startsWith('-')) return await command(first, rest);
    return await (await import('./open-app.ts')).openApp(argv);
  } catch (error) {
    return report(error);
  }
}

/** The sandbox knows nothing of this program's help: its options are the app's. */
async function serveSandbox(argv: readonly string[]): Promise<number> {
  if (asksForHelp(argv)) {
    process.stdout.write(sandboxHelp);
    return 0;
  }
  return (await import('../sandbox/main.ts')).sandboxMain(argv);
}

const asksForHelp = (argv: readonly string[]): boolean => argv.includes('--help') || argv.includes('-h');

/** The first of these stops a run after what is in flight; a second one ends the process as usual. */
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function command(name: string, argv: readonly string[]): Promise<number> {
  const load = commands[name];
  if (!load) {
    const known = ['sandbox', ...Object.keys(commands)].join(', ');
    throw new UsageError(`there is no command "${name}"; there are: ${known}`);
  }
  const found = await load();
  if (asksForHelp(argv)) {
    process.stdout.write(found.usage);
    return 0;
  }
  const values = parseFlags(argv, { ...found.flags, ...sandboxFlags, sandbox: { type: 'boolean' } });
  const shape = chosenSandbox(values);
  const sandbox = shape ? await startSandboxProcess(shape) : undefined;
  if (sandbox) enterSandbox(sandbox);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  for (const signal of ends) process.once(signal, interrupt);
  try {
    return await found.run(values, context(stop.signal));
  } finally {
    for (const signal of ends) process.off(signal, interrupt);
    await sandbox?.stop();
  }
}

const context = (signal: AbortSignal): CommandContext => ({
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  clock: systemClock,
  signal,
});

/** Characters; a sentence may list the ARNs of several clusters. */
const longest = 2_000;

/** One sentence and an exit code for anything that ends a command; a stack only when asked for by PODID_TUI_DEBUG. */
export function report(error: unknown): number {
  const usage = error instanceof UsageError;
  const message = plainText(error instanceof Error ? error.message : String(error), longest);
  process.stderr.write(`podid-tui: ${message}\n`);
  if (usage) process.stderr.write('Try podid-tui --help.\n');
  if (process.env.PODID_TUI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return usage ? 2 : 1;
}
