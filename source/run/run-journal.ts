import type { Failure } from '../identity/reading.ts';
import type { Clock } from './clock.ts';
import type { JournalRecord, JournalWriter, PriorState } from './journal.ts';
import { PortError } from './ports.ts';

type After = Omit<Extract<JournalRecord, { type: 'after' }>, 'type' | 'at'>;

/**
 * A run's journal as its executor writes it; without a writer, nothing is kept. Once a record cannot be written the
 * journal is broken, and nothing more may be sent.
 */
export class RunJournal {
  readonly #writer: JournalWriter | undefined;
  readonly #clock: Clock;
  readonly #begun: Set<string>;
  #broken: Failure | undefined;

  /** @param begun ids of actions whose state before is in the journal already */
  constructor(writer: JournalWriter | undefined, clock: Clock, begun: ReadonlySet<string>) {
    this.#writer = writer;
    this.#clock = clock;
    this.#begun = new Set(begun);
  }

  get broken(): Failure | undefined {
    return this.#broken;
  }

  /** Whether a write of the action may have been sent, in this sitting or in an earlier one. */
  begun(id: string): boolean {
    return this.#begun.has(id);
  }

  /** Resolves when the state before the action's first write is on disk. Throws when it cannot be kept. */
  async before(id: string, token: string, prior: PriorState): Promise<void> {
    if (this.#begun.has(id)) return this.#check();
    await this.#append({ type: 'before', at: this.#clock.now(), id, token, prior });
    this.#check();
    this.#begun.add(id);
  }

  /** What came of an action; a journal that cannot take it is told by `broken`. */
  async after(after: After): Promise<void> {
    await this.#append({ type: 'after', at: this.#clock.now(), ...after });
  }

  async end(stopped: boolean): Promise<void> {
    await this.#append({ type: 'end', at: this.#clock.now(), stopped });
    await this.#writer?.close().catch(() => {});
  }

  #check(): void {
    if (this.#broken) throw new PortError(this.#broken);
  }

  async #append(record: JournalRecord): Promise<void> {
    if (!this.#writer || this.#broken) return;
    try {
      await this.#writer.append(record);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#broken = { kind: 'unknown', message: `the journal cannot be written, so nothing more is sent: ${why}` };
    }
  }
}
