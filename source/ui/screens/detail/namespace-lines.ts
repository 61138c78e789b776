import type { NamespaceRow } from '../../../live/model.ts';
import { blank, type Line } from '../../state/lines.ts';
import { count } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { field } from './field.ts';
import { healthLines } from './health-lines.ts';

function status({ namespace, inCluster }: NamespaceRow): string {
  if (namespace) return clean(namespace.phase);
  return inCluster === false ? 'the cluster does not have it' : '? could not be read';
}

/** A namespace in short: what is in it and how that is. */
export const namespaceLines = (row: NamespaceRow): readonly Line[] => [
  ...field('Namespace', clean(row.name)),
  ...field('Status', status(row)),
  ...field('In it', `${count(row.serviceAccounts)} service accounts, ${count(row.associations)} associations`),
  ...field('On IRSA', `${count(row.irsa)} service accounts, ${count(row.podsOnIrsa)} of ${count(row.pods)} pods`),
  blank,
  ...healthLines(row.health),
];
