import type { Cluster } from '../identity/facts.ts';
import type { World } from '../read/world.ts';
import { PortError } from '../run/ports.ts';
import type { CommandContext } from './command.ts';
import { namedCluster } from './connect.ts';

/** Milliseconds between two looks: creating a cluster takes about ten minutes. */
const interval = 10_000;

/** Milliseconds without `--timeout`; eksctl gives a cluster 25 minutes. */
const patience = 30 * 60_000;

/** EKS answers for these (EKS API reference, Cluster: status); others have no API to associate with yet, or no more. */
const usable = ['ACTIVE', 'UPDATING'];
const coming = ['CREATING', 'PENDING'];

/**
 * The cluster of a name or an ARN, ready to be worked on. With `wait` it is waited for, be it that it is being created or
 * not there yet.
 *
 * @throws PortError or Error when there is none, or it is not ready and will not be
 */
export async function readyCluster(
  world: World,
  nameOrArn: string,
  { clock, signal, stderr }: CommandContext,
  { wait, bounded }: { readonly wait: boolean; readonly bounded: boolean },
): Promise<Cluster> {
  const until = bounded ? Number.POSITIVE_INFINITY : clock.now() + patience;
  let told = '';
  for (;;) {
    const look = await lookFor(world, nameOrArn, signal, wait);
    if (look !== 'missing' && usable.includes(look.status)) return look;
    const state = look === 'missing' ? 'is not there yet' : `is ${look.status}`;
    if (look !== 'missing' && !coming.includes(look.status)) throw new Error(`cluster ${nameOrArn} ${state}`);
    if (!wait)
      throw new Error(`cluster ${nameOrArn} ${state}: wait until it is ACTIVE, or let --wait-for-cluster do so`);
    if (clock.now() >= until) throw new Error(`cluster ${nameOrArn} ${state} after ${patience / 60_000} minutes`);
    if (state !== told) stderr.write(`cluster ${nameOrArn} ${state}: waiting until it is ACTIVE\n`);
    told = state;
    await clock.sleep(interval, signal);
  }
}

async function lookFor(world: World, name: string, signal: AbortSignal, wait: boolean): Promise<Cluster | 'missing'> {
  try {
    return await namedCluster(world, name, { signal });
  } catch (error) {
    if (wait && error instanceof PortError && error.failure.kind === 'not-found') return 'missing';
    throw error;
  }
}
