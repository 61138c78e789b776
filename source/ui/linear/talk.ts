import type { LogLine } from '../../live/model.ts';
import { type App, logLines } from '../controller/app.ts';
import { clean, cleanLines } from '../text/sanitise.ts';
import { page } from './place-lines.ts';

/** How a sitting that was piped in ends, as a command would: 0 well, 1 failed, 2 not understood, 3 done in part. */
export type Outcome = 0 | 1 | 2 | 3;

/** A conversation: what can be said, asked and noted in it. */
export class Talk {
  readonly app: App;
  readonly say: (line: string) => void;
  /** What is typed at a prompt; undefined: nothing will be typed any more. */
  readonly ask: (prompt: string) => Promise<string | undefined>;
  /** Log lines that the user was told, or that were there before. */
  readonly #told = new WeakSet<LogLine>();
  #outcome: Outcome = 0;

  constructor(app: App, say: Talk['say'], ask: Talk['ask']) {
    this.app = app;
    this.say = say;
    this.ask = ask;
  }

  get outcome(): Outcome {
    return this.#outcome;
  }

  /** What failed goes before what was only done in part, and that before what was not understood. */
  note(outcome: Outcome): void {
    const rank = (value: Outcome) => [0, 2, 3, 1].indexOf(value);
    if (rank(outcome) > rank(this.#outcome)) this.#outcome = outcome;
  }

  /** Everything said so far counts as told. */
  forgetNews(): void {
    for (const line of logLines(this.app)) this.#told.add(line);
  }

  fresh(): readonly LogLine[] {
    return logLines(this.app).filter(line => line.level !== 'debug' && !this.#told.has(line));
  }

  /** What the model saw change, and what the app said, since the last time. */
  news(): void {
    const fresh = this.fresh();
    for (const line of fresh) this.#told.add(line);
    for (const { level, source, text } of fresh.slice(-page)) {
      const word = level === 'info' ? '' : `${level}: `;
      const from = source === 'app' ? '' : `${clean(source)}: `;
      for (const line of cleanLines(source === 'app' ? inWords(text) : text)) this.say(`${word}${from}${line}`);
    }
  }
}

/** Keys, as messages of the app name them, in the words of lines. */
const words: readonly (readonly [RegExp, string])[] = [
  [/, <esc> discards it/g, ''],
  [/<esc> <esc> discards it/g, 'discard drops it'],
  [/<n> here or :new/g, 'new'],
  [/<ctrl-l>/g, 'clear'],
  [/\s+<z> undo/g, '; undo takes it back'],
  [/<enter>/g, 'the same again'],
  [/<e>/g, 'edit'],
  [/<m>/g, 'migrate'],
  [/<p>/g, 'replan'],
  [/<r> chooses where it is asked/g, '--region names one at the start'],
  [/<R>/g, 'read-only-account'],
  [/<space>/g, 'toggle-scope'],
  [/(^|[\s(]):(?=[a-z]+\b)/g, '$1'],
];

/** What the app says of keys, for somebody who has none. */
export const inWords = (text: string): string => words.reduce((all, [key, word]) => all.replace(key, word), text);
