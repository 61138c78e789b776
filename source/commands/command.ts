import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';
import type { Clock } from '../run/clock.ts';

/** 0 done (or planned, or nothing to do), 1 failed, 2 wrong usage, 3 partly done, held back or not readable. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The command line cannot be understood; the message is one sentence that says what to do. Exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Sink = { write(text: string): unknown };

/** What a command gets from the process: data goes to `stdout`, everything else to `stderr`. */
export type CommandContext = {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted by ctrl-c, SIGTERM, SIGHUP or `--timeout`. */
  readonly signal: AbortSignal;
};

export type Flags = NonNullable<ParseArgsConfig['options']>;

export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** One one-shot command: thin, it reads, plans, runs and prints. */
export type Command = {
  readonly usage: string;
  readonly flags: Flags;
  run(values: Values, context: CommandContext): Promise<ExitCode>;
};

/**
 * Parses flags strictly: unknown ones and stray words are usage errors. `--flag=false` and `--no-flag` mean false.
 *
 * @throws UsageError with one sentence
 */
export function parseFlags(argv: readonly string[], flags: Flags): Values {
  try {
    const { values } = parseArgs({ args: argv.flatMap(explicitBoolean(flags)), options: flags, allowNegative: true });
    return values as Values;
  } catch (error) {
    throw new UsageError(firstSentence(error));
  }
}

/** `parseArgs` refuses a value for a boolean flag; users of eksctl write `--approve=true` and `--disable-session-tags=false`. */
const explicitBoolean = (flags: Flags) => (argument: string) => {
  const match = /^--([a-z-]+)=(true|false)$/.exec(argument);
  const name = match?.[1];
  if (!name || flags[name]?.type !== 'boolean') return [argument];
  return [match[2] === 'true' ? `--${name}` : `--no-${name}`];
};

function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('. ')[0]?.replace(/\.$/, '') ?? message;
}

export const text = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const on = (values: Values, name: string): boolean => values[name] === true;

/** A repeatable or comma-separated flag as a list without blanks and doubles. */
export function list(values: Values, name: string): readonly string[] {
  const value = values[name];
  const given = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const words = given.flatMap(word => String(word).split(',')).map(word => word.trim());
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
