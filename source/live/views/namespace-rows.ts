import { gap, present } from '../../identity/findings/roll-up.ts';
import { rollUp } from '../../identity/findings.ts';
import type { Finding, Health } from '../../identity/health.ts';
import { lastKnown } from '../../identity/reading.ts';
import type { NamespaceRow } from '../model.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import { rowId } from '../store/keys.ts';
import type { HealthTable } from './health-table.ts';
import { counted } from './readings.ts';
import { byText } from './row-table.ts';
import { summarise } from './summary.ts';

type Rows = readonly (readonly [key: string, health: Health])[];

/** A row for every namespace that the cluster has or an association names, sorted by name. */
export function namespaceRows(facts: ClusterFacts, health: HealthTable): readonly NamespaceRow[] {
  const byNamespace = Map.groupBy(health.entries(), ([key]) => key.slice(0, key.indexOf('/')));
  const names = new Set([...facts.namespaces.keys(), ...byNamespace.keys()]);
  return [...names].sort(byText).map(name => namespaceRow(facts, name, byNamespace.get(name) ?? []));
}

function namespaceRow(facts: ClusterFacts, name: string, rows: Rows): NamespaceRow {
  const { serviceAccountsRead, associationsRead, podsRead } = facts;
  const namespace = facts.namespaces.get(name);
  const counts = facts.counts.of(name);
  const { pods, onIrsa } = facts.pods.countIn(name);
  return {
    id: rowId(facts.ref.arn, name),
    cluster: facts.ref.arn,
    name,
    ...(namespace && { namespace }),
    inCluster: namespace || lastKnown(facts.namespacesRead) ? namespace !== undefined : undefined,
    serviceAccounts: counted(counts.serviceAccounts, serviceAccountsRead),
    associations: counted(counts.associations, associationsRead),
    irsa: counted(counts.irsa, serviceAccountsRead),
    both: counted(counts.both, serviceAccountsRead, associationsRead),
    pods: counted(pods, podsRead),
    podsOnIrsa: counted(onIrsa, podsRead),
    health: rollUp(findings(facts, rows)),
  };
}

function findings(facts: ClusterFacts, rows: Rows): readonly Finding[] {
  const below = summarise(rows);
  if (below.length > 0) return below;
  const gaps = present(
    gap('the service accounts', facts.serviceAccountsRead),
    gap('the associations', facts.associationsRead),
  );
  if (gaps.length > 0) return gaps;
  const asked = rows.some(([, health]) => health.code !== 'NONE');
  return [
    asked
      ? { level: 'ok', code: 'OK', detail: 'every service account that asks for a role has one' }
      : { level: 'ok', code: 'NONE', detail: 'no service account asks for a role' },
  ];
}
