/**
 * Credentials as leases: a running pod fetches them when it starts and again before they expire. They work until they
 * expire, whatever became of role, trust policy or association meanwhile.
 */
import type { ClusterRecord, KubeObject, PodLease, World } from '../model.ts';
import { obtainCredentials, podMechanism, type Services, servicesAt } from './credentials.ts';
import { objectsOf } from './store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * AssumeRoleWithWebIdentity gives one hour by default, and SDKs fetch anew five minutes before the end. The Pod
 * Identity agent holds credentials of six hours (EKS user guide) and renews them after three (its default setting).
 */
const LIFE = {
  irsa: { lasts: HOUR, renewedAfter: 55 * MINUTE },
  'pod-identity': { lasts: 6 * HOUR, renewedAfter: 3 * HOUR },
} as const;

/** A pod whose renewal failed asks again. */
const RETRY_AFTER = 10_000;

/** The pod started at `bornAt`: it fetches its first credentials the next time leases are brought up to date. */
export function startLease(cluster: ClusterRecord, pod: KubeObject, bornAt: number): void {
  const mechanism = podMechanism(pod);
  if (mechanism === 'none') {
    return;
  }
  cluster.kube.leases ??= new Map();
  cluster.kube.leases.set(pod.metadata.uid, { mechanism, roleArn: '', expiresAt: bornAt, renewAt: bornAt });
  dueBy(cluster, bornAt);
}

export function endLease(cluster: ClusterRecord, pod: KubeObject): void {
  cluster.kube.leases?.delete(pod.metadata.uid);
}

/** The pod's credentials if they still work at `now`. */
export function leaseOf(cluster: ClusterRecord, pod: KubeObject, now: number): PodLease | undefined {
  const lease = cluster.kube.leases?.get(pod.metadata.uid);
  return lease !== undefined && lease.expiresAt > now ? lease : undefined;
}

/**
 * Renews what is due at `now`. Between two calls nothing in the world changed, so what was due in between is renewed
 * as of then. Costs nothing while nothing is due.
 */
export function renewLeases(world: World, cluster: ClusterRecord, now: number): void {
  const { leases, leasesDueAt } = cluster.kube;
  if (leases === undefined || leasesDueAt === undefined || leasesDueAt > now) {
    return;
  }
  cluster.kube.leasesDueAt = Number.POSITIVE_INFINITY;
  const services = servicesAt(world, cluster, now);
  for (const pod of objectsOf(cluster.kube, 'pods')) {
    const lease = leases.get(pod.metadata.uid);
    if (lease !== undefined) {
      const renewed = lease.renewAt > now ? lease : renew(services, pod, lease);
      leases.set(pod.metadata.uid, renewed);
      dueBy(cluster, renewed.renewAt);
    }
  }
}

function renew(services: Services, pod: KubeObject, lease: PodLease): PodLease {
  const { now } = services;
  const result = obtainCredentials(services, pod);
  if (!result.ok) {
    return { ...lease, renewAt: now + RETRY_AFTER };
  }
  const life = LIFE[result.mechanism];
  const obtainedAt = now - ((now - lease.renewAt) % life.renewedAfter);
  return {
    mechanism: result.mechanism,
    roleArn: result.roleArn,
    expiresAt: obtainedAt + life.lasts,
    renewAt: obtainedAt + life.renewedAfter,
  };
}

function dueBy(cluster: ClusterRecord, at: number): void {
  cluster.kube.leasesDueAt = Math.min(cluster.kube.leasesDueAt ?? Number.POSITIVE_INFINITY, at);
}
