import type { ClusterRecord, World } from '../model.ts';

/** The cluster of that name or ARN, or one sentence on why there is not exactly one. */
export function findCluster(world: World, nameOrArn: string): ClusterRecord | string {
  const found = [...world.clusters.values()].filter(each => each.arn === nameOrArn || each.name === nameOrArn);
  const [first, second] = found;
  if (!first) return `There is no cluster ${JSON.stringify(nameOrArn)}.`;
  return second ? `Several clusters are called ${JSON.stringify(nameOrArn)}: use an ARN.` : first;
}
