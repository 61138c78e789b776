import { lastKnown } from '../../identity/reading.ts';
import type { AssociationRow } from '../../live/model.ts';
import { arnAccount, arnName, shownName } from '../text/arn.ts';
import { levelRank } from '../text/health.ts';
import { age, count, plural } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import { byAge, byReadAge, cell, isStale, readAge, sortCell, type Table } from './table.ts';

/** The role's name; with a target role in another account, ` >2222` says where the chain ends. */
const roleText = (row: AssociationRow): string =>
  cell(row.association, value => {
    const target = value.targetRoleArn ? ` >${arnAccount(value.targetRoleArn)?.slice(-4) ?? '?'}` : '';
    return shownName(value.roleArn) + target;
  });

/** The add-on's name, from `arn:...:addon/CLUSTER/NAME/ID` or any other owner's last but one part. */
const owner = (row: AssociationRow): string => {
  if (!row.ownerArn) return '-';
  const parts = row.ownerArn.split('/');
  return clean(parts[2] ?? arnName(row.ownerArn));
};

export const associations: Table<AssociationRow> = {
  kind: 'associations',
  columns: [
    { title: 'CLUSTER', width: 12, max: 24, priority: 1, acrossClusters: true, text: row => clean(row.clusterName) },
    { title: 'REGION', width: 11, max: 14, priority: 3, acrossClusters: true, text: row => row.region },
    { title: 'ACCT', width: 4, priority: 4, acrossClusters: true, text: row => row.account.slice(-4) },
    { title: 'NAMESPACE', width: 12, max: 28, priority: 1, text: row => clean(row.namespace) },
    { title: 'SERVICE ACCOUNT', width: 16, max: 36, priority: 1, named: true, text: row => clean(row.serviceAccount) },
    { title: 'ROLE', width: 15, max: 44, priority: 2, alike: true, text: roleText },
    {
      title: 'TAGS',
      width: 4,
      priority: 5,
      withinCluster: true,
      text: row => cell(row.association, value => (value.disableSessionTags ? 'off' : 'on')),
    },
    { title: 'OWNER', width: 8, max: 20, priority: 6, withinCluster: true, text: owner },
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
      title: 'AGE',
      width: 4,
      align: 'right',
      priority: 4,
      text: (row, { now }) =>
        cell(row.association, value => (value.createdAt === undefined ? '-' : age(now - value.createdAt))),
      sort: row => sortCell(row.association, value => byAge(value.createdAt)),
      ages: true,
    },
    { title: 'ACCOUNT', width: 12, priority: 9, wide: true, acrossClusters: true, text: row => row.account },
    { title: 'ID', width: 19, priority: 9, wide: true, text: row => clean(row.associationId) },
    {
      title: 'TARGET ROLE',
      width: 14,
      max: 30,
      priority: 10,
      wide: true,
      text: row => cell(row.association, value => (value.targetRoleArn ? shownName(value.targetRoleArn) : '-')),
    },
    {
      title: 'POLICY',
      width: 6,
      priority: 11,
      wide: true,
      text: row => cell(row.association, value => (value.policy ? 'yes' : '-')),
    },
    {
      title: 'READ',
      width: 4,
      align: 'right',
      priority: 8,
      wide: true,
      text: (row, { now }) => readAge(row.association, now),
      sort: row => byReadAge(row.association),
      ages: true,
    },
  ],
  list: {
    id: row => row.id,
    label: row => `${clean(row.namespace)}/${clean(row.serviceAccount)}`,
    name: row => `${row.serviceAccount}/${row.namespace}`,
    group: row => row.namespace,
    severity: row => levelRank[row.health.level],
    haystack: row =>
      `${row.clusterName} ${row.namespace} ${row.serviceAccount} ${roleText(row)} ${owner(row)} ${row.associationId} ${row.health.code}`.toLowerCase(),
  },
  groups: {
    'service account': row => `${row.namespace}/${row.serviceAccount}`,
    cluster: row => row.clusterName,
    role: row => roleText(row),
  },
  rows: (model, view) => (view.kind === 'associations' ? model.associations(view.cluster, view.namespace) : []),
  health: row => row.health,
  stale: row => isStale(row.association),
  explain: row => {
    const found = lastKnown(row.association)?.value;
    const pods = row.pods === undefined ? 'pods not read' : plural(row.pods, 'pod');
    if (row.association.state === 'failed' && !found) return [clean(row.association.failure.message)];
    if (!found) return ['reading the association …'];
    const target = found.targetRoleArn ? ` then ${clean(found.targetRoleArn)}` : '';
    return [`${clean(found.roleArn)}${target}   ${pods}`];
  },
};
