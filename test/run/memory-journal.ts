import type { Plan } from '../../source/plan/plan.ts';
import type { JournalContent, JournalRecord, JournalWriter } from '../../source/run/journal.ts';
import { planHash } from '../../source/run/plan-hash.ts';
import { account, cluster } from '../identity/policies.ts';

export const place = { partition: 'aws', account, region: cluster.region, cluster } as const;

export const beginRecord = (plan: Plan, run = 'run-1') =>
  ({ type: 'begin', at: 0, run, version: '1.2.3', place, plan, planHash: planHash(plan) }) as const;

/** A journal in memory; its records go through JSON as they would through a file. */
export class MemoryJournal implements JournalWriter {
  readonly records: JournalRecord[] = [];
  closed = false;
  /** Why the next record cannot be kept. */
  failure: Error | undefined;
  /** Told after each record. */
  onAppend: (record: JournalRecord) => void = () => {};

  constructor(records: readonly JournalRecord[]) {
    this.records.push(...records);
  }

  async append(record: JournalRecord): Promise<void> {
    await Promise.resolve();
    if (this.failure) throw this.failure;
    this.records.push(JSON.parse(JSON.stringify(record)) as JournalRecord);
    this.onAppend(record);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  content(length = this.records.length): JournalContent {
    return { run: 'run-1', records: this.records.slice(0, length), torn: false };
  }
}
