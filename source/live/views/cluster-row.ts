import { gap, present } from '../../identity/findings/roll-up.ts';
import { clusterHealth } from '../../identity/findings.ts';
import type { Finding } from '../../identity/health.ts';
import type { ClusterRow } from '../model.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import type { HealthTable } from './health-table.ts';
import { counted } from './readings.ts';
import type { Surroundings } from './subject-rows.ts';
import { levelsOf, summarise } from './summary.ts';

/** The cluster's own row: its state, its counts, and how those below it are. */
export function clusterRow(facts: ClusterFacts, { oidcProvider }: Surroundings, health: HealthTable): ClusterRow {
  const { ref, cluster, agent, serviceAccountsRead, associationsRead } = facts;
  const { total } = facts.counts;
  const associations = counted(total.associations, associationsRead);
  const irsa = counted(total.irsa, serviceAccountsRead);
  return {
    id: ref.arn,
    name: ref.name,
    region: ref.region,
    account: ref.account,
    cluster,
    agent,
    associations,
    serviceAccounts: counted(total.serviceAccounts, serviceAccountsRead),
    irsa,
    both: counted(total.both, serviceAccountsRead, associationsRead),
    health: clusterHealth({ cluster, agent, associations, irsa, oidcProvider }, below(facts, health)),
    ...levelsOf(health.entries()),
  };
}

/** What could not be read makes a cluster's health unknown. The agent's troubles are the cluster's own already. */
function below(facts: ClusterFacts, health: HealthTable): readonly Finding[] {
  return [
    ...summarise(health.entries()).filter(({ code, level }) => !code.startsWith('AGENT') && level !== 'info'),
    ...present(gap('the associations', facts.associationsRead), gap('the service accounts', facts.serviceAccountsRead)),
  ];
}
