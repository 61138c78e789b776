import type { LogLine } from '../model.ts';

/** The newest lines of what the model saw, oldest first. */
export class Log {
  readonly #capacity: number;
  #lines: LogLine[] = [];
  #shown: readonly LogLine[] | undefined;

  constructor(capacity = 500) {
    this.#capacity = capacity;
  }

  add(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length >= 2 * this.#capacity) this.#lines = this.#lines.slice(-this.#capacity);
    this.#shown = undefined;
  }

  /** The same array until a line is added. */
  lines(): readonly LogLine[] {
    this.#shown ??= this.#lines.slice(-this.#capacity);
    return this.#shown;
  }
}
