import type { ParseArgsConfig } from 'node:util';
import { on, UsageError, type Values } from '../commands/command.ts';

/** The flags that shape the sandbox, wherever it is asked for: `podid-tui sandbox` and `--sandbox`. */
export const sandboxFlags = {
  world: { type: 'string' },
  clusters: { type: 'string' },
  associations: { type: 'string' },
  latency: { type: 'string' },
  throttle: { type: 'string' },
  'fault-rate': { type: 'string' },
  consistency: { type: 'string' },
  seed: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** The same flags as given, to hand on to the sandbox process, which checks them. */
function sandboxArguments(values: Values): string[] {
  return Object.keys(sandboxFlags).flatMap(name => {
    const value = values[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
}

/**
 * The flags for the sandbox process, or nothing without `--sandbox`. A shape without the sandbox is refused: whoever
 * writes `--world docs` means the sandbox, and would otherwise be at work on a real account.
 *
 * @throws UsageError
 */
export function chosenSandbox(values: Values): readonly string[] | undefined {
  const shape = sandboxArguments(values);
  if (on(values, 'sandbox')) return shape;
  if (shape.length > 0) throw new UsageError(`${shape[0]} needs --sandbox`);
  return undefined;
}
