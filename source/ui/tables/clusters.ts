import type { AgentState } from '../../identity/facts.ts';
import type { ClusterRow, Count } from '../../live/model.ts';
import { healthText, levelRank } from '../text/health.ts';
import { count, plural } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import { byReadAge, cell, isStale, readAge, type Table } from './table.ts';

/** `v1.3.9 12/12`, `auto mode`, `missing`: the agent in a table's cell. */
export function agentText(agent: AgentState): string {
  switch (agent.kind) {
    case 'auto-mode':
      return 'auto mode';
    case 'missing':
      return 'missing';
    case 'daemonset':
      return `self ${agent.rollout.ready}/${agent.rollout.desired}`;
    case 'addon': {
      const version = clean(agent.version).replace(/-eksbuild.*$/, '');
      const rollout = agent.rollout ? ` ${agent.rollout.ready}/${agent.rollout.desired}` : '';
      return agent.status === 'ACTIVE' ? version + rollout : `${version} ${clean(agent.status).toLowerCase()}`;
    }
  }
}

function clusterHealth(row: ClusterRow): string {
  const counts = [row.errors > 0 ? `✗${row.errors}` : '', row.warnings > 0 ? `!${row.warnings}` : ''].filter(Boolean);
  if (row.health.level === 'unknown' || row.health.level === 'pending') {
    return [healthText({ ...row.health, more: 0 }), ...counts].join(' ');
  }
  return counts.length > 0 ? counts.join(' ') : healthText(row.health);
}

/** `1 association`, `? associations`. */
const some = (value: Count, one: string): string => (value === undefined ? `? ${one}s` : plural(value, one));

export const clusters: Table<ClusterRow> = {
  kind: 'clusters',
  columns: [
    { title: 'NAME', width: 14, max: 44, priority: 1, named: true, text: row => clean(row.name) },
    { title: 'REGION', width: 12, max: 15, priority: 1, text: row => row.region },
    { title: 'ACCOUNT', width: 12, priority: 9, wide: true, text: row => row.account },
    { title: 'K8S', width: 5, priority: 4, text: row => cell(row.cluster, value => clean(value.version)) },
    { title: 'STATUS', width: 9, priority: 5, text: row => cell(row.cluster, value => clean(value.status)) },
    { title: 'AGENT', width: 14, max: 20, priority: 2, text: row => cell(row.agent, agentText) },
    {
      title: 'OIDC',
      width: 4,
      priority: 6,
      text: row => cell(row.cluster, value => (value.oidcIssuer ? 'yes' : 'no')),
    },
    {
      title: 'ASSOC',
      width: 6,
      align: 'right',
      priority: 2,
      text: row => count(row.associations),
      sort: row => row.associations,
    },
    { title: 'IRSA', width: 5, align: 'right', priority: 2, text: row => count(row.irsa), sort: row => row.irsa },
    { title: 'BOTH', width: 5, align: 'right', priority: 3, text: row => count(row.both), sort: row => row.both },
    {
      title: 'SA',
      width: 6,
      align: 'right',
      priority: 9,
      wide: true,
      text: row => count(row.serviceAccounts),
      sort: row => row.serviceAccounts,
    },
    {
      title: 'READ',
      width: 4,
      align: 'right',
      priority: 8,
      wide: true,
      text: (row, { now }) => readAge(row.cluster, now),
      sort: row => byReadAge(row.cluster),
      ages: true,
    },
    {
      title: 'AUTH',
      width: 18,
      priority: 10,
      wide: true,
      text: row => cell(row.cluster, value => clean(value.authenticationMode ?? '-')),
    },
  ],
  list: {
    id: row => row.id,
    label: row => clean(row.name),
    name: row => row.name.toLowerCase(),
    severity: row => levelRank[row.health.level],
    haystack: row =>
      `${row.name} ${row.region} ${row.account} ${cell(row.cluster, value => `${value.version} ${value.status}`)} ${cell(row.agent, agentText)} ${row.health.code}`.toLowerCase(),
  },
  rows: model => model.clusters(),
  health: row => row.health,
  healthText: clusterHealth,
  stale: row => isStale(row.cluster),
  explain: row => {
    const irsa = row.irsa === undefined ? '? on IRSA' : `${count(row.irsa)} on IRSA`;
    const both = row.both === undefined ? '' : `, ${count(row.both)} with both`;
    return [
      `${some(row.associations, 'association')}, ${some(row.serviceAccounts, 'service account')}: ${irsa}${both}`,
    ];
  },
};
