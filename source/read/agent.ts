import type { Addon, AgentState, Cluster } from '../identity/facts.ts';
import { type CallOptions, type DaemonSet, type EksPort, type KubernetesPort, PortError } from '../run/ports.ts';
import { orUndefined } from './attempt.ts';

/** Name of the add-on and of the DaemonSet that it, or the Helm chart, installs (EKS User Guide, "Set up the agent"). */
export const agentName = 'eks-pod-identity-agent';
const agentNamespace = 'kube-system';

export type AgentPorts = { readonly eks: EksPort; readonly kubernetes?: KubernetesPort | undefined };

/**
 * What stands for the agent: EKS Auto Mode has it built in; else the add-on; else a DaemonSet of its name that was
 * installed by hand. With an add-on, readiness comes from its DaemonSet where that can be read. Throws `PortError` when
 * the add-on cannot be asked for, and when there is none and nobody can tell whether there is a DaemonSet.
 */
export async function readAgent(cluster: Cluster, ports: AgentPorts, options: CallOptions = {}): Promise<AgentState> {
  if (cluster.autoMode) return { kind: 'auto-mode' };
  const [addon, daemonSets] = await Promise.allSettled([
    orUndefined(ports.eks.describeAddon(cluster.name, agentName, options)),
    readDaemonSets(ports.kubernetes, options),
  ]);
  if (addon.status === 'rejected') throw addon.reason;
  if (daemonSets.status === 'rejected' && !(daemonSets.reason instanceof PortError)) throw daemonSets.reason;
  const seen = daemonSets.status === 'fulfilled' ? daemonSets.value : undefined;
  if (addon.value || seen) return agentFrom(addon.value, seen ?? []);
  throw daemonSetsUnread(cluster, daemonSets.status === 'rejected' ? (daemonSets.reason as PortError) : undefined);
}

/** The same rule for facts that are there already. */
export function agentFrom(addon: Addon | undefined, daemonSets: readonly DaemonSet[]): AgentState {
  const daemonSet = daemonSets.find(each => each.name === agentName);
  if (addon) {
    const { version, status, issues } = addon;
    return { kind: 'addon', version, status, issues, ...(daemonSet ? { rollout: daemonSet.rollout } : {}) };
  }
  if (!daemonSet) return { kind: 'missing' };
  const { namespace, name, rollout } = daemonSet;
  return { kind: 'daemonset', namespace, name, rollout };
}

const readDaemonSets = async (
  kubernetes: KubernetesPort | undefined,
  options: CallOptions,
): Promise<readonly DaemonSet[] | undefined> => kubernetes?.listDaemonSets(agentNamespace, options);

function daemonSetsUnread(cluster: Cluster, cause: PortError | undefined): PortError {
  const why = cause ? cause.failure.message : 'there is no way to its Kubernetes API.';
  const message = `${cluster.name} has no add-on ${agentName}, and whether it runs as a DaemonSet could not be read: ${why}`;
  return new PortError({ ...(cause?.failure ?? { kind: 'unreachable' }), message }, { cause });
}
