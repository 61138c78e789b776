import { formatRoleArn, parseRoleArn } from '../../identity/arn.ts';
import type { Association } from '../../identity/facts.ts';
import { lastKnown } from '../../identity/reading.ts';
import type { ClusterRow, LiveModel } from '../model.ts';
import { type Comparison, renamedFor, type Stance } from './compare.ts';
import { accountOf, type CopyRemark, copyRemarks } from './copy-remarks.ts';

/** What one cluster would have to be given so that its service account gets what that of another has. */
export type Copy = {
  readonly cluster: ClusterRow;
  /** Its association is made, or the one that it has is changed. */
  readonly how: 'create' | 'set';
  /** What the cluster gives today; absent: nothing there knows the service account. */
  readonly now?: Stance;
  /** The role of that use in the cluster's own account; absent: which it would be cannot be told. */
  readonly roleArn?: string;
  readonly remarks: readonly CopyRemark[];
  /** Why it cannot be done from here; absent: it can be tried. */
  readonly obstacle?: string;
};

/** Where a service account's association can be copied to, and from where. */
export type Copies = { readonly from: Stance & { readonly association: Association }; readonly to: readonly Copy[] };

export type CopySource = Copies['from'];

type Model = Pick<LiveModel, 'clusters' | 'role' | 'roles'>;

const associationOf = ({ row }: Stance): Association | undefined => lastKnown(row.association)?.value;

/**
 * Whom the others should follow: the association of `id`, unless most clusters agree on another one, then the first of
 * those that do. Undefined: nobody has an association to be followed.
 */
export function copySource({ stances, drift, majority }: Comparison, id: string | undefined): CopySource | undefined {
  const usable = stances.flatMap(stance => {
    const association = stance.mechanism === 'association' ? associationOf(stance) : undefined;
    return association ? [{ ...stance, association }] : [];
  });
  const own = usable.find(({ row }) => row.id === id);
  if (own && (!drift.has(own.row.id) || majority === undefined)) return own;
  return usable.find(({ row, role }) => !drift.has(row.id) && role === majority) ?? own;
}

/** Every cluster whose service account gets something else than that of `from`: those that have one, then the others. */
export function copiesOf(model: Model, { stances }: Comparison, from: CopySource): Copies {
  const byCluster = new Map(stances.map(stance => [stance.row.cluster, stance]));
  const others = model.clusters().filter(({ id }) => id !== from.row.cluster);
  const copies = others.flatMap(cluster => copyTo(model, from, cluster, byCluster.get(cluster.id)) ?? []);
  return { from, to: [...copies.filter(({ now }) => now), ...copies.filter(({ now }) => !now)] };
}

function copyTo(model: Model, from: CopySource, cluster: ClusterRow, now: Stance | undefined): Copy | undefined {
  const there = now && associationOf(now);
  const roleArn = roleIn(model, from, cluster);
  if (there && now.mechanism === 'association' && changes(from.association, there, roleArn).length === 0)
    return undefined;
  const how = there ? 'set' : 'create';
  const obstacle = obstacleOf(cluster, now, there);
  return {
    cluster,
    how,
    ...(now && { now }),
    ...(roleArn !== undefined && { roleArn }),
    remarks: copyRemarks(model, from, { cluster, now, roleArn }),
    ...(obstacle !== undefined && { obstacle }),
  };
}

/** What of an association would be another: its role, its target role, its session policy, its session tags. */
export function changes(
  from: Association,
  there: Association,
  roleArn: string | undefined,
): readonly ('role' | 'target role' | 'session policy' | 'session tags')[] {
  return [
    ...(roleArn === undefined || there.roleArn === roleArn ? [] : ['role' as const]),
    ...(there.targetRoleArn === from.targetRoleArn ? [] : ['target role' as const]),
    ...(there.policy === from.policy ? [] : ['session policy' as const]),
    ...(there.disableSessionTags === from.disableSessionTags ? [] : ['session tags' as const]),
  ];
}

/**
 * `STACK-Role1-1A2b3C4d5E6f`: CloudFormation names a role without a name in its template by stack, logical id and twelve
 * or thirteen random characters (CloudFormation User Guide, "Name type").
 */
const madeByStack = /-[A-Z][A-Za-z0-9]*-(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{12,13}$/;

/**
 * EKS takes roles of the cluster's own account only (EKS User Guide, "Access AWS resources using EKS Pod Identity target
 * IAM roles"): the one of the same name there, where a cluster's name in it is that of the other cluster.
 */
function roleIn(model: Model, { row, association }: CopySource, cluster: ClusterRow): string | undefined {
  const parsed = parseRoleArn(association.roleArn);
  if (!parsed.ok) return association.roleArn;
  const name = renamedFor(parsed.value.name, row.clusterName, cluster.name);
  const [, partition = parsed.value.partition] = cluster.id.split(':');
  const used = model.roles(cluster.id).find(role => role.name === name && accountOf(role.arn) === cluster.account);
  if (used) return used.arn;
  const bound = name !== parsed.value.name || cluster.account !== parsed.value.account;
  if (bound && madeByStack.test(name)) return undefined;
  return formatRoleArn({ ...parsed.value, partition, account: cluster.account, name });
}

function obstacleOf(cluster: ClusterRow, now: Stance | undefined, there: Association | undefined): string | undefined {
  if (now?.mechanism === 'unknown') return 'what it gives today has not been read';
  if (!now && cluster.associations === undefined) return 'its associations have not been read';
  return there?.ownerArn === undefined ? undefined : 'an add-on owns its association: change it with the add-on';
}
