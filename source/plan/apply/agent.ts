import type { Snapshot } from '../../identity/snapshot.ts';
import { agentAddon, agentVerdict, installAgent } from '../agent.ts';
import type { Findings } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import type { WantedAddon } from '../wanted.ts';
import { offeredVersion, versionRemark } from './version.ts';

/** The agent's add-on, where the file names it and the cluster has no agent of any kind. */
export function agentStep(
  snapshot: Snapshot,
  addons: readonly WantedAddon[],
  findings: Findings,
): ActionNode | undefined {
  const wanted = addons.find(({ name }) => name === agentAddon);
  if (!wanted) return undefined;
  const subject = `addon ${agentAddon}`;
  const verdict = agentVerdict(snapshot);
  if (verdict.kind === 'missing') {
    const version = offeredVersion(snapshot, wanted);
    if (version.ok) return installAgent(snapshot, version.value, wanted.tags);
    findings.skipped.push({ subject, reason: version.reason });
    return undefined;
  }
  const { agent } = snapshot;
  if (verdict.kind === 'unfit') findings.skipped.push({ subject, reason: verdict.reason });
  else if (agent.state === 'read' && agent.value.kind === 'auto-mode')
    findings.same.push({ subject, reason: 'EKS Auto Mode has the agent built in' });
  else if (agent.state === 'read' && agent.value.kind === 'daemonset')
    findings.same.push({
      subject,
      reason: `DaemonSet ${agent.value.namespace}/${agent.value.name} is the agent, and it is left as it is`,
    });
  else if (agent.state === 'read' && agent.value.kind === 'addon')
    versionRemark(snapshot, wanted, agent.value.version, findings);
  return undefined;
}
