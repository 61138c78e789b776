import type { AgentState, Cluster } from '../facts.ts';
import type { Finding, Health } from '../health.ts';
import { lastKnown, type Reading } from '../reading.ts';
import { agentFindings, checkedAgent } from './agent.ts';
import { finding, gap, present, rollUp } from './roll-up.ts';

export type ClusterInput = {
  readonly cluster: Reading<Cluster>;
  readonly agent: Reading<AgentState>;
  /** How many associations it has; `undefined`: not known. */
  readonly associations: number | undefined;
  /** How many service accounts use IRSA; `undefined`: not known. */
  readonly irsa: number | undefined;
  /** Whether IAM has the cluster's OIDC provider. */
  readonly oidcProvider: Reading<boolean>;
};

/** Worst of the cluster itself and of what lives in it: `below` holds the health of its rows. */
export function clusterHealth(input: ClusterInput, below: readonly Finding[] = []): Health {
  const { found, unchecked } = checkedAgent(input.agent, isNeeded(input));
  return rollUp([...orFine(ofCluster(input, found)), ...below, ...unchecked]);
}

/** CLUSTER: it is not ACTIVE. OIDC: IRSA is in use without a provider. AGENT...: see `agentFindings`. */
export const clusterFindings = (input: ClusterInput): readonly Finding[] =>
  orFine(ofCluster(input, agentFindings(input.agent, isNeeded(input))));

const orFine = (findings: readonly Finding[]): readonly Finding[] =>
  findings.length > 0 ? findings : [finding('ok', 'OK', 'the cluster and its agent are as they should be')];

const isNeeded = ({ associations }: ClusterInput): boolean | undefined =>
  associations === undefined ? undefined : associations > 0;

function ofCluster(input: ClusterInput, agent: readonly Finding[]): readonly Finding[] {
  const status = lastKnown(input.cluster)?.value.status;
  const provider = lastKnown(input.oidcProvider)?.value;
  const irsa = input.irsa ?? 0;
  return present(
    gap('the cluster', input.cluster),
    status !== undefined && status !== 'ACTIVE'
      ? finding(status === 'FAILED' ? 'error' : 'warning', 'CLUSTER', `the cluster is ${status}`)
      : undefined,
    ...agent,
    irsa > 0 ? gap('the OIDC provider', input.oidcProvider) : undefined,
    irsa > 0 && provider === false
      ? finding('error', 'OIDC', `${irsa} service accounts use IRSA, but IAM has no OIDC provider for the cluster`)
      : undefined,
  );
}
