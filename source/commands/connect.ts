import type { Cluster } from '../identity/facts.ts';
import { openWorld, type World, type WorldSettings } from '../read/world.ts';
import type { Clock } from '../run/clock.ts';
import { type CallOptions, PortError, type RequestListener } from '../run/ports.ts';
import { type Flags, list, text, UsageError, type Values } from './command.ts';

/** Flags of every command that looks at AWS. */
export const connectionFlags = {
  profile: { type: 'string', short: 'p' },
  region: { type: 'string', short: 'r', multiple: true },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
} as const satisfies Flags;

export const connectionUsage = `  --profile P[,P...]     AWS profiles (default: AWS_PROFILE, then the default chain)
  --region R[,R...]      regions to look in (default: AWS_REGION, then the profile's)
  --kubeconfig FILE      kubeconfig for the Kubernetes API; --context NAME picks one of its contexts
`;

/** What the flags say about where to look; `regions` is what is used when no flag names any. */
export function worldSettings(
  values: Values,
  clock: Clock,
  also: {
    readonly regions?: readonly string[];
    readonly profiles?: readonly string[];
    readonly onRequest?: RequestListener;
  } = {},
): WorldSettings {
  const profiles = also.profiles ?? list(values, 'profile');
  const path = text(values, 'kubeconfig');
  const context = text(values, 'context');
  const named = list(values, 'region');
  const regions = named.length > 0 ? named : (also.regions ?? []);
  const kubeconfig = { ...(path ? { path } : {}), ...(context ? { context } : {}) };
  return {
    clock,
    regions,
    ...(profiles.length > 0 ? { profiles } : {}),
    ...(path || context ? { kubeconfig } : {}),
    ...(also.onRequest ? { onRequest: also.onRequest } : {}),
  };
}

/** Opens what the flags name for the time of `work`, and closes it whatever comes. @throws PortError */
export async function withWorld<T>(settings: WorldSettings, work: (world: World) => Promise<T>): Promise<T> {
  const world = await openWorld(settings);
  try {
    return await work(world);
  } finally {
    world.close();
  }
}

/**
 * The cluster that `--cluster` names. @throws UsageError when the name fits several, which are listed, or can be no
 * cluster's; PortError when there is none or nobody can tell
 */
export async function namedCluster(world: World, nameOrArn: string, options: CallOptions = {}): Promise<Cluster> {
  try {
    return await world.findCluster(nameOrArn, options);
  } catch (error) {
    if (error instanceof PortError && error.failure.kind === 'invalid') throw new UsageError(error.failure.message);
    throw error;
  }
}
