import { rolesAtStake } from '../plan/needs.ts';
import type { Plan } from '../plan/plan.ts';
import { planFor } from '../plan/planner.ts';
import { noteForAction } from '../run/attribution.ts';
import type { Clock } from '../run/clock.ts';
import type { RunEvent } from '../run/event.ts';
import { EventLog } from '../run/event-log.ts';
import { execute } from '../run/executor.ts';
import { beginOf } from '../run/resume.ts';
import { newRunId } from '../run/run-id.ts';
import { lookFurther } from './further.ts';
import { beginJournal, type Journaling, resumeJournal } from './journaling.ts';
import type { RequestFeed } from './request-feed.ts';
import { readSnapshot } from './snapshot.ts';
import { undoPlan } from './undo.ts';
import { wantFor } from './want.ts';
import type { CarryOutOptions, JournalingWorkbench, Workbench } from './workbench.ts';
import type { World } from './world.ts';

type PartOfWorld = Pick<World, 'portsFor'> & Partial<Pick<World, 'sessions'>>;

/**
 * Plans from facts read for each plan, and carries plans out, in a world.
 *
 * @param feed the requests of that world; with it, a run also tells the writes that were sent while it went
 * @param journaling where runs are written down; absent: nowhere, and none can be taken up again
 */
export function makeWorkbench(
  world: PartOfWorld,
  clock: Clock,
  feed: RequestFeed | undefined,
  journaling: Journaling,
): JournalingWorkbench;
export function makeWorkbench(world: PartOfWorld, clock: Clock, feed?: RequestFeed, journaling?: Journaling): Workbench;
export function makeWorkbench(
  world: PartOfWorld,
  clock: Clock,
  feed?: RequestFeed,
  journaling?: Journaling,
): Workbench {
  feed?.listen(noteForAction);
  const told = (events: AsyncIterable<RunEvent>, plan: Plan) => (feed ? withRequests(events, plan, feed) : events);
  return {
    async plan(cluster, request, { signal, onProgress, roleOwners } = {}) {
      const ports = await world.portsFor(cluster, signal ? { signal } : {});
      const want = wantFor(request, cluster.name);
      const reading = { clock, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
      const facts = await readSnapshot(ports, cluster, { ...reading, want });
      const snapshot = roleOwners ? { ...facts, roleOwners } : facts;
      const plan = planFor(snapshot, request);
      const roles = rolesAtStake(plan, snapshot);
      if (roles.size === 0) return { plan, snapshot };
      const whole = want.whole
        ? snapshot
        : { ...snapshot, ...(await readSnapshot(ports, cluster, { ...reading, want: { ...want, whole: true } })) };
      const further = await lookFurther(world.sessions ?? [], ports, whole, roles, {
        clock,
        calls: signal ? { signal } : {},
      });
      return { plan: planFor(further, request), snapshot: further };
    },

    async *managedPolicies(cluster, options = {}) {
      const { iam } = await world.portsFor(cluster, options);
      yield* iam.listManagedPolicies({ ...options, priority: 'visible' });
    },

    async *rolePolicies(cluster, roleName, options = {}) {
      const { iam } = await world.portsFor(cluster, options);
      yield* iam.rolePolicies(roleName, { ...options, priority: 'visible' });
    },

    async *run(plan, { runId = newRunId(clock), ...signals } = {}): AsyncGenerator<RunEvent> {
      const ports = await world.portsFor(plan.cluster);
      const journaled = journaling ? await beginJournal(journaling, plan, ports, runId, clock) : {};
      yield* told(execute(plan, ports, { clock, runId, ...signals, ...journaled }), plan);
    },

    ...(journaling
      ? {
          journals: journaling.store,
          async *resume(run: string, signals: CarryOutOptions = {}): AsyncGenerator<RunEvent> {
            const { plan } = beginOf(await journaling.store.read(run));
            const ports = await world.portsFor(plan.cluster);
            const options = { clock, ...signals };
            yield* told(await resumeJournal(journaling, run, ports, options), plan);
          },
          async undo(run: string, options = {}) {
            const content = await journaling.store.read(run);
            const ports = await world.portsFor(
              beginOf(content).plan.cluster,
              options.signal ? { signal: options.signal } : {},
            );
            return undoPlan(world.sessions ?? [], ports, content, clock, options);
          },
        }
      : {}),
  };
}

/** A run's own events and the writes to its account, in the order in which they came. */
function withRequests(events: AsyncIterable<RunEvent>, plan: Plan, feed: RequestFeed): AsyncIterable<RunEvent> {
  const log = new EventLog<RunEvent>();
  const stop = feed.listen(note => {
    const elsewhere = note.account !== undefined && note.account !== plan.cluster.account;
    if (note.write && !elsewhere) log.push({ type: 'request', at: note.at, note });
  });
  const follow = async () => {
    for await (const event of events) {
      // What comes after the last event is not the run's.
      if (event.type === 'finished') stop();
      log.push(event);
    }
    log.close();
  };
  void follow();
  return log;
}

export { newRunId };
