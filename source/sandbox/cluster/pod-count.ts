/**
 * How many pods run, by what they have: the live counter beside a run. A pod counts as without credentials when pods of
 * its service account had some before, so that what was broken when the world began is told apart from what a run broke.
 */
import type { ClusterRecord, World } from '../model.ts';
import { type Mechanism, obtainCredentials, servicesAt } from './credentials.ts';
import { leaseOf, renewLeases } from './leases.ts';
import { fieldsOf, isTerminating, podSpecOf, serviceAccountOf } from './shapes.ts';
import { keyOf, objectsOf } from './store.ts';

export type PodCount = {
  /** Cluster ARN. */
  readonly cluster: string;
  /** Running pods of service accounts that have, or had, an identity. */
  readonly pods: number;
  readonly byMechanism: Readonly<Record<Mechanism, number>>;
  /** Pods without credentials whose service account's pods had some before. */
  readonly lost: number;
  /** Pods that want credentials and whose service account never had any since the count began. */
  readonly neverHad: number;
  /** `namespace/name` of the service accounts of `lost`, sorted. */
  readonly losers: readonly string[];
};

/** Service accounts whose pods were seen with credentials, by cluster; the count begins with the first look. */
const seen = new WeakMap<ClusterRecord, Set<string>>();

export function countPods(world: World, cluster: ClusterRecord, now: number): PodCount {
  renewLeases(world, cluster, now);
  const services = servicesAt(world, cluster, now);
  const had = seen.get(cluster) ?? new Set<string>();
  seen.set(cluster, had);
  const byMechanism: Record<Mechanism, number> = { 'pod-identity': 0, irsa: 0, none: 0 };
  const without: { readonly account: string; readonly mechanism: Mechanism }[] = [];
  for (const pod of objectsOf(cluster.kube, 'pods')) {
    if (fieldsOf(pod.status).phase !== 'Running' || isTerminating(pod)) continue;
    const account = keyOf({ namespace: pod.metadata.namespace ?? 'default', name: serviceAccountOf(podSpecOf(pod)) });
    const fresh = obtainCredentials(services, pod);
    if (fresh.ok || leaseOf(cluster, pod, now) !== undefined) {
      had.add(account);
      byMechanism[fresh.mechanism] += 1;
    } else {
      without.push({ account, mechanism: fresh.mechanism });
    }
  }
  // A pod that was given neither mechanism, of an account that never had any, wants no credentials.
  const lost = without.filter(({ account }) => had.has(account));
  const neverHad = without.filter(({ account, mechanism }) => !had.has(account) && mechanism !== 'none');
  for (const { mechanism } of [...lost, ...neverHad]) byMechanism[mechanism] += 1;
  return {
    cluster: cluster.arn,
    pods: byMechanism['pod-identity'] + byMechanism.irsa + byMechanism.none,
    byMechanism,
    lost: lost.length,
    neverHad: neverHad.length,
    losers: [...new Set(lost.map(({ account }) => account))].sort(),
  };
}
