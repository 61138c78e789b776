import type { KubeNode, Namespace, Pod, Rollout, ServiceAccount, WebIdentityUser } from '../../identity/facts.ts';
import type { WorkloadKind } from '../../plan/action.ts';
import type { CallOptions } from './call.ts';

export type WatchEvent<T> =
  | { readonly type: 'put'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'delete'; readonly object: T; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

export type KubernetesPage<T> = {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** From remainingItemCount, where the server tells. */
  readonly remaining?: number;
};

/** One kind of object: list in pages, then watch from the list's resourceVersion. */
export interface KubernetesCollection<T> {
  list(options?: CallOptions & { readonly namespace?: string }): AsyncIterable<KubernetesPage<T>>;
  /**
   * Events after `resourceVersion`; ends normally when the server closes the stream. Throws `PortError` with
   * code `Expired` (410) when the version is too old: the caller lists again. The first event is a bookmark at
   * `resourceVersion`, told when the server accepted the watch: nothing else tells a quiet watch from a dead one.
   */
  watch(resourceVersion: string, options?: CallOptions): AsyncIterable<WatchEvent<T>>;
}

export type DaemonSet = {
  readonly namespace: string;
  readonly name: string;
  readonly rollout: Rollout;
  readonly images: readonly string[];
};

/** A workload's progress; a roll-out is through when the generation is observed and all pods are updated and ready. */
export type Workload = {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly desired: number;
  /** Pods there are, of this template and of older ones. */
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  /** Value of the pod template's restartedAt annotation. */
  readonly restartedAt?: string;
  readonly paused: boolean;
  /** Update strategy OnDelete: a changed template does not replace the pods that run. */
  readonly onDelete: boolean;
};

export interface KubernetesPort {
  readonly namespaces: KubernetesCollection<Namespace>;
  readonly serviceAccounts: KubernetesCollection<ServiceAccount>;
  readonly pods: KubernetesCollection<Pod>;
  listDaemonSets(namespace: string, options?: CallOptions): Promise<readonly DaemonSet[]>;
  getServiceAccount(namespace: string, name: string, options?: CallOptions): Promise<ServiceAccount>;
  /**
   * Merge patch of single annotations (null removes one), with the object's resourceVersion as an optimistic lock:
   * throws `conflict` when it changed since.
   */
  annotateServiceAccount(
    namespace: string,
    name: string,
    annotations: Readonly<Record<string, string | null>>,
    resourceVersion: string,
    options?: CallOptions,
  ): Promise<ServiceAccount>;
  getNamespace(name: string, options?: CallOptions): Promise<Namespace>;
  /** Throws `exists` when there is one of that name. */
  createNamespace(name: string, options?: CallOptions): Promise<void>;
  /** Throws `exists` when there is one of that name. */
  createServiceAccount(
    namespace: string,
    name: string,
    labels: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<ServiceAccount>;
  /** Throws `conflict` when one of that name but of another uid is there by now, `not-found` when there is none. */
  deleteServiceAccount(namespace: string, name: string, uid: string, options?: CallOptions): Promise<void>;
  listNodes(options?: CallOptions): Promise<readonly KubeNode[]>;
  /**
   * Objects that assume roles by a service account's web identity without being a pod (External Secrets, CSI driver).
   * Empty where their kinds are not installed; throws when any of the installed ones cannot be read.
   */
  listWebIdentityUsers(options?: CallOptions): Promise<readonly WebIdentityUser[]>;
  /** Pods of one service account, now. */
  podsOf(namespace: string, serviceAccount: string, options?: CallOptions): Promise<readonly Pod[]>;
  getWorkload(kind: WorkloadKind, namespace: string, name: string, options?: CallOptions): Promise<Workload>;
  /** As `kubectl rollout restart`: patches the pod template's annotation `kubectl.kubernetes.io/restartedAt`. */
  restartWorkload(
    kind: WorkloadKind,
    namespace: string,
    name: string,
    restartedAt: string,
    options?: CallOptions,
  ): Promise<Workload>;
  /** Throws `conflict` when a pod of that name but of another uid is there by now, `not-found` when there is none. */
  deletePod(namespace: string, name: string, uid: string, options?: CallOptions): Promise<void>;
  /** SelfSubjectAccessReview. */
  can(
    request: { readonly verb: string; readonly resource: string; readonly group?: string; readonly namespace?: string },
    options?: CallOptions,
  ): Promise<boolean>;
  version(options?: CallOptions): Promise<string>;
  /** Closes sockets; calls after it throw. */
  close(): void;
}
