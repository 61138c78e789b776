import { lastKnown } from '../../identity/reading.ts';
import type { ServiceAccountRow } from '../../live/model.ts';
import { arnName } from '../text/arn.ts';
import { levelRank } from '../text/health.ts';
import { age, count, plural } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import { cell, isStale, type Table } from './table.ts';

const irsaRole = (row: ServiceAccountRow): string => (row.irsaRoleArn ? clean(arnName(row.irsaRoleArn)) : '-');

const associationRole = (row: ServiceAccountRow): string =>
  cell(row.association, value => (value ? clean(arnName(value.roleArn)) : '-'));

export const serviceAccounts: Table<ServiceAccountRow> = {
  kind: 'service-accounts',
  columns: [
    { title: 'NAMESPACE', width: 12, max: 28, priority: 1, text: row => clean(row.namespace) },
    { title: 'SERVICE ACCOUNT', width: 18, max: 40, priority: 1, named: true, text: row => clean(row.name) },
    { title: 'IRSA ROLE', width: 15, max: 40, priority: 2, text: irsaRole },
    { title: 'ASSOCIATION ROLE', width: 16, max: 40, priority: 2, text: associationRole },
    { title: 'PODS', width: 5, align: 'right', priority: 3, text: row => count(row.pods) },
    { title: 'ON IRSA', width: 7, align: 'right', priority: 9, wide: true, text: row => count(row.podsOnIrsa) },
    {
      title: 'AGE',
      width: 5,
      align: 'right',
      priority: 4,
      text: (row, { now }) => (row.serviceAccount?.createdAt ? age(now - row.serviceAccount.createdAt) : '-'),
    },
  ],
  list: {
    id: row => row.id,
    label: row => `${clean(row.namespace)}/${clean(row.name)}`,
    name: row => `${row.name}/${row.namespace}`,
    group: row => row.namespace,
    severity: row => levelRank[row.health.level],
    haystack: row =>
      `${row.namespace} ${row.name} ${irsaRole(row)} ${associationRole(row)} ${row.health.code} ${row.inCluster === false ? 'absent' : ''}`.toLowerCase(),
  },
  rows: (model, view) => (view.kind === 'service-accounts' ? model.serviceAccounts(view.cluster, view.namespace) : []),
  health: row => row.health,
  stale: row => isStale(row.association),
  explain: row => {
    const found = lastKnown(row.association)?.value;
    const pods = row.pods === undefined ? 'pods not read' : plural(row.pods, 'pod');
    const old = row.podsOnIrsa ? `, ${row.podsOnIrsa} still on IRSA credentials` : '';
    if (row.inCluster === false)
      return ['The cluster does not have this service account; only an association names it.'];
    if (found) return [`association ${clean(found.id)}: ${clean(found.roleArn)}   ${pods}${old}`];
    if (row.irsaRoleArn) return [`annotation eks.amazonaws.com/role-arn: ${clean(row.irsaRoleArn)}   ${pods}${old}`];
    return [`no AWS identity of its own   ${pods}`];
  },
};
