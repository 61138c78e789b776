import { createHash } from 'node:crypto';
import type { JournalContent, JournalRecord } from './journal.ts';
import { PortError } from './ports.ts';

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

/** The same for a run's own journal; throws `PortError` instead. */
export function contentOf(run: string, bytes: Uint8Array): JournalContent {
  try {
    const { records, torn } = decodeLines(bytes);
    return { run, records, torn };
  } catch (error) {
    if (!(error instanceof DamagedJournal)) throw error;
    throw new PortError({ kind: 'invalid', message: `the journal of run ${run} cannot be trusted: ${error.message}` });
  }
}

/**
 * The last whole record of a journal's tail, held to the sum of the line before it; undefined when the tail does not
 * reach back that far, or is not as written.
 *
 * @param whole the tail is the whole journal
 */
export function decodeLast(
  tail: Uint8Array,
  whole: boolean,
): { readonly record: JournalRecord; readonly torn: boolean } | undefined {
  const lines = Buffer.from(tail).toString('utf8').split('\n');
  const torn = lines.pop() !== '';
  const [before, last] = lines.slice(-2);
  // The first line of a tail is whole only if the tail is the journal.
  if (before === undefined || last === undefined || (lines.length === 2 && !whole)) return undefined;
  const record = decodeLine(last, before.slice(head.length, head.length + sumLength));
  return record && { record: record.record, torn };
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
