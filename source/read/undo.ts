import { subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import type { Action } from '../plan/action.ts';
import { actions, type Plan } from '../plan/plan.ts';
import { planUndo, type UndoOptions } from '../plan/undo.ts';
import type { Clock } from '../run/clock.ts';
import type { JournalContent } from '../run/journal.ts';
import { type CallOptions, type ClusterPorts, type EksPort, PortError } from '../run/ports.ts';
import { beginOf } from '../run/resume.ts';
import { readAllAssociations } from './associations.ts';
import { readSnapshot } from './snapshot.ts';
import { everything } from './want.ts';
import type { PlanOptions } from './workbench.ts';
import type { World } from './world.ts';

type Request = Pick<UndoOptions, 'restartWorkloads'> & PlanOptions;

/**
 * Plans the way back from a run out of its journal and facts read for it: the run's cluster, the roles that the run has
 * edited, and who uses them in the account's other clusters. Throws `PortError` when there is no way to the cluster.
 */
export async function undoPlan(
  sessions: World['sessions'],
  ports: ClusterPorts,
  content: JournalContent,
  clock: Clock,
  { restartWorkloads = false, signal, onProgress }: Request,
): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot }> {
  const { plan } = beginOf(content);
  const roles = editedRoles(plan);
  const calls = signal ? { signal } : {};
  const [snapshot, others] = await Promise.all([
    readSnapshot(ports, plan.cluster, {
      clock,
      want: { ...everything, roles, stacks: stacksOf(plan), chaining: false, trustSweep: false },
      ...calls,
      ...(onProgress ? { onProgress } : {}),
    }),
    usesElsewhere(sessions, plan, new Set(roles), clock, calls),
  ]);
  return { plan: planUndo(content, snapshot, { restartWorkloads, ...others }), snapshot };
}

const editedRoles = (plan: Plan): readonly string[] => [
  ...new Set(actions(plan.root).flatMap(({ action }) => ('intent' in action ? [action.roleArn] : []))),
];

/** Stacks that the run may have made, changed or deleted, by name. */
const stacksOf = (plan: Plan): readonly string[] =>
  actions(plan.root).flatMap(({ action }) => (action.type.endsWith('-role-stack') ? stackNameOf(action) : []));

const stackNameOf = ({ request }: Action): readonly string[] => ('StackName' in request ? [request.StackName] : []);

/**
 * Associations with the roles in every other cluster of the account, as far as the sessions reach: an association takes a
 * role of its cluster's own account (EKS API reference, CreatePodIdentityAssociation).
 */
async function usesElsewhere(
  sessions: World['sessions'],
  { cluster }: Plan,
  roles: ReadonlySet<string>,
  clock: Clock,
  calls: CallOptions,
): Promise<Pick<UndoOptions, 'otherUses' | 'unreadClusters'>> {
  if (roles.size === 0) return {};
  const otherUses = new Map<string, string[]>();
  const unreadClusters = new Set<string>();
  const seen = new Set([`${cluster.region} ${cluster.name}`]);
  const lookAt = async (eks: EksPort, name: string) => {
    for (const { roleArn, ...subject } of await readAllAssociations(eks, name, clock, calls)) {
      if (!roles.has(roleArn)) continue;
      otherUses.set(roleArn, [...(otherUses.get(roleArn) ?? []), `${subjectText(subject)} of cluster ${name}`]);
    }
  };
  for (const { eks, sts, region } of sessions) {
    const unread = await unlessRead(`the clusters of ${region}`, async () => {
      if ((await sts.callerIdentity(calls)).account !== cluster.account) return;
      for await (const names of eks.listClusters(calls))
        for (const name of names) {
          if (seen.has(`${region} ${name}`)) continue;
          seen.add(`${region} ${name}`);
          const failed = await unlessRead(name, () => lookAt(eks, name));
          if (failed) unreadClusters.add(failed);
        }
    });
    if (unread) unreadClusters.add(unread);
  }
  return { otherUses, unreadClusters: [...unreadClusters] };
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
