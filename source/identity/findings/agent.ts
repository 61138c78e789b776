import type { AgentState, Rollout } from '../facts.ts';
import type { Finding, HealthLevel } from '../health.ts';
import { lastKnown, type Reading } from '../reading.ts';
import { finding, gap, present } from './roll-up.ts';

/**
 * AGENT: none in the cluster although Pod Identity needs one. AGENT-BAD: an add-on that is not ACTIVE, or none of its
 * pods ready. AGENT-PART: some pods are not ready. `needed`: whether the cluster has associations (`undefined`:
 * not known); without any a missing agent is only worth knowing.
 */
export function agentFindings(agent: Reading<AgentState>, needed: boolean | undefined): readonly Finding[] {
  const state = lastKnown(agent)?.value;
  return present(gap('the agent', agent), ...(state ? stateFindings(state, needed) : []));
}

/**
 * The agent's findings, and apart from them those that say only that it was not checked: where Kubernetes cannot be read,
 * what else is not known tells why, and comes before these.
 */
export function checkedAgent(
  agent: Reading<AgentState>,
  needed: boolean | undefined,
): { readonly found: readonly Finding[]; readonly unchecked: readonly Finding[] } {
  const { unknown = [], found = [] } = Object.groupBy(agentFindings(agent, needed), ({ level }) =>
    level === 'unknown' ? 'unknown' : 'found',
  );
  return { found, unchecked: unknown };
}

function stateFindings(state: AgentState, needed: boolean | undefined): readonly Finding[] {
  switch (state.kind) {
    case 'auto-mode':
      return [];
    case 'missing':
      return [finding(missingLevel(needed), 'AGENT', 'the cluster has no Pod Identity agent: associations do nothing')];
    case 'daemonset':
      return rolloutFindings(state.rollout, `DaemonSet ${state.namespace}/${state.name}`);
    case 'addon':
      return state.status === 'ACTIVE' ? activeFindings(state.rollout) : [badAddon(state)];
  }
}

function missingLevel(needed: boolean | undefined): HealthLevel {
  if (needed === undefined) return 'unknown';
  return needed ? 'error' : 'info';
}

function badAddon({ status, issues }: Extract<AgentState, { kind: 'addon' }>): Finding {
  const why = issues.length > 0 ? `: ${issues.join('; ')}` : '';
  const changing = status === 'CREATING' || status === 'UPDATING';
  return finding(changing ? 'warning' : 'error', 'AGENT-BAD', `the agent add-on is ${status}${why}`);
}

function activeFindings(rollout: Rollout | undefined): readonly Finding[] {
  if (rollout) return rolloutFindings(rollout, 'the agent add-on');
  return [finding('unknown', 'UNKNOWN', 'the agent add-on is ACTIVE, but its pods were not checked')];
}

function rolloutFindings({ desired, ready }: Rollout, whose: string): readonly Finding[] {
  const detail = `${whose} has ${ready} of ${desired} pods ready`;
  if (desired === 0) return [finding('info', 'AGENT-PART', `${whose} runs on no node`)];
  if (ready >= desired) return [];
  return [ready === 0 ? finding('error', 'AGENT-BAD', detail) : finding('warning', 'AGENT-PART', detail)];
}
