import { type Command, type CommandContext, parseFlags, UsageError } from '../commands/command.ts';
import { plainText } from '../identity/plain-text.ts';
import { systemClock } from '../run/clock.ts';
import { surviveClosedPipes } from './closed-pipes.ts';
import type { Painted } from './early.ts';
import { sandboxHelp } from './help.ts';
import { chosenSandbox, sandboxFlags } from './sandbox-options.ts';
import { version } from './version.ts';

/** Loaded only when named: a command pays for what it uses. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  get: async () => (await import('../commands/get.ts')).get,
  create: async () => (await import('../commands/create.ts')).create,
  update: async () => (await import('../commands/update.ts')).update,
  delete: async () => (await import('../commands/delete.ts')).deleteAssociations,
  apply: async () => (await import('../commands/apply.ts')).apply,
  export: async () => (await import('../commands/export.ts')).exportAssociations,
  migrate: async () => (await import('../commands/migrate.ts')).migrate,
  resume: async () => (await import('../commands/resume.ts')).resume,
  runs: async () => (await import('../commands/runs.ts')).runs,
  undo: async () => (await import('../commands/undo.ts')).undo,
};

/**
 * Runs what the command line asks for. `painted`: the first paint that is on the screen already.
 *
 * @returns the exit code of design: 0 done, 1 failed, 2 wrong usage, 3 partly done
 */
export async function main(argv: readonly string[], painted?: Painted): Promise<number> {
  surviveClosedPipes(process.stdout, process.stderr);
  const [first, ...rest] = argv;
  try {
    if (first === 'sandbox') return await serveSandbox(rest);
    if (first !== undefined && !first.startsWith('-')) return await command(first, rest);
    return await (await import('./open-app.ts')).openApp(argv, painted);
  } catch (error) {
    painted?.undo();
    return report(error, first !== undefined && Object.hasOwn(commands, first) ? first : undefined);
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

async function command(name: string, argv: readonly string[]): Promise<number> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const known = ['sandbox', ...Object.keys(commands)].join(', ');
    throw new UsageError(`there is no command "${name}"; there are: ${known}`);
  }
  const found = await load();
  if (asksForHelp(argv)) {
    process.stdout.write(found.usage);
    return 0;
  }
  const flags = { ...found.flags, ...sandboxFlags, sandbox: { type: 'boolean' } } as const;
  const values = parseFlags(argv, flags, found.mostWords, found.takesWord);
  const shape = chosenSandbox(values);
  const sandbox = shape && (await sandboxFor(shape));
  const stops = listenForStops();
  try {
    return await found.run(values, context(stops, sandbox?.regions));
  } finally {
    stops.forget();
    await sandbox?.stop();
  }
}

async function sandboxFor(shape: readonly string[]) {
  const { enterSandbox, startSandboxProcess } = await import('./sandbox-process.ts');
  const sandbox = await startSandboxProcess(shape, 'kept');
  enterSandbox(sandbox);
  return sandbox;
}

type Stops = { readonly signal: AbortSignal; readonly stopNow: AbortSignal; forget(): void };

/** The first ctrl-c stops after what is in flight; the second, and a request to end from outside, stop at once. */
function listenForStops(): Stops {
  const soon = new AbortController();
  const now = new AbortController();
  const interrupt = () => {
    if (soon.signal.aborted) return end();
    soon.abort();
    process.stderr.write('podid-tui: stopping after what is in flight; ctrl-c again stops at once\n');
  };
  const end = () => {
    soon.abort();
    now.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', end).on('SIGHUP', end);
  return {
    signal: soon.signal,
    stopNow: now.signal,
    forget: () => {
      process.off('SIGINT', interrupt).off('SIGTERM', end).off('SIGHUP', end);
    },
  };
}

const context = ({ signal, stopNow }: Stops, regions: readonly string[] | undefined): CommandContext => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  clock: systemClock,
  signal,
  stopNow,
  version,
  ...(regions ? { regions } : {}),
});

/** Characters; a sentence may list the ARNs of several clusters. */
const longest = 2_000;

/** A sentence a problem and an exit code for anything that ends a command; a stack only when asked for by PODID_TUI_DEBUG. */
export function report(error: unknown, command?: string): number {
  const usage = error instanceof UsageError;
  const problems = usage ? error.problems : [error instanceof Error ? error.message : String(error)];
  for (const problem of problems) process.stderr.write(`podid-tui: ${plainText(problem, longest)}\n`);
  if (usage) process.stderr.write(`Try podid-tui ${command === undefined ? '' : `${command} `}--help.\n`);
  if (process.env.PODID_TUI_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return usage ? 2 : 1;
}
