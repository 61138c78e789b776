/** Commands in this process, for what is decided before a world is opened. */
import { apply } from '../../source/commands/apply.ts';
import { type Command, type CommandContext, parseFlags, UsageError } from '../../source/commands/command.ts';
import { create } from '../../source/commands/create.ts';
import { deleteAssociations } from '../../source/commands/delete.ts';
import { get } from '../../source/commands/get.ts';
import { migrate } from '../../source/commands/migrate.ts';
import { update } from '../../source/commands/update.ts';
import { FakeClock } from '../aws/fake-clock.ts';

const commands: Readonly<Record<string, Command>> = {
  apply,
  create,
  delete: deleteAssociations,
  get,
  migrate,
  update,
};

export function sink() {
  const parts: string[] = [];
  return { write: (text: string) => parts.push(text), text: () => parts.join('') };
}

export function fakeContext(stdin: string): CommandContext & {
  readonly stdout: ReturnType<typeof sink>;
  readonly stderr: ReturnType<typeof sink>;
} {
  return {
    stdin: (async function* () {
      yield stdin;
    })(),
    stdout: sink(),
    stderr: sink(),
    environment: {},
    clock: new FakeClock(),
    signal: new AbortController().signal,
    version: 'test',
  };
}

/** What is wrong with a command line, problem by problem. Fails when nothing is: no world is opened here. */
export async function problemsOf(words: readonly string[], stdin = ''): Promise<readonly string[]> {
  const [name = '', ...argv] = words;
  const command = commands[name];
  if (!command) throw new Error(`there is no command ${name} here`);
  const flags = { ...command.flags, region: { type: 'string', short: 'r', multiple: true } } as const;
  try {
    await command.run(parseFlags(argv, flags, command.mostWords, command.takesWord), fakeContext(stdin));
  } catch (error) {
    if (error instanceof UsageError) return error.problems;
    throw error;
  }
  throw new Error(`${words.join(' ')} is not refused`);
}
