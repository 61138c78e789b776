import { readFileSync } from 'node:fs';
import { needsAscii } from '../ui/theme/depth.ts';
import { doorOf, pictureDirectory } from './door.ts';
import { firstPaint, guardFirstPaint, type Screen, undoFirstPaint } from './first-paint.ts';

/** The first paint is on the screen; whoever finds that the app will not open takes it back. */
export type Painted = {
  /** What it put there. */
  readonly screen: Screen | undefined;
  undo(): void;
  /** From now on somebody else gives the terminal back when a signal comes. */
  handOver(): void;
};

/** Words that ask for something else than the app. */
const elsewhere = /^(-h|--help|-V|--version|--once|--linear|--view(=.*)?|--reset-terminal|-o.*|--output(=.*)?)$/;

/**
 * Draws the frame, with what was seen last time, before anything else is loaded: a process takes 30 ms to get here, and
 * React and Ink three times as long again. Undefined when the command line does not open the app on this terminal.
 */
export function paintEarly(argv: readonly string[]): Painted | undefined {
  const { stdin, stdout, env } = process;
  if (argv[0] !== undefined && !argv[0].startsWith('-')) return undefined;
  if (argv.some(word => elsewhere.test(word))) return undefined;
  if (env.TERM === 'dumb' || env.INK_SCREEN_READER || !stdin.isTTY || !stdout.isTTY) return undefined;
  const sandbox = argv.includes('--sandbox');
  // Before anything is drawn: a signal can come at any time after.
  const handOver = guardFirstPaint(stdout);
  const screen = firstPaint(stdout, sandbox ? 'starting the sandbox' : 'starting', lastRows(argv), {
    ascii: argv.includes('--ascii') || (keptAscii(env) ?? needsAscii(env)),
  });
  let there = true;
  return {
    screen,
    handOver,
    undo: () => {
      handOver();
      if (there) undoFirstPaint(stdout);
      there = false;
    },
  };
}

/** The rows of the last picture as text; none when there is no picture, or none that can be read. */
function lastRows(argv: readonly string[]): readonly string[] {
  const door = doorOf(argv, process.env);
  const directory = door && pictureDirectory(door, process.env);
  if (!directory) return [];
  try {
    return readFileSync(`${directory}/frame.txt`, 'utf8').slice(0, 20_000).split('\n').map(harmless);
  } catch {
    return [];
  }
}

/** What the preferences say of signs, by their file as it is: it has a reader of its own, which takes longer than this. */
export function keptAscii({ XDG_CONFIG_HOME: config, HOME: home }: NodeJS.ProcessEnv): boolean | undefined {
  const base = config?.startsWith('/') ? config : home && `${home}/.config`;
  if (!base) return undefined;
  try {
    const { ascii } = JSON.parse(readFileSync(`${base}/podid-tui/config.json`, 'utf8')) as { ascii?: unknown };
    return typeof ascii === 'boolean' ? ascii : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever wrote the file: no control character, and nothing that is wider than it looks, reaches the terminal. */
export const harmless = (line: string): string => line.replace(/[^\x20-\x7e]/g, '?');
