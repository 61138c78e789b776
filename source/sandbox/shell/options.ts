import { parseArgs } from 'node:util';
import { type WorldOptions, worldNames } from '../worlds/worlds.ts';

/** What `podid-tui sandbox` was asked for. */
export type SandboxCommand = {
  readonly port: number;
  readonly world: WorldOptions;
  /** Serve nothing: carry out another tool's migration and tell what it costs. */
  readonly replay?: { readonly cluster?: string };
};

/** Wrong usage; the message is one sentence for a person. */
export class SandboxUsageError extends Error {
  override readonly name = 'SandboxUsageError';
}

const flags = {
  port: { type: 'string' },
  world: { type: 'string' },
  clusters: { type: 'string' },
  associations: { type: 'string' },
  latency: { type: 'string' },
  throttle: { type: 'string' },
  'fault-rate': { type: 'string' },
  consistency: { type: 'string' },
  seed: { type: 'string' },
  replay: { type: 'string' },
  cluster: { type: 'string' },
} as const;

/** In the whole fleet; each takes about 3 kB with its service account. */
const mostAssociations = 500_000;

type Values = Readonly<Partial<Record<keyof typeof flags, string>>>;

/** Reads the flags of `podid-tui sandbox`; throws `SandboxUsageError`. */
export function parseSandboxArguments(argv: readonly string[]): SandboxCommand {
  const values = parse(argv);
  const world = values.world ?? 'demo';
  const name = worldNames.find(each => each === world);
  if (!name) throw new SandboxUsageError(`--world is one of ${worldNames.join(', ')}, not ${quoted(world)}.`);
  if (name !== 'fleet' && (values.clusters !== undefined || values.associations !== undefined)) {
    throw new SandboxUsageError('--clusters and --associations belong to --world fleet.');
  }
  const clusters = whole(values, 'clusters', 1, 1_000, 100);
  const associations = whole(values, 'associations', 0, 5_000, 100);
  if (clusters * associations > mostAssociations) {
    throw new SandboxUsageError(`--clusters times --associations is at most ${mostAssociations}: memory has an end.`);
  }
  if (values.replay !== undefined && values.replay !== 'eksctl') {
    throw new SandboxUsageError(`--replay knows eksctl, not ${quoted(values.replay)}.`);
  }
  if (values.cluster !== undefined && values.replay === undefined) {
    throw new SandboxUsageError('--cluster belongs to --replay: it names the cluster that is migrated.');
  }
  const replay = { ...(values.cluster === undefined ? {} : { cluster: values.cluster }) };
  return {
    ...(values.replay === undefined ? {} : { replay }),
    port: whole(values, 'port', 0, 65_535, 0),
    world: {
      name,
      clusters,
      associations,
      seed: whole(values, 'seed', 0, 2 ** 32 - 1, 1),
      faults: {
        latency: whole(values, 'latency', 0, 60_000, 0),
        throttle: number(values, 'throttle', 0, 1_000_000, 0),
        rate: number(values, 'fault-rate', 0, 1, 0),
        consistency: whole(values, 'consistency', 0, 600_000, 0),
      },
    },
  };
}

function parse(argv: readonly string[]): Values {
  try {
    return parseArgs({ args: [...argv], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SandboxUsageError(`${reason.split(/[.\n]/)[0]}.`);
  }
}

function whole(values: Values, flag: keyof Values, least: number, most: number, otherwise: number): number {
  const value = number(values, flag, least, most, otherwise);
  if (!Number.isInteger(value)) throw refused(values, flag, `a whole number from ${least} to ${most}`);
  return value;
}

function number(values: Values, flag: keyof Values, least: number, most: number, otherwise: number): number {
  const text = values[flag];
  if (text === undefined) return otherwise;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw refused(values, flag, `a number from ${least} to ${most}`);
  return value;
}

function refused(values: Values, flag: keyof Values, wanted: string): SandboxUsageError {
  return new SandboxUsageError(`--${flag} takes ${wanted}, not ${quoted(values[flag] ?? '')}.`);
}

/** As JSON: whatever was typed reaches the terminal without its control characters. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
