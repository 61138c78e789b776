import type { Pod } from '../../identity/facts.ts';
import type { RestartWorkload, VerifyPods } from '../../plan/action.ts';
import { failure } from './context.ts';

type Wanted = VerifyPods['wants'];

/** Pods that run or will; what has come to its end needs no credentials any more. */
export const isLive = ({ phase, terminating }: Pod): boolean =>
  !terminating && phase !== 'Succeeded' && phase !== 'Failed';

/**
 * Whether the pod was born with what is wanted. One that has both takes web identity: the SDKs' default chains look for
 * it first (AWS SDKs and Tools Reference Guide, "Understand the credential provider chain").
 */
export const isBornWith = ({ mechanism }: Pod, wants: Wanted): boolean =>
  mechanism === wants || (wants === 'irsa' && mechanism === 'both');

export const belongsTo = ({ owner }: Pod, { kind, name }: RestartWorkload['workload']): boolean =>
  owner?.kind === kind && owner.name === name;

/** Throws when a pod that came into being since `plannedAt` has no identity at all: whatever made it so stops the wave. */
export function refuseBornWithNeither(pods: readonly Pod[], wants: Wanted, plannedAt: number): void {
  const bare = pods.find(pod => isLive(pod) && pod.mechanism === 'none' && (pod.createdAt ?? 0) > plannedAt);
  if (!bare) return;
  const name = `${bare.namespace}/${bare.name}`;
  const why = 'the admission webhook gave it neither Pod Identity nor web identity';
  const cure = `look at the webhook and the ${wants === 'irsa' ? 'annotation' : 'association'}, delete the pod, resume`;
  throw failure('invalid', `pod ${name} was born without credentials: ${why}; ${cure}`);
}

export const mechanismText = (wants: Wanted): string => (wants === 'irsa' ? 'web identity' : 'Pod Identity');

/** A few names, for a sentence. */
export function podNames(pods: readonly Pod[]): string {
  const names = pods.map(({ name }) => name).toSorted();
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
