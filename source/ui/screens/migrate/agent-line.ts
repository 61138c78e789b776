import type { AgentState, Rollout } from '../../../identity/facts.ts';
import { lastKnown, type Reading } from '../../../identity/reading.ts';
import { actions, type Plan } from '../../../plan/plan.ts';
import type { Line } from '../../state/lines.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';

type Evidence = readonly [sign: string, role: Role, text: string];

const nodes = ({ ready, desired }: Rollout): string => `${ready} of ${desired} nodes ready`;

const rollout = (what: string, state: Rollout): Evidence =>
  state.ready >= state.desired ? ['✓', 'ok', `${what}, ${nodes(state)}`] : ['!', 'warning', `${what}, ${nodes(state)}`];

function evidence(agent: AgentState, installs: boolean): Evidence {
  switch (agent.kind) {
    case 'auto-mode':
      return ['✓', 'ok', 'part of EKS Auto Mode'];
    case 'daemonset':
      return rollout(`self-managed DaemonSet ${clean(agent.namespace)}/${clean(agent.name)}`, agent.rollout);
    case 'missing':
      return installs ? ['○', 'info', 'none yet, to be installed first'] : ['✗', 'error', 'none in this cluster'];
    case 'addon': {
      const name = `add-on ${clean(agent.version).replace(/-eksbuild.*$/, '')}`;
      if (agent.status !== 'ACTIVE') {
        return [
          '✗',
          'error',
          `${name} is ${clean(agent.status)}${agent.issues.map(issue => `; ${clean(issue)}`).join('')}`,
        ];
      }
      return agent.rollout
        ? rollout(name, agent.rollout)
        : ['?', 'unknown', `${name} is ACTIVE; its nodes were not checked`];
    }
  }
}

/**
 * `✓ agent: add-on v1.3.10, 6 of 6 nodes ready`: whether pods could get credentials at all, as it was read. Without
 * the agent an association gives a pod nothing, so this stands above everything a migration would do.
 *
 * @param plan the plan, once there is one: whether it installs the agent
 */
export function agentLine(agent: Reading<AgentState>, plan?: Plan): Line {
  const installs = plan !== undefined && actions(plan.root).some(node => node.action.type === 'install-addon');
  const last = lastKnown(agent);
  const why = agent.state === 'failed' ? `: ${clean(agent.failure.message)}` : '';
  const [sign, role, text]: Evidence =
    agent.state === 'read'
      ? evidence(agent.value, installs)
      : [
          '?',
          'unknown',
          last ? `${evidence(last.value, installs)[2]} when last read; now not checked${why}` : `not checked${why}`,
        ];
  return [{ text: ` ${sign} `, role }, { text: `agent: ${text}` }];
}
