import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { Clock } from '../run/clock.ts';

/**
 * 0 done (or planned, or nothing to do), 1 failed, 2 wrong usage, 3 partly done, held back or not readable; 4 a plan
 * with changes, for `--exit-code` alone.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** The command line, or a file it names, cannot be understood; each problem is one sentence. Exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly problems: readonly [string, ...string[]];
  constructor(problem: string, ...more: readonly string[]) {
    super([problem, ...more].join('; '));
    this.problems = [problem, ...more];
  }
}

/** Tells all that is wrong at once. @throws UsageError when anything is */
export function refuse(problems: readonly string[]): void {
  const [first, ...more] = problems;
  if (first !== undefined) throw new UsageError(first, ...more);
}

type Sink = { write(text: string): unknown };

/** What a command gets from the process: data goes to `stdout`, everything else to `stderr`. */
export type CommandContext = {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted by ctrl-c or `--timeout`: starts nothing new, finishes what is in flight. */
  readonly signal: AbortSignal;
  /** Aborted by a second ctrl-c, SIGTERM or SIGHUP: ends at once. */
  readonly stopNow?: AbortSignal;
  /** The tool's own. */
  readonly version: string;
  /** What `--config-file -` reads; absent: there is nothing to read. */
  readonly stdin?: AsyncIterable<string | Uint8Array>;
  /** Where to look when no flag says so: the regions of the sandbox. Absent: what the AWS settings say. */
  readonly regions?: readonly string[];
};

export type Flags = NonNullable<ParseArgsConfig['options']>;

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>> & {
  /** Words that are no flags, in order. */
  readonly words?: readonly string[];
};

export type WordFlags = Readonly<Record<string, string>>;

/** One one-shot command: thin, it reads, plans, runs and prints. */
export type Command = {
  readonly usage: string;
  readonly flags: Flags;
  /** Boolean flags that may be followed by a word, and the flag that the word is then the value of. */
  readonly takesWord?: WordFlags;
  /** How many words besides flags it takes at most; absent: none. */
  readonly mostWords?: number;
  run(values: Values, context: CommandContext): Promise<ExitCode>;
};

/**
 * Parses flags strictly: unknown ones and stray words are usage errors. `--flag=false` and `--no-flag` mean false; a flag
 * that is said to be both is one too.
 *
 * @param mostWords how many words that are no flags may be there
 * @throws UsageError with one sentence
 */
export function parseFlags(argv: readonly string[], flags: Flags, mostWords = 0, takesWord: WordFlags = {}): Values {
  try {
    const args = wordsNamed(argv, takesWord).flatMap(explicitBoolean(flags)).map(attachedValue(flags));
    const settings = {
      args,
      options: flags,
      allowNegative: true,
      allowPositionals: mostWords > 0,
      tokens: true,
    } as const;
    const { values, positionals, tokens } = parseArgs(settings);
    const [stray] = positionals.slice(mostWords);
    if (stray !== undefined) throw new Error(`Unexpected argument '${stray}'`);
    const said = new Set(tokens.flatMap(token => (token.kind === 'option' ? [token.rawName] : [])));
    const both = [...said].find(raw => raw.startsWith('--no-') && said.has(`--${raw.slice('--no-'.length)}`));
    if (both !== undefined) throw new Error(`--${both.slice('--no-'.length)} and ${both} contradict each other`);
    return { ...values, ...(mostWords > 0 ? { words: positionals } : {}) } as Values;
  } catch (error) {
    throw new UsageError(firstSentence(error));
  }
}

/**
 * `parseArgs` knows no flag with a value that may be left out: `--approve FILE` and `--approve=FILE` are written as
 * `--approve --plan FILE`. A command takes no stray words, so the word after the flag can be nothing else.
 */
function wordsNamed(argv: readonly string[], takesWord: WordFlags): readonly string[] {
  return argv.flatMap((argument, index) => {
    const [name = '', given] = argument.startsWith('--') ? split(argument.slice(2)) : [];
    const target = takesWord[name];
    if (target !== undefined && given !== undefined && given !== 'true' && given !== 'false')
      return [`--${name}`, `--${target}=${given}`];
    const before = argv[index - 1] ?? '';
    const named = before.startsWith('--') ? takesWord[before.slice(2)] : undefined;
    return named !== undefined && !argument.startsWith('-') ? [`--${named}=${argument}`] : [argument];
  });
}

const split = (flag: string): readonly [string, string?] => {
  const at = flag.indexOf('=');
  return at < 0 ? [flag] : [flag.slice(0, at), flag.slice(at + 1)];
};

/**
 * `parseArgs` refuses a value for a boolean flag; users of eksctl write `--approve=true` and `--disable-session-tags=false`.
 * A negation that is negated, `--no-flag=false`, says nothing.
 */
const explicitBoolean = (flags: Flags) => (argument: string) => {
  const match = /^--(no-)?([a-z-]+)=(true|false)$/.exec(argument);
  const [, no, name, value] = match ?? [];
  if (!name || flags[name]?.type !== 'boolean') return [argument];
  if (no) return value === 'true' ? [`--no-${name}`] : [];
  return [value === 'true' ? `--${name}` : `--no-${name}`];
};

/** `-c=NAME` is `-c NAME` to eksctl's parser (pflag); `parseArgs` takes the sign as part of the value. */
const attachedValue = (flags: Flags) => (argument: string) => {
  const match = /^-([a-zA-Z])=(.*)$/s.exec(argument);
  const flag = Object.values(flags).find(({ short }) => short !== undefined && short === match?.[1]);
  return match && flag?.type === 'string' ? `-${match[1]}${match[2]}` : argument;
};

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\.\s/)[0]?.replace(/\.$/, '') ?? message;
}

/** What a text flag says, an empty text too; undefined: it is not there. */
export const given = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

export const text = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const on = (values: Values, name: string): boolean => values[name] === true;

/** A repeatable or comma-separated flag as a list without blanks and doubles. */
export function list(values: Values, name: string): readonly string[] {
  const value = values[name];
  const said = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const words = said.flatMap(word => String(word).split(',')).map(word => word.trim());
  return [...new Set(words.filter(word => word !== ''))];
}

/** A flag that must be there. @throws UsageError */
export function required(values: Values, name: string): string {
  const value = text(values, name);
  if (value === undefined) throw new UsageError(`--${name} must be set`);
  return value;
}

/** One of a few words. @throws UsageError that lists them */
export function oneOf<const Choice extends string>(
  values: Values,
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const value = text(values, name);
  if (value === undefined) return otherwise;
  const choice = choices.find(candidate => candidate === value);
  if (!choice) throw new UsageError(`--${name} must be one of ${choices.join(', ')}, not "${value}"`);
  return choice;
}

/** `90`, `30s`, `25m`, `1h`: a duration in milliseconds; a bare number is seconds. @throws UsageError */
export function duration(values: Values, name: string): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value);
  if (!match) throw new UsageError(`--${name} must be a duration such as 90s or 25m, not "${value}"`);
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1_000;
  return Number(match[1]) * unit;
}
