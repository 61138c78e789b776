import { render } from 'ink';
import type { ReactElement } from 'react';
import type { ExitReport } from './controller/app.ts';
import { paintedOn, type Size } from './paint/painter.ts';

export type Streams = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Whether nothing but ASCII is written, now. */
  readonly ascii: () => boolean;
  /** The size of the alternate screen that stands there already. */
  readonly entered?: Size;
};

const isReport = (value: unknown): value is ExitReport =>
  typeof value === 'object' && value !== null && 'exitCode' in value && 'lines' in value;

/**
 * Draws the app until it exits, on the alternate screen.
 *
 * Ink gives the terminal back on exit, on an uncaught error and on SIGTERM, SIGINT and SIGHUP. What it does not cover
 * is a library that prints: for as long as the app is up, console output is held back and comes out afterwards, on the
 * normal screen, where it harms nothing.
 *
 * @throws what a component threw, after the terminal has been given back
 */
export async function drawUntilExit(element: ReactElement, streams: Streams): Promise<ExitReport> {
  const release = holdConsole();
  try {
    const instance = render(element, {
      stdin: streams.stdin,
      // Ink hands over whole frames; what is written of them is what changed.
      stdout: paintedOn(streams.stdout, streams.ascii, streams.entered),
      incrementalRendering: false,
      // A held key skips no row, ctrl-c asks before it ends a run.
      alternateScreen: true,
      maxFps: 60,
      exitOnCtrlC: false,
      patchConsole: false,
      interactive: true,
    });
    const result = await instance.waitUntilExit();
    return isReport(result) ? result : { exitCode: 0, lines: [] };
  } finally {
    release();
  }
}

const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;

/** Keeps what is printed through the console, at most 200 messages, until the returned function is called. */
function holdConsole(): () => void {
  const { console } = globalThis;
  const held: (() => void)[] = [];
  const originals = methods.map(name => console[name]);
  methods.forEach((name, index) => {
    console[name] = (...parts: unknown[]) => {
      if (held.length < 200) held.push(() => originals[index]?.apply(console, parts));
    };
  });
  return () => {
    methods.forEach((name, index) => {
      const original = originals[index];
      if (original) console[name] = original;
    });
    for (const print of held) print();
  };
}
