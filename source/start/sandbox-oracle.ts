import type { PodCount } from '../ui/controller/witness.ts';

/** What `GET /_sandbox/pods` answers for each cluster (documented in source/sandbox/cluster/pod-count.ts). */
type Answer = {
  readonly pods: number;
  readonly byMechanism: Readonly<Record<'irsa' | 'pod-identity' | 'none', number>>;
  readonly lost: number;
  readonly neverHad: number;
};

/** Asks the sandbox at `endpoint` how the pods of a cluster fare. Rejects where it does not answer. */
export async function askOracle(endpoint: string, cluster: string, signal: AbortSignal): Promise<PodCount> {
  const response = await fetch(`${endpoint}/_sandbox/pods?cluster=${encodeURIComponent(cluster)}`, { signal });
  const [answer] = (await response.json()) as readonly Answer[];
  if (!response.ok || !answer) throw new Error(`the sandbox does not know cluster ${cluster}`);
  const { pods, byMechanism, lost, neverHad } = answer;
  return { pods, webIdentity: byMechanism.irsa, podIdentity: byMechanism['pod-identity'], lost, neverHad };
}
