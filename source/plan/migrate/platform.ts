import type { Pod } from '../../identity/facts.ts';
import type { Subject } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { livePodsOf, podCount } from '../subjects.ts';

/**
 * Why the pods of a service account cannot all use Pod Identity, or undefined. It is not offered on Fargate and Windows
 * (EKS User Guide, "EKS Pod Identity restrictions"), and new pods there would get Pod Identity's variables all the same.
 */
export function wrongPlatform(snapshot: Snapshot, subject: Subject): string | undefined {
  const pods = livePodsOf(snapshot.pods, subject) ?? [];
  const elsewhere = pods.filter(({ platform }) => platform !== 'linux');
  if (elsewhere.length === 0) return undefined;
  const where = [...new Set(elsewhere.map(platformName))].join(' and ');
  const share = elsewhere.length === pods.length ? '' : ` of ${pods.length}`;
  return `${podCount(elsewhere.length)}${share} on ${where}, where Pod Identity is not offered`;
}

const platformName = ({ platform }: Pod): string => (platform === 'fargate' ? 'Fargate' : 'Windows');
