import type { KubeNode } from '../identity/facts.ts';
import { isReady } from './objects.ts';
import { objectOf, textMapOf, textOf } from './wire.ts';

const computeTypeLabel = 'eks.amazonaws.com/compute-type';

export function nodeOf(wire: unknown): KubeNode | undefined {
  const { metadata, status } = objectOf(wire);
  const meta = objectOf(metadata);
  const name = textOf(meta.name);
  if (name === undefined) return undefined;
  const labels = textMapOf(meta.labels);
  const computeType = labels[computeTypeLabel];
  return {
    name,
    platform: platformOf(name, labels),
    ...(computeType ? { computeType } : {}),
    ready: isReady(status),
    labels,
  };
}

/**
 * Fargate: the compute type that EKS puts on such nodes, or their name. Windows: the label that every kubelet sets
 * (Kubernetes docs, "Well-Known Labels").
 */
function platformOf(name: string, labels: Readonly<Record<string, string>>): KubeNode['platform'] {
  if (labels[computeTypeLabel] === 'fargate' || name.startsWith('fargate-')) return 'fargate';
  return (labels['kubernetes.io/os'] ?? labels['beta.kubernetes.io/os']) === 'windows' ? 'windows' : 'linux';
}
