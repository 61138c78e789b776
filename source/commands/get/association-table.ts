import { textTable } from '../text-table.ts';
import type { AssociationJson } from './association-json.ts';

type Column = { readonly heading: string; readonly cell: (row: AssociationJson) => string | undefined };

/** The columns of `eksctl get podidentityassociation`, in its order, so that scripts which cut them go on working. */
const columns: readonly Column[] = [
  { heading: 'ASSOCIATION ARN', cell: row => row.associationArn },
  { heading: 'NAMESPACE', cell: row => row.namespace },
  { heading: 'SERVICE ACCOUNT NAME', cell: row => row.serviceAccount },
  { heading: 'IAM ROLE ARN', cell: row => row.roleArn },
  { heading: 'OWNER ARN', cell: row => row.ownerArn },
];

const wideColumns: readonly Column[] = [
  { heading: 'TARGET ROLE ARN', cell: row => row.targetRoleArn },
  { heading: 'EXTERNAL ID', cell: row => row.externalId },
  { heading: 'SESSION TAGS', cell: row => (row.disableSessionTags ? 'off' : 'on') },
  { heading: 'POLICY', cell: row => row.policy?.replace(/\s+/g, ' ') },
  { heading: 'TAGS', cell: row => tagText(row.tags) },
  { heading: 'CREATED', cell: row => row.createdAt },
  { heading: 'MODIFIED', cell: row => row.modifiedAt },
];

const placeColumns: readonly Column[] = [
  { heading: 'ACCOUNT', cell: row => row.account },
  { heading: 'REGION', cell: row => row.region },
  { heading: 'CLUSTER', cell: row => row.clusterName },
];

const tagText = (tags: AssociationJson['tags']): string =>
  Object.entries(tags)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

/** A table for people. In a wide one every cell is filled, `-` for nothing, so that its columns can be counted. */
export function associationTable(
  rows: readonly AssociationJson[],
  { wide, places }: { readonly wide: boolean; readonly places: boolean },
): string {
  const shown = [...(places ? placeColumns : []), ...columns, ...(wide ? wideColumns : [])];
  const empty = wide ? '-' : '';
  return textTable(
    shown.map(({ heading }) => heading),
    rows.map(row => shown.map(({ cell }) => cell(row) || empty)),
  );
}
