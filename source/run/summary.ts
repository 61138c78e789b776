import type { Failure } from '../identity/reading.ts';
import { type ActionNode, actions } from '../plan/plan.ts';
import type { JournalContent, PriorState } from './journal.ts';
import { type Begin, beginOf, isComplete } from './resume.ts';

export type RunState =
  /** All that was approved is done. */
  | 'complete'
  /** It came to its end, but something failed, was left out or is held. */
  | 'incomplete'
  /** Its journal just ends: it is still going, or its process died. */
  | 'interrupted';

/** One action of a run as its journal tells it; times in milliseconds since the epoch. */
export type ActionRecord = {
  readonly node: ActionNode;
  /** `in-flight`: it was begun and nothing tells how it ended. `waiting`: it was never begun. */
  readonly outcome: 'done' | 'already' | 'failed' | 'skipped' | 'held' | 'in-flight' | 'waiting';
  readonly begunAt?: number;
  readonly endedAt?: number;
  readonly token?: string;
  readonly prior?: PriorState;
  readonly failure?: Failure;
  readonly requestIds: readonly string[];
};

export type RunSummary = {
  readonly run: string;
  readonly begin: Begin;
  readonly state: RunState;
  /** Times at which somebody began it or took it up again, and who. */
  readonly sittings: readonly { readonly at: number; readonly caller?: string }[];
  readonly endedAt?: number;
  readonly actions: readonly ActionRecord[];
  readonly torn: boolean;
};

/** What a journal says of its run. Throws `PortError` for one that does not begin with its plan. */
export function summarise(content: JournalContent): RunSummary {
  const begin = beginOf(content);
  const { records, run, torn } = content;
  const last = records.at(-1);
  const sittings = records.flatMap(record =>
    record.type === 'begin' || record.type === 'resume'
      ? [{ at: record.at, ...(record.caller === undefined ? {} : { caller: record.caller }) }]
      : [],
  );
  return {
    run,
    begin,
    torn,
    sittings,
    state: isComplete(content) ? 'complete' : last?.type === 'end' ? 'incomplete' : 'interrupted',
    ...(last?.type === 'end' ? { endedAt: last.at } : {}),
    actions: actions(begin.plan.root).map(node => recordOf(node, content)),
  };
}

/** The first prior state, and the last word on how it ended. */
function recordOf(node: ActionNode, { records }: JournalContent): ActionRecord {
  let found: ActionRecord = { node, outcome: 'waiting', requestIds: [] };
  for (const record of records) {
    if (record.type === 'before' && record.id === node.id) {
      const { at, token, prior } = record;
      found = { ...found, outcome: 'in-flight', ...(found.prior ? {} : { begunAt: at, token, prior }) };
    }
    if (record.type === 'after' && record.id === node.id) {
      const { failure: _, ...rest } = found;
      const { at, outcome, failure, requestIds = [] } = record;
      const ids = [...found.requestIds, ...requestIds];
      found = { ...rest, outcome, endedAt: at, requestIds: ids, ...(failure ? { failure } : {}) };
    }
  }
  return found;
}

/** How many actions ended in each way. */
export function countOutcomes({
  actions: all,
}: RunSummary): Readonly<Partial<Record<ActionRecord['outcome'], number>>> {
  const counts: Partial<Record<ActionRecord['outcome'], number>> = {};
  for (const { outcome } of all) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
