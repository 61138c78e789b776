import type { NamespaceRow } from '../../live/model.ts';
import { levelRank } from '../text/health.ts';
import { count, thousands } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import type { Table } from './table.ts';

const phase = (row: NamespaceRow): string => {
  if (row.namespace) return clean(row.namespace.phase);
  return row.inCluster === false ? '(absent)' : '?';
};

export const namespaces: Table<NamespaceRow> = {
  kind: 'namespaces',
  columns: [
    { title: 'NAMESPACE', width: 18, max: 48, priority: 1, named: true, text: row => clean(row.name) },
    { title: 'STATUS', width: 10, priority: 4, text: phase },
    {
      title: 'SA',
      width: 6,
      align: 'right',
      priority: 2,
      text: row => count(row.serviceAccounts),
      sort: row => row.serviceAccounts,
    },
    {
      title: 'ASSOC',
      width: 6,
      align: 'right',
      priority: 2,
      text: row => count(row.associations),
      sort: row => row.associations,
    },
    { title: 'IRSA', width: 6, align: 'right', priority: 2, text: row => count(row.irsa), sort: row => row.irsa },
    { title: 'BOTH', width: 5, align: 'right', priority: 3, text: row => count(row.both), sort: row => row.both },
    { title: 'PODS', width: 7, align: 'right', priority: 3, text: row => count(row.pods), sort: row => row.pods },
    {
      title: 'ON IRSA',
      width: 8,
      align: 'right',
      priority: 4,
      text: row => count(row.podsOnIrsa),
      sort: row => row.podsOnIrsa,
    },
  ],
  list: {
    id: row => row.id,
    label: row => clean(row.name),
    name: row => row.name,
    severity: row => levelRank[row.health.level],
    haystack: row => `${row.name} ${phase(row)} ${row.health.code}`.toLowerCase(),
  },
  rows: (model, view) => (view.kind === 'namespaces' ? model.namespaces(view.cluster) : []),
  health: row => row.health,
  stale: () => false,
  explain: row => {
    if (row.inCluster === undefined) return ['An association names it; whether the cluster has it is not known yet.'];
    if (!row.namespace) return ['Only associations name it: EKS accepts a namespace that the cluster does not have.'];
    if (row.podsOnIrsa) {
      return [
        row.podsOnIrsa === 1
          ? '1 running pod has IRSA credentials still; they change on restart only.'
          : `${thousands(row.podsOnIrsa)} running pods have IRSA credentials still; they change on restart only.`,
      ];
    }
    return [];
  },
};
