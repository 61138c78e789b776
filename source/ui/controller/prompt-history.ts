/** Where what was typed is kept from sitting to sitting. Both may reject; the app then goes on with this sitting's. */
export type HistoryStore = {
  /** Oldest first. */
  read(): Promise<readonly string[]>;
  /** The lines kept, with the new one. */
  add(line: string): Promise<readonly string[]>;
};

export type PromptKind = 'command' | 'filter';

const sign: Readonly<Record<PromptKind, string>> = { command: ':', filter: '/' };

/** What was typed into the prompt, in this sitting and those before. */
export class PromptHistory {
  /** With the sign of their prompt before them, oldest first. */
  #lines: readonly string[] = [];
  readonly #store: HistoryStore | undefined;
  readonly #warn: (text: string) => void;
  #queue: Promise<void> = Promise.resolve();

  constructor(store: HistoryStore | undefined, warn: (text: string) => void) {
    this.#store = store;
    this.#warn = warn;
  }

  /** Reads in the background. */
  load(): void {
    this.#then(store => store.read());
  }

  /** Newest first. */
  of(kind: PromptKind): readonly string[] {
    return this.#lines
      .filter(line => line.startsWith(sign[kind]))
      .map(line => line.slice(1))
      .reverse();
  }

  add(kind: PromptKind, text: string): void {
    const line = sign[kind] + text.trim();
    if (line.length === 1) return;
    this.#lines = [...this.#lines.filter(each => each !== line), line];
    this.#then(store => store.add(line));
  }

  /** Settles when nothing is being read or written any more. */
  settled(): Promise<void> {
    return this.#queue;
  }

  #then(work: (store: HistoryStore) => Promise<readonly string[]>): void {
    this.#queue = this.#queue.then(async () => {
      if (!this.#store) return;
      try {
        const kept = await work(this.#store);
        // What was typed while the file was read is newer than all of it.
        const added = this.#lines.filter(line => !kept.includes(line));
        this.#lines = [...kept, ...added];
      } catch (error) {
        this.#warn(`what you type is not kept: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  }
}
