/** Updates: what EKS does in the background, by id (EKS API reference, DescribeUpdate). */
import type { ClusterRecord, World } from '../../model.ts';
import type { RestOperation } from '../context.ts';
import { newUuid } from '../ids.ts';
import { notFound } from './faults.ts';
import { clusterNamed, wireTime } from './shared.ts';

type UpdateRecord = ClusterRecord['updates'] extends Map<string, infer U> ? U : never;

export const UPDATE_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  DescribeUpdate: context => {
    const cluster = clusterNamed(context, context.labels.name ?? '');
    const update = cluster.updates.get(context.labels.updateId ?? '');
    const addon = context.query.get('addonName');
    if (update === undefined || (update.addon ?? null) !== addon) {
      throw notFound(`No update found for ID: ${context.labels.updateId ?? ''}`, { clusterName: cluster.name });
    }
    return { update: describeUpdate(update) };
  },
};

export function newUpdate(
  world: World,
  cluster: ClusterRecord,
  type: string,
  now: number,
  addon: string,
): UpdateRecord {
  const update: UpdateRecord = { id: newUuid(world), type, status: 'InProgress', addon, createdAt: now, errors: [] };
  cluster.updates.set(update.id, update);
  return update;
}

export function describeUpdate(update: UpdateRecord): object {
  return {
    id: update.id,
    status: update.status,
    type: update.type,
    params: [],
    createdAt: wireTime(update.createdAt),
    errors: update.errors,
  };
}
