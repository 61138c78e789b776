import type { Cluster, Namespace, Pod, ServiceAccount } from '../identity/facts.ts';
import { type CallOptions, type KubernetesCollection, type KubernetesPort, PortError } from '../run/ports.ts';

export type ListOptions = CallOptions & {
  /** Only these namespaces; absent: all. */
  readonly namespaces?: readonly string[];
  readonly onCount?: (read: number) => void;
};

export const readNamespaces = (kubernetes: KubernetesPort, options: CallOptions = {}): Promise<readonly Namespace[]> =>
  listAll(kubernetes.namespaces, options);

export const readServiceAccounts = (
  kubernetes: KubernetesPort,
  options: ListOptions = {},
): Promise<readonly ServiceAccount[]> => listAll(kubernetes.serviceAccounts, options);

export const readPods = (kubernetes: KubernetesPort, options: ListOptions = {}): Promise<readonly Pod[]> =>
  listAll(kubernetes.pods, options);

/** A way to the API server, or a `PortError` in its place for a part of a snapshot that needs one. */
export function kubernetesOf(kubernetes: KubernetesPort | undefined, cluster: Cluster): KubernetesPort {
  if (kubernetes) return kubernetes;
  const why = cluster.endpoint ? 'no way to it is configured' : `it has no endpoint while it is ${cluster.status}`;
  throw new PortError({ kind: 'unreachable', message: `The Kubernetes API of ${cluster.name} was not read: ${why}.` });
}

/** More namespaces than this cost more as single lists than as one list of everything. */
const singleLists = 20;

/** Every page, or none: throws `PortError` when a page fails. In the order of the server. */
async function listAll<T>(
  collection: KubernetesCollection<T>,
  { namespaces, onCount = () => {}, ...options }: ListOptions,
): Promise<readonly T[]> {
  const few = namespaces !== undefined && namespaces.length <= singleLists;
  const scopes: readonly { readonly namespace?: string }[] = few ? namespaces.map(namespace => ({ namespace })) : [{}];
  let count = 0;
  const lists = scopes.map(async scope => {
    const items: T[] = [];
    for await (const page of collection.list({ ...options, ...scope })) {
      for (const item of page.items) items.push(item);
      count += page.items.length;
      onCount(count);
    }
    return items;
  });
  return (await Promise.all(lists)).flat();
}
