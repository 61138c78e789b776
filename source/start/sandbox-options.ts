import type { ParseArgsConfig } from 'node:util';

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
export function sandboxArguments(values: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(sandboxFlags).flatMap(name => {
    const value = values[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
}
