import type { ClusterRef } from '../identity/scope.ts';
import type { Plan } from '../plan/plan.ts';
import type { Clock } from '../run/clock.ts';
import type { RunEvent } from '../run/event.ts';
import type { RunOptions } from '../run/executor.ts';
import type { JournalStore, JournalWriter, RunPlace } from '../run/journal.ts';
import { planHash } from '../run/plan-hash.ts';
import { type ClusterPorts, PortError } from '../run/ports.ts';
import { beginOf, isComplete, refuseElsewhere, resumeRun } from '../run/resume.ts';

/** Where and as what runs are written down. */
export type Journaling = {
  readonly store: JournalStore;
  /** The tool's own. */
  readonly version: string;
  /** Custom endpoint of EKS, when there is one. */
  readonly endpoint?: string;
};

/** Record 0, on disk before anything is sent, with the locks of the run and its cluster. Throws `PortError`. */
export async function beginJournal(
  { store, version, endpoint }: Journaling,
  plan: Plan,
  ports: ClusterPorts,
  run: string,
  clock: Clock,
): Promise<{ readonly journal: JournalWriter; readonly caller: string }> {
  const { account, arn: caller } = await ports.sts.callerIdentity();
  const place = placeOf(plan.cluster, account, endpoint);
  if (account !== plan.cluster.account) {
    const message = `the plan is for account ${plan.cluster.account}, but the credentials are of ${account}`;
    throw new PortError({ kind: 'denied', message });
  }
  const at = clock.now();
  const journal = await store.create({
    type: 'begin',
    at,
    run,
    version,
    caller,
    place,
    plan,
    planHash: planHash(plan),
  });
  return { journal, caller };
}

/** Takes the run up, with its locks. Throws `PortError` when it may not be taken up here and now. */
export async function resumeJournal(
  { store, endpoint }: Journaling,
  run: string,
  ports: ClusterPorts,
  options: Pick<RunOptions, 'clock' | 'signal' | 'stopNow'>,
): Promise<AsyncIterable<RunEvent>> {
  const { content, writer: journal } = await store.reopen(run);
  try {
    const { account, arn: caller } = await ports.sts.callerIdentity();
    const place = placeOf(beginOf(content).place.cluster, account, endpoint);
    const events = () => resumeRun(content, ports, { ...options, place, journal, caller });
    // Whether it may be taken up at all is told before anything is added to the journal.
    if (isComplete(content)) return events();
    refuseElsewhere(content, place);
    await journal.append({ type: 'resume', at: options.clock.now(), caller });
    return events();
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function placeOf(cluster: ClusterRef, account: string, endpoint: string | undefined): RunPlace {
  const { partition, region } = cluster;
  return { partition, account, region, cluster, ...(endpoint !== undefined ? { endpoint } : {}) };
}
