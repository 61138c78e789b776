import type { AssociationRow, ServiceAccountRow } from '../../live/model.ts';
import type { AnyRow } from '../tables/table.ts';
import { isTable, type TableKind, type View, viewCluster, viewNamespace } from './view.ts';

/** What rows of a table are about: a service account is the subject of two tables. */
export type SubjectType = 'cluster' | 'namespace' | 'account' | 'role';

/** The subject that the cursor stays on, in every table that has it and however it is sorted or filtered. */
export type Followed = {
  readonly type: SubjectType;
  readonly cluster: string;
  /** Of a namespace, or of a service account. */
  readonly namespace?: string;
  /** Of a service account: an association that is made anew has another id, and is about the same one. */
  readonly account?: string;
  /** What it is called on screen. */
  readonly label: string;
  /** The id of its row, in the tables that had it. */
  readonly ids: Partial<Readonly<Record<TableKind, string>>>;
};

export const subjectType: Readonly<Record<TableKind, SubjectType>> = {
  clusters: 'cluster',
  namespaces: 'namespace',
  'service-accounts': 'account',
  associations: 'account',
  roles: 'role',
};

/** Whether a place has rows of the kind that is followed. */
export const concerns = (followed: Followed | undefined, view: View): followed is Followed =>
  followed !== undefined && isTable(view) && subjectType[view.kind] === followed.type;

/** Whether the rows of a table could be the followed one: those of another cluster or namespace could not. */
export function covers(view: View, followed: Followed): boolean {
  const cluster = viewCluster(view);
  const namespace = viewNamespace(view);
  return (
    (cluster === undefined || cluster === followed.cluster) &&
    (namespace === undefined || namespace === followed.namespace)
  );
}

/** Whether a row of a table is the followed one. */
export function isFollowed(row: AnyRow, kind: TableKind, { cluster, namespace, account, ids }: Followed): boolean {
  if (kind === 'associations') {
    const association = row as AssociationRow;
    return (
      association.serviceAccount === account && association.namespace === namespace && association.cluster === cluster
    );
  }
  if (kind === 'service-accounts') {
    const found = row as ServiceAccountRow;
    return found.name === account && found.namespace === namespace && found.cluster === cluster;
  }
  return row.id === ids[kind];
}
