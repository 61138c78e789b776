import type { ClusterRecord, World } from '../../../source/sandbox/model.ts';
import type { WorldName, WorldOptions } from '../../../source/sandbox/worlds/worlds.ts';

export const worldOptions = (name: WorldName, more: Partial<WorldOptions> = {}): WorldOptions => ({
  name,
  clusters: 3,
  associations: 10,
  seed: 1,
  faults: { latency: 0, throttle: 0, rate: 0, consistency: 0 },
  ...more,
});

export function only<Item>(items: Iterable<Item>): Item {
  const [first, ...others] = items;
  if (first === undefined || others.length > 0)
    throw new Error(`expected one item, found ${others.length + (first ? 1 : 0)}`);
  return first;
}

export function clusterNamed(world: World, name: string): ClusterRecord {
  return only([...world.clusters.values()].filter(each => each.name === name));
}

type PodSpec = { serviceAccountName: string; containers: { env?: { name: string; value?: string }[] }[] };

/** The pods of a service account (`namespace/name`), with the environment of their first container. */
export function podsOf(cluster: ClusterRecord, subject: string): { name: string; env: Record<string, string> }[] {
  return [...(cluster.kube.objects.get('pods')?.values() ?? [])].flatMap(pod => {
    const spec = pod.spec as PodSpec;
    if (`${pod.metadata.namespace}/${spec.serviceAccountName}` !== subject) return [];
    const env = spec.containers[0]?.env ?? [];
    return [{ name: pod.metadata.name, env: Object.fromEntries(env.map(each => [each.name, each.value ?? ''])) }];
  });
}
