import { type FileHandle, open } from 'node:fs/promises';
import type { Plan } from '../plan/plan.ts';
import { glanceOf, stateOf } from './glance.ts';
import type { JournalRecord, RunGlance } from './journal.ts';
import { contentOf, decodeLast } from './journal-lines.ts';
import { summarise } from './summary.ts';

const newline = 0x0a;
/** Bytes read of either end. A record's first words and a run's last record are far shorter. */
const endBytes = 16 * 1024;
/** A journal up to this size is read whole where its ends do not tell all: one that just ends, or an older one. */
const smallEnough = 4 * 1024 * 1024;

/**
 * What the list of runs says of one, from the two ends of its journal: record 0 begins with who and where, and the last
 * record of a sitting tells what has become of it. What is in between is checked when the run is read. Throws for a
 * journal that tells nothing.
 */
export async function glanceAt(run: string, file: string): Promise<RunGlance> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const [head, tail] = [await part(handle, 0, endBytes), await part(handle, Math.max(0, size - endBytes), endBytes)];
    const first = beginIn(head.toString('utf8'));
    const last = decodeLast(tail, size <= endBytes);
    if (first?.run === run && last?.record.type === 'end' && last.record.outline) {
      const { outline } = last.record;
      return { ...first, state: stateOf(last.record, outline), torn: last.torn, outline };
    }
    if (first?.run !== run || size <= smallEnough)
      return glanceOf(summarise(contentOf(run, await part(handle, 0, size))));
    const torn = tail.at(-1) !== newline;
    return { ...first, state: last?.record.type === 'end' ? 'incomplete' : 'interrupted', torn };
  } finally {
    await handle.close();
  }
}

async function part(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

type Beginning = Pick<RunGlance, 'run' | 'at' | 'place' | 'command' | 'caller'>;

/**
 * Record 0 up to the first words of its plan, which may be megabytes. Within a string a quote is escaped, so the words
 * that begin the plan are nowhere else.
 */
function beginIn(head: string): Beginning | undefined {
  const [, text, command] =
    /^\{"sum":"[0-9a-f]{64}","record":(\{"type":"begin",.*?),"plan":\{"version":1,"command":"([a-z]+)"/s.exec(head) ??
    [];
  if (text === undefined || command === undefined) return undefined;
  try {
    const { run, at, place, caller } = JSON.parse(`${text}}`) as Extract<JournalRecord, { type: 'begin' }>;
    return { run, at, place, command: command as Plan['command'], ...(caller === undefined ? {} : { caller }) };
  } catch {
    return undefined;
  }
}
