import type { Snapshot } from '../identity/snapshot.ts';
import type { Clock } from '../run/clock.ts';
import type { CallOptions, ClusterPorts } from '../run/ports.ts';
import { attempt } from './attempt.ts';
import { usesElsewhere } from './elsewhere.ts';
import { readRole } from './roles.ts';
import type { World } from './world.ts';

type Options = { readonly clock: Clock; readonly calls: CallOptions };

/**
 * A snapshot with what decides whether roles may go or change: their trust policies, and who has them in the account's
 * other clusters. It is many requests, so it is read for plans alone that touch such roles.
 */
export async function lookFurther(
  sessions: World['sessions'],
  ports: ClusterPorts,
  snapshot: Snapshot,
  roles: ReadonlySet<string>,
  { clock, calls }: Options,
): Promise<Snapshot> {
  const unseen = [...roles].filter(arn => !snapshot.roles.has(arn));
  const [elsewhere, ...facts] = await Promise.all([
    usesElsewhere(sessions, snapshot.cluster, roles, clock, calls),
    ...unseen.map(async arn => {
      const reading = await attempt(clock, () => readRole(ports.iam, arn, snapshot.cluster, calls));
      return [arn, reading] as const;
    }),
  ]);
  return { ...snapshot, elsewhere, roles: new Map([...snapshot.roles, ...facts]) };
}
