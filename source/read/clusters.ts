import type { Cluster } from '../identity/facts.ts';
import type { Reading } from '../identity/reading.ts';
import type { Clock } from '../run/clock.ts';
import type { CallOptions, EksPort } from '../run/ports.ts';
import { attempt } from './attempt.ts';
import { asTheyCome } from './streams.ts';

export type ClusterEntry = { readonly name: string; readonly cluster: Reading<Cluster> };

/**
 * The clusters of one account and region, each as soon as it is described. One that cannot be described comes as a
 * failed reading; one that was deleted since it was listed does not come. Throws `PortError` when they cannot be listed.
 */
export async function* readClusters(
  eks: EksPort,
  clock: Clock,
  options: CallOptions = {},
): AsyncGenerator<ClusterEntry> {
  const describe = async (name: string): Promise<ClusterEntry> => ({
    name,
    cluster: await attempt(clock, () => eks.describeCluster(name, options)),
  });
  for await (const entry of asTheyCome(eks.listClusters(options), describe)) {
    if (!isGone(entry.cluster)) yield entry;
  }
}

export const isGone = (reading: Reading<unknown>): boolean =>
  reading.state === 'failed' && reading.failure.kind === 'not-found';
