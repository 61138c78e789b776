import type { AgentState, KubeNode, Pod, Rollout } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import type { Subject } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { agentAddon } from '../agent.ts';
import type { Evidence } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import { gapText, livePodsOf } from '../subjects.ts';

/**
 * Gate 0. An association cuts over the next pod at once, whatever the agent's state: so none is planned for a service
 * account before the agent is ready on the nodes that its pods use or may use.
 */
export type AgentGate = {
  /** The agent has to be installed first; the install is waited for until the add-on is ACTIVE. */
  readonly installs: boolean;
  readonly row: Evidence;
  /** Why this service account has to wait; undefined: it may go. */
  readonly holds: (subject: Subject) => string | undefined;
};

export const assumeFlag = '--assume-agent-ready';

export function agentGate(snapshot: Snapshot, { assumeAgentReady = false }: MigrateRequest): AgentGate {
  const assumed = (reason: string) => (assumeAgentReady ? undefined : `${reason} (${assumeFlag} goes ahead knowingly)`);
  const row = (verdict: Evidence['verdict'], detail: string): Evidence => ({
    gate: 'agent',
    subject: `cluster ${snapshot.cluster.name}`,
    verdict,
    detail,
  });
  const agent = known(snapshot.agent);
  if (!agent) {
    const reason = `whether the cluster has the Pod Identity agent is not known: it ${gapText(snapshot.agent)}`;
    return { installs: false, row: row('unknown', reason), holds: () => assumed(reason) };
  }
  const unfit = unfitText(agent);
  if (unfit) return { installs: false, row: row('held', unfit), holds: () => unfit };
  const unread = unreadText(snapshot);
  const nodes = known(snapshot.nodes ?? { state: 'unread' });
  const pods = known(snapshot.pods);
  if (unread || !nodes || !pods)
    return {
      installs: agent.kind === 'missing',
      row: row('unknown', unread ?? ''),
      holds: () => assumed(unread ?? ''),
    };
  if (agent.kind === 'missing')
    return {
      installs: true,
      row: row('ok', `the ${agentAddon} add-on is installed first and waited for until it is ready on its nodes`),
      holds: () => undefined,
    };
  const ready = new ReadyNodes(agent, nodes, pods);
  const missing = ready.mayUseWithout();
  const where = missing.length > 0 ? `; not on ${nodeList(missing)}` : '';
  return {
    installs: false,
    row: row(missing.length > 0 ? 'held' : 'ok', `${agentText(agent)}${where}`),
    holds: subject => ready.holds(livePodsOf(snapshot.pods, subject) ?? []),
  };
}

/** Nodes and pods together tell where the agent has to be. */
function unreadText({ nodes, pods }: Snapshot): string | undefined {
  const podGap = gapText(pods);
  if (podGap) return `on which nodes its pods run is not known: the pods ${podGap}`;
  const nodeGap = gapText(nodes ?? { state: 'unread' });
  return nodeGap && `whether the agent is ready on its nodes is not known: the nodes ${nodeGap}`;
}

function unfitText(agent: AgentState): string | undefined {
  if (agent.kind !== 'addon' || agent.status === 'ACTIVE') return undefined;
  const why = agent.issues.length > 0 ? ` (${agent.issues.join('; ')})` : '';
  return `the ${agentAddon} add-on is ${agent.status}${why}: plan again when it is ACTIVE`;
}

function agentText(agent: AgentState): string {
  switch (agent.kind) {
    case 'auto-mode':
      return 'EKS Auto Mode has the agent built in';
    case 'daemonset':
      return `DaemonSet ${agent.namespace}/${agent.name} is ready on ${rolloutText(agent.rollout)}`;
    case 'addon':
      return `the ${agentAddon} add-on ${agent.version} is ACTIVE${agent.rollout ? `, ready on ${rolloutText(agent.rollout)}` : ''}`;
    case 'missing':
      return 'there is none';
  }
}

const rolloutText = ({ desired, ready }: Rollout): string => `${ready} of ${desired} nodes`;

const nodeList = (names: readonly string[]): string => {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
};

/** On which nodes a ready agent pod is, or has to be taken to be. */
class ReadyNodes {
  readonly #nodes: ReadonlyMap<string, KubeNode>;
  /** Names of nodes with an agent pod -> whether it is ready. */
  readonly #agents: ReadonlyMap<string, boolean>;
  /** Every node that the DaemonSet wants to be on has a ready pod of it. */
  readonly #complete: boolean;
  readonly #auto: boolean;

  constructor(agent: AgentState, nodes: readonly KubeNode[], pods: readonly Pod[]) {
    this.#nodes = new Map(nodes.map(node => [node.name, node]));
    this.#agents = new Map(
      pods
        .filter(isAgent)
        .flatMap(({ node, ready, phase }) => (node ? [[node, ready === true && phase === 'Running']] : [])),
    );
    this.#auto = agent.kind === 'auto-mode';
    const rollout = agent.kind === 'addon' || agent.kind === 'daemonset' ? agent.rollout : undefined;
    this.#complete = rollout !== undefined && rollout.desired > 0 && rollout.ready >= rollout.desired;
  }

  /**
   * The nodes that any pod may be put on and that lack the agent, by name. Nodes that are not ready take no new pods;
   * where the DaemonSet is complete, it is on every node that it is meant for.
   */
  mayUseWithout(): readonly string[] {
    if (this.#complete) return [];
    return [...this.#nodes.values()]
      .filter(node => node.platform === 'linux' && node.ready && !this.#has(node))
      .map(({ name }) => name)
      .toSorted();
  }

  holds(pods: readonly Pod[]): string | undefined {
    const used = [...new Set(pods.flatMap(({ node }) => node ?? []))].toSorted();
    const without = used.filter(name => {
      const node = this.#nodes.get(name);
      return !node || (node.platform === 'linux' && !this.#has(node));
    });
    if (without.length > 0) return `the agent is not ready on ${nodeList(without)}, where its pods run`;
    const others = this.mayUseWithout();
    if (others.length > 0) return `the agent is not ready on ${nodeList(others)}, where its next pod may run`;
    return undefined;
  }

  /** A DaemonSet that is complete without showing pods (they cannot be seen) is taken at its word. */
  #has(node: KubeNode): boolean {
    if (this.#auto && node.computeType === 'auto') return true;
    const seen = this.#agents.get(node.name);
    if (seen !== undefined) return seen;
    return this.#complete && this.#agents.size === 0;
  }
}

/** Pods of the DaemonSets that the add-on or its chart install; hybrid nodes have one of a longer name. */
const isAgent = ({ owner, terminating }: Pod): boolean =>
  owner?.kind === 'DaemonSet' && owner.name.startsWith(agentAddon) && !terminating;
