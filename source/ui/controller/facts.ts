import { lastKnown } from '../../identity/reading.ts';
import { type App, clusterRow } from './app.ts';
import type { KindedRow } from './table.ts';

/** What has been read of a row, as it was read. */
export function factsOf(app: App, subject: KindedRow): unknown {
  switch (subject.kind) {
    case 'clusters': {
      const row = clusterRow(app, subject.cluster);
      return { cluster: row && lastKnown(row.cluster)?.value, agent: row && lastKnown(row.agent)?.value };
    }
    case 'namespaces':
      return { cluster: subject.cluster, name: subject.row.name, namespace: subject.row.namespace };
    case 'service-accounts': {
      const { serviceAccount, association, namespace, name } = subject.row;
      return {
        cluster: subject.cluster,
        namespace,
        name,
        serviceAccount,
        association: lastKnown(association)?.value,
      };
    }
    case 'associations':
      return lastKnown(subject.row.association)?.value;
    case 'roles':
      return lastKnown(subject.row.role)?.value;
  }
}
