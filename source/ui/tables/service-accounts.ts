import { lastKnown } from '../../identity/reading.ts';
import type { ServiceAccountRow } from '../../live/model.ts';
import { arnAccount, shownName } from '../text/arn.ts';
import { levelRank } from '../text/health.ts';
import { age, count, podsText } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import { byAge, byReadAge, cell, isStale, readAge, type Table } from './table.ts';

/** The region in `arn:partition:eks:region:account:cluster/name`. */
const clusterRegion = (arn: string): string => arn.split(':')[3] ?? '?';

/** What stands where a service account has nothing; where it could not be read, nobody knows. */
const none = (row: ServiceAccountRow): string => (row.inCluster === undefined ? '?' : '-');

const irsaRole = (row: ServiceAccountRow): string => (row.irsaRoleArn ? shownName(row.irsaRoleArn) : none(row));

const associationRole = (row: ServiceAccountRow): string =>
  cell(row.association, value => (value ? shownName(value.roleArn) : '-'));

export const serviceAccounts: Table<ServiceAccountRow> = {
  kind: 'service-accounts',
  columns: [
    { title: 'CLUSTER', width: 12, max: 24, priority: 1, acrossClusters: true, text: row => clean(row.clusterName) },
    { title: 'REGION', width: 11, max: 14, priority: 4, acrossClusters: true, text: row => clusterRegion(row.cluster) },
    {
      title: 'ACCT',
      width: 4,
      priority: 5,
      acrossClusters: true,
      text: row => arnAccount(row.cluster)?.slice(-4) ?? '?',
    },
    { title: 'NAMESPACE', width: 12, max: 28, priority: 1, text: row => clean(row.namespace) },
    { title: 'SERVICE ACCOUNT', width: 18, max: 40, priority: 1, named: true, text: row => clean(row.name) },
    { title: 'IRSA ROLE', width: 15, max: 40, priority: 2, alike: true, text: irsaRole },
    { title: 'ASSOCIATION ROLE', width: 16, max: 40, priority: 2, alike: true, text: associationRole },
    {
      title: 'PODS',
      withinCluster: true,
      width: 5,
      align: 'right',
      priority: 3,
      text: row => count(row.pods),
      sort: row => row.pods,
    },
    {
      title: 'ON IRSA',
      width: 7,
      align: 'right',
      priority: 9,
      wide: true,
      text: row => count(row.podsOnIrsa),
      sort: row => row.podsOnIrsa,
    },
    {
      title: 'AGE',
      width: 5,
      align: 'right',
      priority: 4,
      text: (row, { now }) => (row.serviceAccount?.createdAt ? age(now - row.serviceAccount.createdAt) : none(row)),
      sort: row => byAge(row.serviceAccount?.createdAt),
      ages: true,
    },
    {
      title: 'ACCOUNT',
      width: 12,
      priority: 11,
      wide: true,
      acrossClusters: true,
      text: row => arnAccount(row.cluster) ?? '?',
    },
    {
      title: 'READ',
      width: 4,
      align: 'right',
      priority: 10,
      wide: true,
      text: (row, { now }) => readAge(row.association, now),
      sort: row => byReadAge(row.association),
      ages: true,
    },
  ],
  list: {
    id: row => row.id,
    label: row => `${clean(row.namespace)}/${clean(row.name)}`,
    name: row => `${row.name}/${row.namespace}`,
    group: row => row.namespace,
    severity: row => levelRank[row.health.level],
    haystack: row =>
      `${row.clusterName} ${row.namespace} ${row.name} ${irsaRole(row)} ${associationRole(row)} ${row.health.code} ${row.inCluster === false ? 'absent' : ''}`.toLowerCase(),
  },
  groups: {
    'service account': row => `${row.namespace}/${row.name}`,
    cluster: row => row.clusterName,
    role: row => associationRole(row),
  },
  rows: (model, view) => (view.kind === 'service-accounts' ? model.serviceAccounts(view.cluster, view.namespace) : []),
  health: row => row.health,
  stale: row => isStale(row.association),
  explain: row => {
    const found = lastKnown(row.association)?.value;
    const pods = row.pods === undefined ? 'pods not read' : podsText(row.pods, row.podsOnIrsa);
    if (row.inCluster === false)
      return ['The cluster does not have this service account; only an association names it.'];
    if (found) return [`association ${clean(found.id)}: ${clean(found.roleArn)}   ${pods}`];
    if (row.irsaRoleArn) return [`annotation eks.amazonaws.com/role-arn: ${clean(row.irsaRoleArn)}   ${pods}`];
    const isKnown = row.inCluster !== undefined && lastKnown(row.association) !== undefined;
    return [isKnown ? `no AWS identity of its own   ${pods}` : pods];
  },
};
