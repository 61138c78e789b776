import { actions } from '../plan/plan.ts';
import { makerOf } from './clean-up.ts';
import type { RunEvent } from './event.ts';
import { EventLog } from './event-log.ts';
import { type EarlierSittings, execute, type RunOptions } from './executor.ts';
import type { JournalContent, JournalRecord, RunPlace } from './journal.ts';
import type { Outputs } from './perform/context.ts';
import { planHash } from './plan-hash.ts';
import { type ClusterPorts, PortError } from './ports.ts';

export type Begin = Extract<JournalRecord, { type: 'begin' }>;

export type ResumeOptions = Omit<RunOptions, 'runId' | 'earlier'> & {
  /** Where we are now: must be where the run began. */
  readonly place: RunPlace;
};

/**
 * Takes a run up again where its journal ends: the same tree under the same tokens, never a new plan. What is done is
 * not repeated; what was in flight is settled by asking the world; what failed, was held or was never begun is tried.
 * A run of which everything is done has nothing to do, and nothing is added to its journal.
 * Throws `PortError` (`denied`) in another place than the run's, and (`invalid`) for a journal that is not whole.
 */
export function resumeRun(
  content: JournalContent,
  ports: ClusterPorts,
  { place, ...options }: ResumeOptions,
): AsyncIterable<RunEvent> {
  const { plan } = beginOf(content);
  refuseElsewhere(content, place);
  const earlier = earlierSittings(content);
  if (isComplete(content)) return nothingToDo(earlier, options);
  return execute(plan, ports, { ...options, runId: content.run, earlier });
}

/** Record 0. Throws `PortError` when it is missing, or when the plan in it is not the one that was approved. */
export function beginOf({ run, records }: JournalContent): Begin {
  const [first] = records;
  if (first?.type !== 'begin' || first.run !== run)
    throw new PortError({ kind: 'invalid', message: `the journal of run ${run} does not begin with its plan` });
  if (planHash(first.plan) !== first.planHash)
    throw new PortError({ kind: 'invalid', message: `the plan in the journal of run ${run} is not the approved one` });
  return first;
}

/**
 * What is done, with its outputs, and what may have been sent; the last word on an action counts. A clean-up takes back
 * what another action had done, so that one is to be done again, and the clean-up with it should it fail again.
 */
export function earlierSittings(content: JournalContent): EarlierSittings {
  const nodes = new Map(actions(beginOf(content).plan.root).map(node => [node.id, node]));
  const done = new Map<string, Outputs>();
  const begun = new Set<string>();
  for (const record of content.records) {
    if (record.type !== 'before' && record.type !== 'after') continue;
    const { id } = record;
    const isOver = record.type === 'after' && isDone(record.outcome);
    if (record.type === 'before') begun.add(id);
    if (isOver) done.set(id, record.outputs ?? {});
    const node = nodes.get(id);
    const takenBack = node && (isOver || record.type === 'before') ? makerOf(node, nodes.values()) : undefined;
    if (takenBack) done.delete(takenBack.id);
  }
  for (const { id, onlyIfFails } of nodes.values())
    if (onlyIfFails !== undefined && !done.has(onlyIfFails)) done.delete(id);
  return { done, begun };
}

/** Whether every action is done; clean-ups for a failure that did not come do not count. */
export function isComplete(content: JournalContent): boolean {
  const { done } = earlierSittings(content);
  return actions(beginOf(content).plan.root).every(
    ({ id, onlyIfFails }) => done.has(id) || (onlyIfFails !== undefined && done.has(onlyIfFails)),
  );
}

const isDone = (outcome: string): boolean => outcome === 'done' || outcome === 'already';

/** Throws `PortError` (`denied`) that names what is different. */
export function refuseElsewhere(content: JournalContent, now: RunPlace): void {
  const { place } = beginOf(content);
  const differences = [
    differs('account', place.account, now.account),
    differs('cluster', place.cluster.arn, now.cluster.arn),
    differs('endpoint', place.endpoint ?? "AWS's own", now.endpoint ?? "AWS's own"),
  ].filter(each => each !== undefined);
  if (differences.length === 0) return;
  const message = `run ${content.run} took place elsewhere: ${differences.join('; ')}`;
  throw new PortError({ kind: 'denied', message });
}

const differs = (what: string, then: string, now: string): string | undefined =>
  then === now ? undefined : `its ${what} is ${then}, not ${now}`;

function nothingToDo(
  { done }: EarlierSittings,
  { clock, journal }: Omit<ResumeOptions, 'place'>,
): AsyncIterable<RunEvent> {
  const log = new EventLog<RunEvent>();
  const at = clock.now();
  for (const [id, outputs] of done) log.push({ type: 'done', at, id, outcome: 'already', outputs });
  const result = { writes: 0, done: done.size, failed: [], skipped: [], held: [], milliseconds: 0 };
  log.push({ type: 'finished', at, result });
  log.close();
  void journal?.close();
  return log;
}
