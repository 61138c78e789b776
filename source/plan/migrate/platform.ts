import type { Pod } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { Evidence } from '../plan.ts';
import { gapText, livePodsOf, podCount } from '../subjects.ts';

/**
 * Why the pods of a service account cannot all use Pod Identity, or undefined. It is not offered on Fargate and Windows
 * (EKS User Guide, "EKS Pod Identity restrictions"), and new pods there would get Pod Identity's variables all the same.
 * Containers that the webhook is told to skip (amazon-eks-pod-identity-webhook, `skip-containers`) get neither.
 */
export function wrongPlatform(snapshot: Snapshot, subject: Subject): string | undefined {
  const pods = livePodsOf(snapshot.pods, subject) ?? [];
  const elsewhere = pods.filter(({ platform }) => platform !== 'linux');
  if (elsewhere.length > 0) {
    const where = [...new Set(elsewhere.map(platformName))].join(' and ');
    return `${share(elsewhere, pods)} on ${where}, where Pod Identity is not offered`;
  }
  const skipping = pods.filter(({ skipContainers }) => skipContainers && skipContainers.length > 0);
  if (skipping.length === 0) return undefined;
  const names = [...new Set(skipping.flatMap(({ skipContainers = [] }) => skipContainers))].toSorted();
  return (
    `${share(skipping, pods)} with the annotation skip-containers (${names.join(', ')}): the webhook leaves these ` +
    `containers without credentials of either kind`
  );
}

const share = (some: readonly Pod[], all: readonly Pod[]): string =>
  `${podCount(some.length)}${some.length === all.length ? '' : ` of ${all.length}`}`;

const platformName = ({ platform }: Pod): string => (platform === 'fargate' ? 'Fargate' : 'Windows');

/** What is known of where the pods of a service account that moves run. */
export function platformRow(snapshot: Snapshot, subject: Subject): Evidence {
  const row = { gate: 'platform', subject: subjectText(subject) } as const;
  const gap = gapText(snapshot.pods);
  if (gap) return { ...row, verdict: 'unknown', detail: `whether its pods run on Fargate or Windows: the pods ${gap}` };
  const pods = livePodsOf(snapshot.pods, subject) ?? [];
  if (pods.length === 0) return { ...row, verdict: 'ok', detail: 'no pod runs now' };
  return { ...row, verdict: 'ok', detail: `${podCount(pods.length)} on Linux nodes` };
}
