import type { Pod } from '../../identity/facts.ts';
import { keyOf } from './keys.ts';

export type PodCounts = {
  /** Pods that have not ended. */
  readonly pods: number;
  /** Of these, born with the web identity variables. */
  readonly onIrsa: number;
};

const none: PodCounts = { pods: 0, onIrsa: 0 };

/** The pods of one cluster, by service account and counted. Pods that ended hold no credentials and do not count. */
export class Pods {
  readonly #byUid = new Map<string, Pod>();
  readonly #bySubject = new Map<string, Map<string, Pod>>();
  readonly #byNamespace = new Map<string, { pods: number; onIrsa: number }>();

  all(): Iterable<Pod> {
    return this.#byUid.values();
  }

  get(uid: string): Pod | undefined {
    return this.#byUid.get(uid);
  }

  /** Those of one service account that have not ended. */
  of(key: string): Iterable<Pod> {
    return this.#bySubject.get(key)?.values() ?? [];
  }

  countOf(key: string): PodCounts {
    const pods = this.#bySubject.get(key);
    if (!pods) return none;
    let onIrsa = 0;
    for (const pod of pods.values()) if (isOnIrsa(pod)) onIrsa += 1;
    return { pods: pods.size, onIrsa };
  }

  countIn(namespace: string): PodCounts {
    return this.#byNamespace.get(namespace) ?? none;
  }

  put(pod: Pod): void {
    this.delete(pod.uid);
    this.#byUid.set(pod.uid, pod);
    if (hasEnded(pod)) return;
    const key = keyOf(pod);
    const siblings = this.#bySubject.get(key) ?? new Map<string, Pod>();
    siblings.set(pod.uid, pod);
    this.#bySubject.set(key, siblings);
    this.#count(pod, 1);
  }

  delete(uid: string): void {
    const pod = this.#byUid.get(uid);
    if (!pod) return;
    this.#byUid.delete(uid);
    const key = keyOf(pod);
    const siblings = this.#bySubject.get(key);
    if (!siblings?.delete(uid)) return;
    if (siblings.size === 0) this.#bySubject.delete(key);
    this.#count(pod, -1);
  }

  clear(): void {
    this.#byUid.clear();
    this.#bySubject.clear();
    this.#byNamespace.clear();
  }

  #count(pod: Pod, by: 1 | -1): void {
    const counts = this.#byNamespace.get(pod.namespace) ?? { pods: 0, onIrsa: 0 };
    counts.pods += by;
    if (isOnIrsa(pod)) counts.onIrsa += by;
    if (counts.pods === 0) this.#byNamespace.delete(pod.namespace);
    else this.#byNamespace.set(pod.namespace, counts);
  }
}

const isOnIrsa = (pod: Pod): boolean => pod.mechanism === 'irsa' || pod.mechanism === 'both';

const hasEnded = (pod: Pod): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';
