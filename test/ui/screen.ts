/** The real app on a fake terminal: what is asserted is what the cells of the screen say. */
import { PassThrough, Writable } from 'node:stream';
import { Terminal } from '@xterm/headless';
import {
  type AppDependencies,
  type Appearance,
  type AppOptions,
  type CrashReporter,
  type DraftStore,
  type ExitReport,
  type HistoryStore,
  type PreferencesStore,
  runApp,
} from '../../source/ui/app.tsx';
import { demoModel, type FakeModel, FakeWorkbench, ManualClock } from './fakes.ts';

class FakeTty extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  bytes = 0;
  /** What programs have put on the terminal's clipboard (OSC 52). */
  copied = '';
  readonly terminal: Terminal;
  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
    this.terminal.parser.registerOscHandler(52, data => {
      this.copied = Buffer.from(data.split(';')[1] ?? '', 'base64').toString('utf8');
      return true;
    });
  }
  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.bytes += chunk.length;
    this.terminal.write(typeof chunk === 'string' ? chunk : chunk.toString('utf8'), done);
  }
}

class FakeStdin extends PassThrough {
  readonly isTTY = true;
  /** Keys that wait together arrive together, as from a slow link: whoever presses one by one waits in between. */
  async taken(): Promise<void> {
    // Nobody reads any more once the app has ended.
    for (let turn = 0; this.readableLength > 0 && turn < 100; turn += 1)
      await new Promise(resolve => setImmediate(resolve));
  }
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const names: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  'shift-tab': '\u001b[Z',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  pagedown: '\u001b[6~',
  pageup: '\u001b[5~',
  home: '\u001b[H',
  end: '\u001b[F',
  space: ' ',
  'ctrl-space': '\u0000',
  'ctrl-\\': '\u001c',
  'shift-left': '\u001b[1;2D',
  'shift-right': '\u001b[1;2C',
  backspace: '\u007f',
};

const bytesOf = (key: string): string => {
  const control = /^ctrl-([a-z])$/.exec(key)?.[1];
  return names[key] ?? (control ? String.fromCharCode(control.charCodeAt(0) - 96) : key);
};

export type Screen = Display & {
  readonly model: FakeModel;
  readonly workbench: FakeWorkbench;
  readonly clock: ManualClock;
};

/** A terminal with an app on it. */
export type Display = {
  readonly exited: Promise<ExitReport>;
  /** The emulator, for what its cells look like. */
  readonly terminal: Terminal;
  /** Rows of the screen, trailing blanks cut. */
  lines(): readonly string[];
  text(): string;
  /** Waits until the screen says it; the error shows the screen. */
  see(what: string | RegExp): Promise<void>;
  /** Waits until the screen no longer says it. */
  lose(what: string | RegExp): Promise<void>;
  until(what: string, holds: () => boolean): Promise<void>;
  /** Keys one by one, by name or character; each is a chunk of its own. */
  press(...keys: string[]): Promise<void>;
  /** Raw bytes in one chunk. */
  send(text: string): void;
  resize(columns: number, rows: number): void;
  /** The line under the cursor. */
  cursorLine(): string;
  bytes(): number;
  /** What is on the terminal's clipboard. */
  copied(): string;
  /** Whether any cell has a colour of its own. */
  hasColour(): boolean;
  close(): Promise<void>;
};

/** From the clusters to a migration of the last one that is carried out: planned and approved by keys. */
export async function startMigration(screen: Screen): Promise<void> {
  await screen.press('G', 'm');
  await screen.see('PLAN (nothing written)');
  await approvePlan(screen);
}

/** Approves the plan on screen, past the guard against keys typed ahead, and sees it run. */
export async function approvePlan(screen: Screen): Promise<void> {
  await screen.press('a');
  await screen.see('[ Cancel ]');
  screen.clock.advance(400);
  await screen.press('tab', 'enter');
  await screen.see('RUNNING');
}

export async function openScreen(
  options: {
    readonly model?: FakeModel;
    readonly workbench?: FakeWorkbench;
    readonly columns?: number;
    readonly rows?: number;
    readonly app?: Partial<AppOptions>;
    readonly appearance?: Appearance;
    readonly environment?: Record<string, string>;
    readonly preferences?: PreferencesStore;
    readonly history?: HistoryStore;
    readonly drafts?: DraftStore;
    readonly saveExport?: (name: string, text: string) => Promise<string>;
    readonly reportCrash?: CrashReporter;
  } = {},
): Promise<Screen> {
  const model = options.model ?? demoModel();
  const workbench = options.workbench ?? new FakeWorkbench();
  const clock = new ManualClock();
  const display = await openDisplay({
    model,
    workbench,
    clock,
    columns: options.columns ?? 100,
    rows: options.rows ?? 30,
    options: { sandbox: false, version: '0.0.0', ...options.app },
    environment: options.environment ?? {},
    ...(options.appearance ? { appearance: options.appearance } : {}),
    ...(options.preferences ? { preferences: options.preferences } : {}),
    ...(options.history ? { history: options.history } : {}),
    ...(options.drafts ? { drafts: options.drafts } : {}),
    ...(options.saveExport ? { saveExport: options.saveExport } : {}),
    ...(options.reportCrash ? { reportCrash: options.reportCrash } : {}),
  });
  return { ...display, model, workbench, clock };
}

type DisplayOptions = Omit<AppDependencies, 'stdin' | 'stdout'> & { readonly columns: number; readonly rows: number };

/** Runs the app on a fake terminal, whatever it looks at, and waits for its first frame. */
export async function openDisplay({ columns, rows, ...dependencies }: DisplayOptions): Promise<Display> {
  const stdout = new FakeTty(columns, rows);
  const stdin = new FakeStdin();
  const exited = runApp({
    ...dependencies,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
  });
  const lines = () => {
    const { active } = stdout.terminal.buffer;
    return Array.from(
      { length: stdout.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  };
  const text = () => lines().join('\n');
  const says = (what: string | RegExp) => (typeof what === 'string' ? text().includes(what) : what.test(text()));
  const until = async (what: string, holds: () => boolean) => {
    const limit = Date.now() + 3000;
    while (!holds()) {
      if (Date.now() > limit) throw new Error(`never: ${what}\n${text()}`);
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  };
  const screen: Display = {
    exited,
    terminal: stdout.terminal,
    lines,
    text,
    until,
    see: what => until(`sees ${what}`, () => says(what)),
    lose: what => until(`loses ${what}`, () => !says(what)),
    press: async (...keys) => {
      for (const key of keys) {
        await stdin.taken();
        stdin.write(bytesOf(key));
        await stdin.taken();
        // Ink holds a lone escape back until it is sure that no sequence follows.
        await new Promise(resolve => setTimeout(resolve, key === 'esc' ? 25 : 0));
      }
    },
    send: chunk => stdin.write(chunk),
    resize: (columns, rows) => {
      stdout.columns = columns;
      stdout.rows = rows;
      stdout.terminal.resize(columns, rows);
      stdout.emit('resize');
    },
    cursorLine: () => lines().find(line => line.includes('▌')) ?? '',
    bytes: () => stdout.bytes,
    copied: () => stdout.copied,
    hasColour: () => {
      const { active } = stdout.terminal.buffer;
      for (let row = 0; row < stdout.terminal.rows; row += 1) {
        const line = active.getLine(active.baseY + row);
        for (let column = 0; column < stdout.terminal.cols; column += 1) {
          const cell = line?.getCell(column);
          if (cell && !(cell.isFgDefault() && cell.isBgDefault())) return true;
        }
      }
      return false;
    },
    close: async () => {
      let over = false;
      const ended = exited.then(
        () => {
          over = true;
        },
        () => {
          over = true;
        },
      );
      // Out of a dialog, then out of a run, then out of the app.
      for (let press = 0; press < 6 && !over; press += 1) await screen.press('ctrl-c');
      await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 100))]);
      stdin.destroy();
    },
  };
  await until('the first frame', () => /[╭+][─-] |needed/.test(text()));
  return screen;
}
