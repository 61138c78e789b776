import { type ClusterRef, subjectText } from '../identity/scope.ts';
import type { RoleUsesElsewhere } from '../identity/snapshot.ts';
import type { Clock } from '../run/clock.ts';
import { type CallOptions, type EksPort, PortError } from '../run/ports.ts';
import { readAllAssociations } from './associations.ts';
import type { World } from './world.ts';

/**
 * Associations with the roles, as role or as target role, in every other cluster of the account, as far as the sessions
 * reach: an association takes a role of its cluster's own account (EKS API reference, CreatePodIdentityAssociation).
 */
export async function usesElsewhere(
  sessions: World['sessions'],
  cluster: ClusterRef,
  roles: ReadonlySet<string>,
  clock: Clock,
  calls: CallOptions = {},
): Promise<RoleUsesElsewhere> {
  const uses = new Map<string, string[]>();
  const unread = new Set<string>();
  if (roles.size === 0) return { uses, unread: [] };
  const seen = new Set([`${cluster.region} ${cluster.name}`]);
  const lookAt = async (eks: EksPort, name: string) => {
    for (const { roleArn, targetRoleArn, ...subject } of await readAllAssociations(eks, name, clock, calls))
      for (const arn of new Set([roleArn, ...(targetRoleArn === undefined ? [] : [targetRoleArn])]))
        if (roles.has(arn)) uses.set(arn, [...(uses.get(arn) ?? []), `${subjectText(subject)} of cluster ${name}`]);
  };
  for (const { eks, sts, region } of sessions) {
    const failed = await unlessRead(`the clusters of ${region}`, async () => {
      if ((await sts.callerIdentity(calls)).account !== cluster.account) return;
      for await (const names of eks.listClusters(calls))
        for (const name of names) {
          if (seen.has(`${region} ${name}`)) continue;
          seen.add(`${region} ${name}`);
          const unseen = await unlessRead(`cluster ${name}`, () => lookAt(eks, name));
          if (unseen) unread.add(unseen);
        }
    });
    if (failed) unread.add(failed);
  }
  return { uses, unread: [...unread] };
}

/** The name of what could not be read; nothing when it was. */
async function unlessRead(name: string, read: () => Promise<void>): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (error instanceof PortError) return name;
    throw error;
  }
}
