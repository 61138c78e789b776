/** A real pseudo-terminal with a terminal emulator behind it: what a user would see and type. */
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export type TerminalOptions = {
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
};

export const keys = {
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  enter: '\r',
  escape: '\u001B',
  tab: '\t',
  shiftTab: '\u001B[Z',
  backspace: '\u007F',
  ctrl: (letter: string) => String.fromCharCode(letter.toLowerCase().charCodeAt(0) - 96),
} as const;

export class Terminal {
  readonly screen: xterm.Terminal;
  readonly pty: IPty;
  exitCode: number | undefined;
  /** Everything the program wrote, for checks of what was emitted rather than what is seen. */
  raw = '';
  /** Called whenever the screen shows what a user would see. */
  onFrame: (() => void) | undefined;
  readonly #waiters = new Set<() => void>();
  readonly exited: Promise<number>;

  constructor(file: string, args: readonly string[], options: TerminalOptions = {}) {
    const { columns = 100, rows = 30 } = options;
    this.screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
    const env: Record<string, string | undefined> = {
      ...process.env,
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      ...options.environment,
    };
    for (const name of ['CI', 'COLUMNS', 'LINES', 'NODE_OPTIONS']) delete env[name];
    for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
    this.pty = spawn(file, [...args], {
      cols: columns,
      rows,
      cwd: options.cwd ?? process.cwd(),
      env: env as Record<string, string>,
      name: env.TERM ?? 'xterm-256color',
    });
    this.pty.onData(data => {
      this.raw += data;
      this.screen.write(data, () => this.#wake());
    });
    // The emulator answers what the program asks of a terminal (cursor position, colours).
    this.screen.onData(data => this.pty.write(data));
    this.exited = new Promise(resolve => {
      this.pty.onExit(({ exitCode }) => {
        this.exitCode = exitCode;
        resolve(exitCode);
        // The last bytes may still be on their way through the emulator.
        this.screen.write('', () => this.#wake());
      });
    });
  }

  /** In the middle of a synchronised update (DEC 2026): what stands in the cells now, no user ever sees. */
  get #midFrame(): boolean {
    return this.raw.lastIndexOf('\u001b[?2026h') > this.raw.lastIndexOf('\u001b[?2026l');
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    if (!this.#midFrame) this.onFrame?.();
  }

  send(text: string): this {
    this.pty.write(text);
    return this;
  }

  resize(columns: number, rows: number): this {
    this.screen.resize(columns, rows);
    this.pty.resize(columns, rows);
    return this;
  }

  /**
   * The visible screen as lines, right-trimmed. On the alternate screen the emulator keeps the cells of a wider size beyond
   * its last column, where nobody sees them.
   */
  lines(): string[] {
    const buffer = this.screen.buffer.active;
    return Array.from({ length: this.screen.rows }, (_, row) =>
      (buffer.getLine(buffer.viewportY + row)?.translateToString(true, 0, this.screen.cols) ?? '').trimEnd(),
    );
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** Whether the program is on the alternate screen. */
  get alternate(): boolean {
    return this.screen.buffer.active.type === 'alternate';
  }

  /**
   * Waits until the screen satisfies `what`; no polling, each write is looked at. The limit is there to end a
   * broken test with the screen in its message, not to measure anything.
   */
  async until(what: string | RegExp | ((text: string) => boolean), limit = 25_000): Promise<string> {
    const holds = () => {
      if (this.#midFrame && this.exitCode === undefined) return false;
      const text = this.text();
      return typeof what === 'string' ? text.includes(what) : what instanceof RegExp ? what.test(text) : what(text);
    };
    if (holds()) return this.text();
    await new Promise<void>((resolve, reject) => {
      const end = (error?: Error) => {
        this.#waiters.delete(check);
        clearTimeout(timer);
        error ? reject(error) : resolve();
      };
      const check = () => {
        if (holds()) end();
        else if (this.exitCode !== undefined)
          end(
            new Error(
              `the program ended (${this.exitCode}) before ${what}:\n${this.text()}\n${this.raw.slice(-2_000)}`,
            ),
          );
      };
      const timer = setTimeout(() => end(new Error(`not on screen after ${limit} ms: ${what}\n${this.text()}`)), limit);
      this.#waiters.add(check);
      check();
    });
    return this.text();
  }

  /**
   * Presses a key until the screen shows what it is for. A dialog ignores enter in its first moments, so that keys typed
   * ahead confirm nothing; a user presses again, and so does this.
   */
  async press(key: string, what: string | RegExp | ((text: string) => boolean), tries = 20): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      this.send(key);
      try {
        return await this.until(what, attempt < tries ? 500 : undefined);
      } catch (error) {
        if (attempt >= tries || this.exitCode !== undefined) throw error;
      }
    }
  }

  async close(): Promise<void> {
    if (this.exitCode === undefined) this.pty.kill('SIGKILL');
    await this.exited;
    this.screen.dispose();
  }
}
