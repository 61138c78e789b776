import { randomBytes } from 'node:crypto';
import { planFor } from '../plan/planner.ts';
import type { Clock } from '../run/clock.ts';
import type { RunEvent } from '../run/event.ts';
import { execute } from '../run/executor.ts';
import { readSnapshot } from './snapshot.ts';
import { wantFor } from './want.ts';
import type { Workbench } from './workbench.ts';
import type { World } from './world.ts';

/** Plans from facts read for each plan, and carries plans out, in a world. */
export function makeWorkbench(world: Pick<World, 'portsFor'>, clock: Clock): Workbench {
  return {
    async plan(cluster, request, { signal, onProgress } = {}) {
      const ports = await world.portsFor(cluster, signal ? { signal } : {});
      const snapshot = await readSnapshot(ports, cluster, {
        clock,
        want: wantFor(request),
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onProgress } : {}),
      });
      return { plan: planFor(snapshot, request), snapshot };
    },

    async *run(plan, { signal, runId = newRunId(clock) } = {}): AsyncGenerator<RunEvent> {
      const ports = await world.portsFor(plan.cluster);
      yield* execute(plan, ports, { clock, runId, ...(signal ? { signal } : {}) });
    },
  };
}

/** Sorts by time, and tells two runs of one second apart. */
export const newRunId = (clock: Clock): string =>
  `${new Date(clock.now()).toISOString().slice(0, 19).replace(/\D/g, '')}-${randomBytes(3).toString('hex')}`;
