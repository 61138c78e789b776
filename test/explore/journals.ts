import { glanceOf } from '../../source/run/glance.ts';
import type { JournalContent, JournalRecord, JournalStore, JournalWriter } from '../../source/run/journal.ts';
import { PortError } from '../../source/run/ports.ts';
import { summarise } from '../../source/run/summary.ts';

/**
 * The journals of a machine, in memory: what was appended outlives the process that did. Records are kept as the text
 * that a file would have, so that only what JSON can say comes back.
 */
export class Journals {
  readonly #runs = new Map<string, string[]>();

  /** Names of the runs, oldest first. */
  get runs(): readonly string[] {
    return [...this.#runs.keys()];
  }

  read(run: string): JournalContent {
    const lines = this.#runs.get(run);
    if (!lines) throw new PortError({ kind: 'not-found', message: `there is no run ${run}` });
    return { run, records: lines.map(line => JSON.parse(line) as JournalRecord), torn: false };
  }

  /** The newest one is lost, or nobody remembers it. */
  forgetNewest(): void {
    const newest = this.runs.at(-1);
    if (newest !== undefined) this.#runs.delete(newest);
  }

  /**
   * The store of one process. `append` is given each record and what keeps it, and resolves when it is kept; a process
   * that is killed in between never hears of it. Locks end with their process.
   */
  store(append: (keep: () => void) => Promise<void>): JournalStore {
    const writer = (lines: string[]): JournalWriter => ({
      append: record => append(() => lines.push(JSON.stringify(record))),
      close: async () => {},
    });
    return {
      create: async begin => {
        if (this.#runs.has(begin.run)) throw new PortError({ kind: 'conflict', message: `${begin.run} is taken` });
        const lines: string[] = [];
        await append(() => {
          lines.push(JSON.stringify(begin));
          this.#runs.set(begin.run, lines);
        });
        return writer(lines);
      },
      reopen: async run => {
        const content = this.read(run);
        return { content, writer: writer(this.#runs.get(run) ?? []) };
      },
      read: async run => this.read(run),
      list: async () => this.runs.map(run => glanceOf(summarise(this.read(run)))).reverse(),
    };
  }
}
