import { createInterface } from 'node:readline';

/**
 * What is typed, or piped in, line by line: nothing that comes before it is asked for is lost, and what the last line says
 * counts without a line break after it.
 */
export class TypedLines {
  readonly #lines: string[] = [];
  #asking: ((line: string | undefined) => void) | undefined;
  #over = false;
  readonly #close: () => void;

  constructor(input: NodeJS.ReadableStream) {
    const lines = createInterface({ input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', line => {
      if (this.#over) return;
      if (this.#asking) this.#answer(line);
      else this.#lines.push(line);
    });
    lines.on('close', () => this.#answer(undefined));
    // A terminal that goes away ends the input.
    input.on('error', () => lines.close());
    this.#close = () => lines.close();
  }

  /** The next line, without its end; undefined: none will come. One question at a time. */
  next(): Promise<string | undefined> {
    const line = this.#lines.shift();
    if (line !== undefined || this.#over) return Promise.resolve(line);
    return new Promise(resolve => {
      this.#asking = resolve;
    });
  }

  /** Nothing more is read, and what was not asked for yet is forgotten. */
  close(): void {
    this.#lines.length = 0;
    this.#answer(undefined);
    this.#close();
  }

  #answer(line: string | undefined): void {
    if (line === undefined) this.#over = true;
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.(line);
  }
}
