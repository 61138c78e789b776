import type { Alarm } from '../alarm.ts';
import type { ClusterSync } from './cluster.ts';
import type { SyncContext } from './context.ts';
import { pump } from './pump.ts';

/**
 * Describes the associations of a session's clusters: first what is on screen, then the rest of the clusters in view,
 * then the others in the order in which they were listed. `alarm` rings when there may be something new to describe.
 */
export function describeAssociations(
  context: SyncContext,
  alarm: Alarm,
  clusters: () => Iterable<ClusterSync>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, policy } = context;
  return pump(
    {
      clock,
      alarm,
      concurrency: policy.concurrency.associations,
      next: now => next(context, clusters, now),
      nextAt: now => nextAt(clusters, now),
    },
    signal,
  );
}

function next(context: SyncContext, clusters: () => Iterable<ClusterSync>, now: number) {
  for (const cluster of inOrder(context, clusters)) {
    const { described, onScreen, ages } = cluster.associations;
    const job = described.next(now, onScreen, ages, cluster.signal);
    if (job) return job;
  }
  return undefined;
}

function nextAt(clusters: () => Iterable<ClusterSync>, now: number): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { associations } of clusters())
    earliest = Math.min(earliest, associations.described.nextAt(now, associations.onScreen, associations.ages));
  return earliest;
}

function* inOrder({ attention }: SyncContext, clusters: () => Iterable<ClusterSync>): Iterable<ClusterSync> {
  for (const cluster of clusters()) if (attention.sees(cluster.facts.ref.arn)) yield cluster;
  for (const cluster of clusters()) if (!attention.sees(cluster.facts.ref.arn)) yield cluster;
}
