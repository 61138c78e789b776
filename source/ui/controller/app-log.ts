import type { LogLine } from '../../live/model.ts';

/** Lines kept. */
const most = 500;

/** What the app has said in this sitting, since a message is on screen for some seconds only. */
export class AppLog {
  #lines: readonly LogLine[] = [];

  add(line: LogLine): void {
    this.#lines = [...this.#lines, line].slice(-most);
  }

  lines(): readonly LogLine[] {
    return this.#lines;
  }
}
