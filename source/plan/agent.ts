import type { AgentState } from '../identity/facts.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { actionNode, place } from './nodes.ts';
import type { ActionNode } from './plan.ts';
import { gapText } from './subjects.ts';

export const agentAddon = 'eks-pod-identity-agent';

/** Id of the action that installs it. */
export const agentId = 'agent';

/** Whether pods can get credentials from the agent as things stand. */
export type AgentVerdict =
  | { readonly kind: 'ready'; readonly notes: readonly string[] }
  | { readonly kind: 'missing' }
  /** Not usable, and installing it would not help: somebody has to look at it first. */
  | { readonly kind: 'unfit'; readonly reason: string };

/**
 * A self-managed DaemonSet and the agent of EKS Auto Mode count as much as the add-on; an add-on that is not ACTIVE does
 * not. New pods on a node without a ready agent would get no credentials, so a part of the nodes is not enough.
 */
export function agentVerdict({ agent }: Snapshot): AgentVerdict {
  if (agent.state !== 'read')
    return {
      kind: 'unfit',
      reason: `whether the cluster has the Pod Identity agent is not known: it ${gapText(agent)}`,
    };
  const state = agent.value;
  switch (state.kind) {
    case 'missing':
      return { kind: 'missing' };
    case 'auto-mode':
      return { kind: 'ready', notes: [] };
    case 'daemonset':
      return rolloutVerdict(state.rollout, `DaemonSet ${state.namespace}/${state.name}`);
    case 'addon':
      return addonVerdict(state);
  }
}

function addonVerdict({ status, issues, rollout }: Extract<AgentState, { kind: 'addon' }>): AgentVerdict {
  if (status !== 'ACTIVE') {
    const why = issues.length > 0 ? ` (${issues.join('; ')})` : '';
    return { kind: 'unfit', reason: `the ${agentAddon} add-on is ${status}${why}: plan again when it is ACTIVE` };
  }
  if (rollout) return rolloutVerdict(rollout, `the ${agentAddon} add-on`);
  return { kind: 'ready', notes: ['Not checked: whether the agent is ready on every node.'] };
}

function rolloutVerdict({ desired, ready }: { desired: number; ready: number }, whose: string): AgentVerdict {
  if (ready >= desired) return { kind: 'ready', notes: [] };
  const reason = `${whose} is ready on ${ready} of ${desired} nodes: pods on the others would get no credentials`;
  return { kind: 'unfit', reason };
}

/** An update replaces the agent's pods node by node, and the old ones serve meanwhile. */
const serving: readonly string[] = ['ACTIVE', 'UPDATING'];

/**
 * Why no association may be created as things stand: it cuts over the next pod at once, and without an agent that pod has
 * no credentials. An add-on that is not healthy counts as little as none.
 */
export function agentObstacle(snapshot: Snapshot): { readonly reason: string; readonly command?: string } | undefined {
  const verdict = agentVerdict(snapshot);
  if (verdict.kind === 'ready') return undefined;
  if (verdict.kind === 'missing')
    return {
      reason: `the cluster has no Pod Identity agent, so pods would get no credentials: install the ${agentAddon} add-on first`,
      command: installAgent(snapshot).action.command,
    };
  const { agent } = snapshot;
  const works =
    agent.state === 'read' &&
    (agent.value.kind === 'daemonset' || (agent.value.kind === 'addon' && serving.includes(agent.value.status)));
  return works ? undefined : { reason: verdict.reason };
}

/** For commands that may go ahead without the agent. */
export function agentNotes(snapshot: Snapshot): readonly string[] {
  const verdict = agentVerdict(snapshot);
  if (verdict.kind === 'ready') return verdict.notes;
  if (verdict.kind === 'unfit') return [`Pods may get no credentials: ${verdict.reason}.`];
  return [
    'The cluster has no Pod Identity agent: pods will get no credentials from the association until it is installed.',
  ];
}

/** Where there are nodes for it, pods depend on the agent of their own node. */
const needsNodes = ({ nodes }: Snapshot): boolean =>
  nodes?.state === 'read' && nodes.value.some(({ platform, ready }) => platform === 'linux' && ready);

/**
 * @param version absent: the default for the cluster's Kubernetes version, resolved when it is installed
 * @param tags of the add-on
 */
export const installAgent = (
  snapshot: Snapshot,
  version?: string,
  tags: Readonly<Record<string, string>> = {},
): ActionNode =>
  actionNode(
    { id: agentId, title: `install ${agentAddon} addon`, stage: 'agent' },
    {
      ...place(snapshot.cluster, agentAddon),
      type: 'install-addon',
      service: 'eks',
      operation: 'CreateAddon',
      ...(needsNodes(snapshot) && { readyOnNodes: true }),
      request: {
        clusterName: snapshot.cluster.name,
        addonName: agentAddon,
        ...(version !== undefined && { addonVersion: version }),
        ...(Object.keys(tags).length > 0 && { tags }),
      },
    },
  );
