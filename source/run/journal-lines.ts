import { createHash } from 'node:crypto';
import type { JournalContent, JournalRecord } from './journal.ts';

/**
 * A journal is lines of JSON, each with the sha256 of the line before it and its own record: a line that is cut short,
 * changed, moved or missing shows.
 */
const head = '{"sum":"';
const middle = '","record":';
const sumLength = 64;
const recordAt = head.length + sumLength + middle.length;

/** What the first line is chained to. */
export const firstSum = '0'.repeat(sumLength);

const sumOf = (previous: string, text: string): string =>
  createHash('sha256').update(previous).update(text).digest('hex');

export function encodeLine(record: JournalRecord, previous: string): { readonly line: string; readonly sum: string } {
  const text = JSON.stringify(record);
  const sum = sumOf(previous, text);
  return { line: `${head}${sum}${middle}${text}}\n`, sum };
}

export type Decoded = Pick<JournalContent, 'records' | 'torn'> & {
  /** Bytes that count; what is behind them is a torn tail. */
  readonly length: number;
  /** What the next line is chained to. */
  readonly sum: string;
};

/** A line in the middle is not what was written: what comes after it cannot be trusted, and must not be guessed. */
export class DamagedJournal extends Error {
  override readonly name = 'DamagedJournal';
}

/** Reads lines up to the last whole one. Throws `DamagedJournal` when one before the last is not as written. */
export function decodeLines(bytes: Uint8Array): Decoded {
  const records: JournalRecord[] = [];
  let sum = firstSum;
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    const record = end < 0 ? undefined : decodeLine(Buffer.from(bytes.subarray(start, end)).toString('utf8'), sum);
    if (record === undefined) {
      if (end >= 0 && end + 1 < bytes.length) throw new DamagedJournal(`line ${records.length + 1} is damaged`);
      return { records, torn: true, length: start, sum };
    }
    records.push(record.record);
    sum = record.sum;
    start = end + 1;
  }
  return { records, torn: false, length: start, sum };
}

function decodeLine(
  line: string,
  previous: string,
): { readonly record: JournalRecord; readonly sum: string } | undefined {
  const sum = line.slice(head.length, head.length + sumLength);
  const text = line.slice(recordAt, -1);
  if (line !== `${head}${sum}${middle}${text}}` || sumOf(previous, text) !== sum) return undefined;
  return { record: JSON.parse(text) as JournalRecord, sum };
}
