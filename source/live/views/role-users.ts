import { lastKnown } from '../../identity/reading.ts';
import type { LiveModel } from '../model.ts';

/** One service account that names a role. */
export type RoleUser = {
  readonly namespace: string;
  readonly name: string;
  /** `target`: an association ends at the role, from another one. */
  readonly by: 'association' | 'target' | 'annotation';
  /** Of a service account that names it by annotation: its association goes first. */
  readonly overruled: boolean;
  /** Running pods, where they were read. */
  readonly pods: number | undefined;
};

export type RoleUsers = {
  /** Cluster ARN and name. */
  readonly cluster: string;
  readonly clusterName: string;
  readonly region: string;
  readonly account: string;
  readonly users: readonly RoleUser[];
  /** Associations that have not been described: any of them may use it. */
  readonly unread: number;
};

/**
 * Who uses a role, in every cluster in scope: the reverse of what a service account's row says. Clusters without a user
 * are left out, unless something of theirs is not read yet.
 */
export function roleUsers(
  model: Pick<LiveModel, 'clusters' | 'serviceAccounts'>,
  roleArn: string,
): readonly RoleUsers[] {
  return model.clusters().flatMap(cluster => {
    const users: RoleUser[] = [];
    let unread = 0;
    for (const row of model.serviceAccounts(cluster.id)) {
      const known = lastKnown(row.association);
      const association = known?.value;
      const { namespace, name, pods } = row;
      if (!known && row.associationId !== undefined) unread += 1;
      if (association?.roleArn === roleArn) users.push({ namespace, name, by: 'association', overruled: false, pods });
      else if (association?.targetRoleArn === roleArn)
        users.push({ namespace, name, by: 'target', overruled: false, pods });
      if (row.irsaRoleArn === roleArn && association?.roleArn !== roleArn)
        users.push({ namespace, name, by: 'annotation', overruled: association !== undefined, pods });
    }
    if (users.length === 0 && unread === 0) return [];
    const { id, name, region, account } = cluster;
    return [{ cluster: id, clusterName: name, region, account, users, unread }];
  });
}
