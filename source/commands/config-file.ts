import { readFile } from 'node:fs/promises';
import type { ConfigMode, ConfigOf } from '../files/cluster-config/model.ts';
import { parseClusterConfig } from '../files/cluster-config/parse.ts';
import { plainText } from '../identity/plain-text.ts';
import { type CommandContext, type Flags, required, UsageError, type Values } from './command.ts';

export const configFlags = { 'config-file': { type: 'string', short: 'f' } } as const satisfies Flags;

/** Flags that say what a file says: eksctl refuses some of them beside a file and ignores others; here none is ignored. */
export const incompatibleWithFile = (values: Values, flags: Flags): readonly string[] =>
  Object.keys(flags)
    .filter(name => values[name] !== undefined)
    .map(name => `cannot use --${name} when --config-file/-f is set`);

/**
 * The ClusterConfig that `--config-file` names. What has no effect is told on stderr.
 *
 * @throws UsageError with everything that is wrong with the file, each with its line and column
 */
export async function configOf<M extends ConfigMode>(
  values: Values,
  mode: M,
  context: CommandContext,
): Promise<ConfigOf[M]> {
  const file = required(values, 'config-file');
  const parsed = parseClusterConfig(await contentOf(file, context), file, { mode });
  const name = file === '-' ? 'standard input' : file;
  if (!parsed.ok) {
    const [first = `${name} is refused`, ...more] = parsed.errors.map(error => placed(name, error));
    throw new UsageError(first, ...more);
  }
  for (const warning of parsed.warnings) context.stderr.write(`warning: ${plainText(placed(name, warning), 600)}\n`);
  return parsed.value;
}

type Placed = { readonly line: number; readonly column: number; readonly message: string };

const placed = (file: string, { line, column, message }: Placed): string => `${file}:${line}:${column}: ${message}`;

async function contentOf(file: string, { stdin }: CommandContext): Promise<string> {
  if (file === '-') return stdin ? all(stdin) : '';
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`loading config file "${file}": ${code}`);
  }
}

async function all(stream: AsyncIterable<string | Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
  return Buffer.concat(parts).toString('utf8');
}
