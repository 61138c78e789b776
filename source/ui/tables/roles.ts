import { lastKnown } from '../../identity/reading.ts';
import type { RoleRow } from '../../live/model.ts';
import { levelRank } from '../text/health.ts';
import { age, count, plural } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import { byAge, byReadAge, cell, isStale, readAge, sortCell, type Table } from './table.ts';

/** Whom the role trusts, in short: `pods + oidc x2`. */
export function trustText(row: RoleRow): string {
  const fact = lastKnown(row.role)?.value;
  if (fact && !fact.exists) return '(no such role)';
  if (row.trustsPods === undefined) return row.role.state === 'failed' ? '?' : '…';
  const issuers = row.oidcIssuers.length;
  const parts = [row.trustsPods ? 'pods' : '', issuers > 0 ? (issuers > 1 ? `oidc x${issuers}` : 'oidc') : ''];
  return parts.filter(Boolean).join(' + ') || '-';
}

/** Who made the role, as far as its tags tell. */
const owner = (row: RoleRow): string =>
  cell(row.role, fact => {
    if (!fact.exists) return '-';
    const { tags } = fact.role;
    if (Object.keys(tags).some(key => key.startsWith('alpha.eksctl.io/'))) return 'eksctl';
    if (tags['aws:cloudformation:stack-name']) return 'cfn';
    if (Object.keys(tags).some(key => /terraform/i.test(key)) || /terraform/i.test(tags.ManagedBy ?? '')) return 'tf';
    return '-';
  });

export const roles: Table<RoleRow> = {
  kind: 'roles',
  columns: [
    { title: 'ROLE', width: 24, max: 64, priority: 1, named: true, alike: true, text: row => clean(row.name) },
    { title: 'TRUSTS', width: 14, max: 20, priority: 1, text: trustText },
    {
      title: 'ASSOC',
      width: 6,
      align: 'right',
      priority: 2,
      text: row => count(row.associations),
      sort: row => row.associations,
    },
    {
      title: 'IRSA SA',
      width: 7,
      align: 'right',
      priority: 2,
      text: row => count(row.irsaServiceAccounts),
      sort: row => row.irsaServiceAccounts,
    },
    {
      title: 'CLUSTERS',
      width: 8,
      align: 'right',
      priority: 4,
      text: row => count(row.clusters),
      sort: row => row.clusters,
    },
    {
      title: 'LAST USED',
      width: 9,
      align: 'right',
      priority: 5,
      text: (row, { now }) =>
        cell(row.role, fact =>
          fact.exists && fact.role.lastUsedAt !== undefined ? age(now - fact.role.lastUsedAt) : '-',
        ),
      sort: row => sortCell(row.role, fact => (fact.exists ? byAge(fact.role.lastUsedAt) : undefined)),
      ages: true,
    },
    { title: 'OWNER', width: 6, priority: 6, text: owner },
    {
      title: 'READ',
      width: 4,
      align: 'right',
      priority: 8,
      wide: true,
      text: (row, { now }) => readAge(row.role, now),
      sort: row => byReadAge(row.role),
      ages: true,
    },
    { title: 'ARN', width: 40, max: 90, priority: 9, wide: true, text: row => clean(row.arn) },
  ],
  list: {
    id: row => row.id,
    label: row => clean(row.name),
    name: row => row.name,
    severity: row => levelRank[row.health.level],
    haystack: row => `${row.name} ${row.arn} ${trustText(row)} ${owner(row)} ${row.health.code}`.toLowerCase(),
  },
  rows: (model, view) => (view.kind === 'roles' ? model.roles(view.cluster) : []),
  health: row => row.health,
  stale: row => isStale(row.role),
  explain: row => [
    `${clean(row.arn)}   ${plural(row.associations, 'association')}, ${count(row.irsaServiceAccounts)} on IRSA, ${plural(row.clusters, 'cluster')}`,
  ],
};
