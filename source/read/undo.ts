import type { Snapshot } from '../identity/snapshot.ts';
import type { Action } from '../plan/action.ts';
import { rolesAtStake } from '../plan/needs.ts';
import { actions, type Plan } from '../plan/plan.ts';
import { planUndo, type UndoOptions } from '../plan/undo.ts';
import type { Clock } from '../run/clock.ts';
import type { JournalContent } from '../run/journal.ts';
import type { ClusterPorts } from '../run/ports.ts';
import { beginOf } from '../run/resume.ts';
import { lookFurther } from './further.ts';
import { readSnapshot } from './snapshot.ts';
import { everything } from './want.ts';
import type { PlanOptions } from './workbench.ts';
import type { World } from './world.ts';

type Request = Pick<UndoOptions, 'restartWorkloads'> & PlanOptions;

/**
 * Plans the way back from a run out of its journal and facts read for it: the run's cluster, the roles that the run has
 * edited or made, and who uses them in the account's other clusters. Throws `PortError` when there is no way to the cluster.
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
  const facts = await readSnapshot(ports, plan.cluster, {
    clock,
    want: { ...everything, roles, stacks: stacksOf(plan), chaining: false, trustSweep: false },
    ...calls,
    ...(onProgress ? { onProgress } : {}),
  });
  const concerned = new Set([...roles, ...rolesAtStake(planUndo(content, facts, { restartWorkloads }), facts)]);
  const snapshot = await lookFurther(sessions, ports, facts, concerned, { clock, calls });
  return { plan: planUndo(content, snapshot, { restartWorkloads }), snapshot };
}

const editedRoles = (plan: Plan): readonly string[] => [
  ...new Set(actions(plan.root).flatMap(({ action }) => ('intent' in action ? [action.roleArn] : []))),
];

/** Stacks that the run may have made, changed or deleted, by name. */
const stacksOf = (plan: Plan): readonly string[] =>
  actions(plan.root).flatMap(({ action }) => (action.type.endsWith('-role-stack') ? stackNameOf(action) : []));

const stackNameOf = ({ request }: Action): readonly string[] => ('StackName' in request ? [request.StackName] : []);
