import type { ActionStatus } from '../../run/event.ts';
import type { ActionRecord, RunSummary } from '../../run/summary.ts';
import { type NodeProgress, newProgress, type RunProgress } from './run-progress.ts';

/** What became of an action, in the words of a run that is watched. */
export const statusOf = (outcome: ActionRecord['outcome']): ActionStatus =>
  outcome === 'in-flight' ? 'unknown' : outcome;

/** A run as its journal left it, in the shape of a run that is watched. */
export function progressOf({ begin, actions }: RunSummary): RunProgress {
  const nodes = actions.flatMap((record): readonly (readonly [string, NodeProgress])[] => {
    const { node, outcome, begunAt, endedAt, failure } = record;
    if (outcome === 'waiting') return [];
    const progress: NodeProgress = {
      status: statusOf(outcome),
      ...(begunAt === undefined ? {} : { startedAt: begunAt }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(failure ? { reason: failure.message, failure } : {}),
    };
    return [[node.id, progress]];
  });
  const count = (status: ActionStatus) => nodes.filter(([, node]) => node.status === status).length;
  return {
    ...newProgress(begin.plan, begin.at),
    nodes: new Map(nodes),
    ended: nodes.length,
    failed: count('failed'),
    held: count('held'),
    unknown: count('unknown'),
  };
}
