/**
 * Random keys against the built app in a pseudo-terminal, on a world where every cluster is production: nothing may be
 * written there without a phrase typed, and chance types none. `node test/explore/keys.ts [--seed N] [--seconds 60]
 * [--rate 200]`; the same seed presses the same keys. Exit 1 when anything went wrong.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { actions } from '../../source/ui/actions/actions.ts';
import { cleanEnvironment, cli, type SandboxForTest, startTestSandbox, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';

export type KeysReport = {
  readonly presses: number;
  /** How often the keys happened to quit the app. */
  readonly sittings: number;
  /** What went wrong; empty: nothing. */
  readonly problems: readonly string[];
};

/** mulberry32: numbers from 0 to 1, the same ones for the same seed. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const bytes: Readonly<Record<string, string>> = {
  up: keys.up,
  down: keys.down,
  left: keys.left,
  right: keys.right,
  enter: keys.enter,
  tab: keys.tab,
  backspace: keys.backspace,
  esc: keys.escape,
  space: ' ',
  'shift-tab': keys.shiftTab,
  'shift-left': '\u001b[1;2D',
  'shift-right': '\u001b[1;2C',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
};

function bytesOf(key: string): string {
  const letter = /^ctrl-([a-z])$/.exec(key)?.[1];
  return letter ? keys.ctrl(letter) : (bytes[key] ?? key);
}

/** Every key of the app but the one that leads to another world. */
const pressed = [...new Set(actions.filter(({ id }) => id !== 'sandbox').flatMap(action => [...action.keys]))];

const typed = [
  'payments',
  'ns:pay health:trust',
  '/(a+)+$/',
  'pods>3 age<2d',
  '!',
  'sa',
  'a @all',
  'roles',
  'runs',
  'log',
  'set ro',
  'set rw',
  'save x',
  'view x',
  'ü漢字\u202e',
];

/** One thing that fingers, links and clipboards do; what it does to the terminal is bytes. */
function gesture(random: () => number): string {
  const of = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const dice = random();
  if (dice < 0.3) return bytesOf(of(['up', 'down', 'j', 'k', 'pagedown', 'left', 'right', 'g', 'G']));
  if (dice < 0.4) return keys.enter;
  if (dice < 0.48) return keys.escape;
  if (dice < 0.53) return keys.tab;
  if (dice < 0.58) return of(typed);
  if (dice < 0.62) return `\u001b[200~${of(typed)}\n${of(typed)}\u001b[201~`;
  if (dice < 0.68) return Array.from({ length: 2 + Math.floor(random() * 5) }, () => bytesOf(of(pressed))).join('');
  return bytesOf(of(pressed));
}

const sizes = [
  [100, 30],
  [80, 24],
  [61, 16],
  [52, 12],
  [140, 45],
] as const;

export type KeysPlan = {
  readonly seed: number;
  readonly presses: number;
  /** Gestures a second. */
  readonly rate: number;
  readonly program?: string;
};

export async function exploreKeys({ seed, presses, rate, program = cli }: KeysPlan): Promise<KeysReport> {
  const random = chance(seed);
  const home = temporaryHome();
  const world = await startTestSandbox(['--world', 'demo', '--seed', String(seed)]);
  const problems: string[] = [];
  let sittings = 0;
  let terminal: Terminal | undefined;
  try {
    for (let done = 0; done < presses; done += 1) {
      if (!terminal || terminal.exitCode !== undefined) {
        if (terminal) await judgeEnd(terminal, problems);
        terminal = open(program, home.home, world);
        sittings += 1;
        await terminal.until(text => text.includes('LIVE') && text.includes('prod-us-1'));
      }
      const next = gesture(random);
      terminal.send(next);
      if (random() < 0.01) {
        const [columns, rows] = sizes[Math.floor(random() * sizes.length)] ?? sizes[0];
        resize(terminal, columns, rows);
      }
      await new Promise(resolve => setTimeout(resolve, 1_000 / rate));
      // Whoever stopped it as a shell's job brings it back; it may not have stopped yet.
      if (done % 20 === 0 || next.includes(keys.ctrl('z'))) goOn(terminal);
    }
    if (terminal) await finish(terminal, problems);
    await judgeWorld(world, home.home, problems);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  } finally {
    await terminal?.close();
    await world.stop();
    home.remove();
  }
  return { presses, sittings, problems };
}

const open = (program: string, home: string, world: SandboxForTest): Terminal =>
  new Terminal(process.execPath, [program, '--region', 'us-east-1'], {
    environment: cleanEnvironment(home, { ...world.environment, EDITOR: 'true', VISUAL: 'true' }),
  });

/** The app may have ended a moment ago, and its terminal with it. */
function goOn(terminal: Terminal): void {
  try {
    if (terminal.exitCode === undefined) process.kill(terminal.pty.pid, 'SIGCONT');
  } catch (error) {
    if (!/ESRCH/.test(String(error))) throw error;
  }
}

function resize(terminal: Terminal, columns: number, rows: number): void {
  try {
    terminal.resize(columns, rows);
  } catch (error) {
    if (!/EBADF|already exited/.test(String(error))) throw error;
  }
}

/** It must still be there and draw, and give the terminal back when it is told to end. */
async function finish(terminal: Terminal, problems: string[]): Promise<void> {
  if (terminal.exitCode === undefined) {
    goOn(terminal);
    resize(terminal, 103, 31);
    // The emulator keeps what stood outside a screen that was wider before; a frame is as wide as its border.
    await terminal.until(text => text.split('\n').some(line => /^[╭╰]/.test(line) && line.length === 103));
    if (/This screen failed/.test(terminal.text())) problems.push(`a screen failed:\n${terminal.text()}`);
    terminal.pty.kill('SIGTERM');
  }
  await judgeEnd(terminal, problems);
}

async function judgeEnd(terminal: Terminal, problems: string[]): Promise<void> {
  const code = await terminal.exited;
  // The last bytes may still be on their way through the emulator.
  for (let turn = 0; turn < 100 && terminal.alternate; turn += 1) await new Promise(resolve => setTimeout(resolve, 10));
  if (terminal.alternate) problems.push('the terminal was not given back');
  if (terminal.raw.lastIndexOf('\u001b[?25h') < terminal.raw.lastIndexOf('\u001b[?25l'))
    problems.push('the cursor is still hidden');
  if (/the app crashed|\n\s+at .*\.js:/.test(terminal.raw)) problems.push(`it crashed (${code}):\n${terminal.text()}`);
}

/** Nothing was written, since nobody typed the name of a production cluster; and no screen had to report a crash. */
async function judgeWorld(world: SandboxForTest, home: string, problems: string[]): Promise<void> {
  const { counts } = (await world.control('requests')) as { counts: Record<string, { writes: number }> };
  for (const [operation, { writes }] of Object.entries(counts))
    if (writes > 0) problems.push(`${operation} was called ${writes} times, and nobody confirmed that`);
  const crashes = path.join(home, '.local', 'state', 'podid-tui', 'crashes');
  if (existsSync(crashes)) problems.push(`crash reports: ${readdirSync(crashes).join(', ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '60' },
      rate: { type: 'string', default: '200' },
    },
  });
  const rate = Number(values.rate);
  const report = await exploreKeys({ seed: Number(values.seed), presses: Number(values.seconds) * rate, rate });
  for (const problem of report.problems) process.stdout.write(`${problem}\n`);
  process.stdout.write(
    `seed ${values.seed}: ${report.presses} gestures in ${report.sittings} sittings, ${report.problems.length} problems\n`,
  );
  process.exitCode = report.problems.length > 0 ? 1 : 0;
}
