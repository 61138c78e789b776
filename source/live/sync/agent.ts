import type { AgentState, Cluster } from '../../identity/facts.ts';
import { type CallOptions, type EksPort, type KubernetesPort, PortError } from '../../run/ports.ts';

/** TEMPORARY: until source/read/agent.ts is there. */
export async function readAgent(
  cluster: Cluster,
  ports: { readonly eks: EksPort; readonly kubernetes?: KubernetesPort | undefined },
  options: CallOptions,
): Promise<AgentState> {
  if (cluster.autoMode) return { kind: 'auto-mode' };
  try {
    const addon = await ports.eks.describeAddon(cluster.name, 'eks-pod-identity-agent', options);
    return { kind: 'addon', version: addon.version, status: addon.status, issues: addon.issues };
  } catch (error) {
    if (error instanceof PortError && error.failure.kind === 'not-found') return { kind: 'missing' };
    throw error;
  }
}
