import type { Pod } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { WorkloadKind } from '../action.ts';
import { compare } from '../nodes.ts';
import { livePodsOf } from '../subjects.ts';

/** Something that makes new pods in place of those it has. */
export type Workload = { readonly kind: WorkloadKind; readonly name: string; readonly pods: readonly Pod[] };

/** How the pods of a service account are to come to Pod Identity. */
export type PodSituation = {
  readonly live: readonly Pod[];
  /** With at least one pod that was born with what is left: restarting gives them the other. */
  readonly workloads: readonly Workload[];
  /** Pods with what is left that nothing re-creates when it is told to: of Jobs, or of nobody. */
  readonly stuck: readonly Pod[];
  /** Web identity in the pod template itself: a restart does not change it. */
  readonly handmade: readonly Pod[];
  /** Born with neither, of something that is not restarted. */
  readonly bare: readonly Pod[];
};

const isWorkload = (kind: string | undefined): kind is WorkloadKind =>
  kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet';

const workloadOf = ({ owner }: Pod): string | undefined =>
  owner && isWorkload(owner.kind) ? `${owner.kind}/${owner.name}` : undefined;

/**
 * What a service account's pods are born with, seen from one mechanism that they are to leave. Pods that are told to end
 * are past helping, and their successors are born as new pods are.
 */
export function situationOf(
  snapshot: Snapshot,
  subject: Subject,
  leaving: 'irsa' | 'pod-identity' = 'irsa',
): PodSituation {
  const live = (livePodsOf(snapshot.pods, subject) ?? [])
    .filter(({ terminating }) => !terminating)
    .toSorted((a, b) => compare(a.name, b.name));
  const old = live.filter(({ mechanism }) => mechanism === leaving);
  const names = [...new Set(old.flatMap(pod => workloadOf(pod) ?? []))].toSorted();
  const workloads = names.map(name => workloadNamed(name, live));
  const restarted = new Set(workloads.flatMap(({ pods }) => pods));
  return {
    live,
    workloads,
    stuck: old.filter(pod => !restarted.has(pod)),
    handmade: live.filter(({ mechanism }) => mechanism === 'both'),
    bare: live.filter(pod => pod.mechanism === 'none' && !restarted.has(pod)),
  };
}

function workloadNamed(text: string, live: readonly Pod[]): Workload {
  const [kind, name = ''] = text.split('/');
  return { kind: kind as WorkloadKind, name, pods: live.filter(pod => workloadOf(pod) === text) };
}

/** `pod shop/api-1 of Job nightly`, at most three of them. */
export function podList(pods: readonly Pod[]): string {
  const names = pods.slice(0, 3).map(pod => {
    const owner = pod.owner ? `of ${pod.owner.kind} ${pod.owner.name}` : 'of no workload';
    return `${pod.namespace}/${pod.name} (${owner})`;
  });
  const more = pods.length > 3 ? ` and ${pods.length - 3} more` : '';
  return `${pods.length === 1 ? 'pod' : 'pods'} ${names.join(', ')}${more}`;
}

export const restartHint = (subject: Subject, workloads: readonly Workload[]): string =>
  `${subjectText(subject)}: ${workloads.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`;
