import type { PodCount } from '../ui/controller/witness.ts';

/** What `GET /_sandbox/pods` answers for each cluster (documented in source/sandbox/cluster/pod-count.ts). */
type Answer = {
  readonly pods: number;
  readonly byMechanism: Readonly<Record<'irsa' | 'pod-identity' | 'none', number>>;
  readonly lost: number;
  readonly neverHad: number;
};

/** The count that an answer tells; undefined: there is no such cluster. */
export const readCount = (answer: unknown): PodCount | undefined => {
  const [first] = answer as readonly Answer[];
  if (!first) return undefined;
  const { pods, byMechanism, lost, neverHad } = first;
  return { pods, webIdentity: byMechanism.irsa, podIdentity: byMechanism['pod-identity'], lost, neverHad };
};

/** Asks the sandbox at `endpoint` how the pods of a cluster fare. Rejects where it does not answer. */
export async function askOracle(endpoint: string, cluster: string, signal: AbortSignal): Promise<PodCount> {
  const response = await fetch(`${endpoint}/_sandbox/pods?cluster=${encodeURIComponent(cluster)}`, { signal });
  const count = response.ok ? readCount(await response.json()) : undefined;
  if (!count) throw new Error(`the sandbox does not know cluster ${cluster}`);
  return count;
}
