import type { JournalRecord, RunGlance, RunOutline } from './journal.ts';
import { type RunState, type RunSummary, summarise } from './summary.ts';

/** What the list of runs says of one, from all of its records. */
export function outlineOf({ actions, state }: Pick<RunSummary, 'actions' | 'state'>): RunOutline {
  const count = (...wanted: readonly RunSummary['actions'][number]['outcome'][]) =>
    actions.filter(({ outcome }) => wanted.includes(outcome)).length;
  return {
    complete: state === 'complete',
    restarts: actions.some(({ node }) => node.action.type === 'restart-workload'),
    done: count('done', 'already'),
    of: actions.filter(({ node, outcome }) => node.onlyIfFails === undefined || !isIdle(outcome)).length,
    failed: count('failed'),
    held: count('held'),
    unknown: count('in-flight'),
  };
}

/** Of a clean-up: nothing called for it. */
const isIdle = (outcome: RunSummary['actions'][number]['outcome']): boolean =>
  outcome === 'waiting' || outcome === 'skipped';

export function glanceOf(summary: RunSummary): RunGlance {
  const { run, begin, state, torn } = summary;
  return {
    run,
    at: begin.at,
    place: begin.place,
    command: begin.plan.command,
    ...(begin.caller === undefined ? {} : { caller: begin.caller }),
    state,
    torn,
    outline: outlineOf(summary),
  };
}

export const stateOf = (last: JournalRecord, outline: RunOutline): RunState =>
  outline.complete ? 'complete' : last.type === 'end' ? 'incomplete' : 'interrupted';

/** A journal's records as far as an outline needs them: without the documents that they keep. */
export class OutlineKeeper {
  readonly #run: string;
  readonly #records: JournalRecord[];

  constructor(run: string, records: readonly JournalRecord[] = []) {
    this.#run = run;
    this.#records = records.map(lean);
  }

  /** The record as it is to be written: the last one of a sitting tells what the run has come to. */
  add(record: JournalRecord): JournalRecord {
    this.#records.push(lean(record));
    if (record.type !== 'end' || this.#records[0]?.type !== 'begin') return record;
    return { ...record, outline: outlineOf(summarise({ run: this.#run, records: this.#records, torn: false })) };
  }
}

const lean = (record: JournalRecord): JournalRecord =>
  record.type === 'before' ? { ...record, prior: { kind: 'nothing' } } : record;
