/** From process start to what is on screen, in a pseudo-terminal, beside an empty Node process in the same run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundling } from '../scripts/bundle.ts';
import { cleanEnvironment } from '../test/helpers/program.ts';
import { Terminal } from '../test/helpers/terminal.ts';
import { cli } from './program.ts';
import { type Summary, summarise } from './statistics.ts';

export type StartFigures = Readonly<
  Record<'emptyNode' | 'inkAlone' | 'firstPaint' | 'firstInkFrame' | 'sandboxInkFrame' | 'fullDemo' | 'quit', Summary>
>;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function emptyNode(): Promise<number> {
  const terminal = new Terminal(process.execPath, ['-e', '0']);
  const milliseconds = await timed(() => terminal.exited);
  await terminal.close();
  return milliseconds;
}

/** Milliseconds from the key that quits to the end of the process. Two keys at once would be taken for a paste. */
async function quit(terminal: Terminal): Promise<number> {
  terminal.send('q');
  await terminal.until('q again');
  return timed(async () => {
    terminal.send('q');
    await terminal.exited;
  });
}

/** Ink wraps each of its frames in a synchronised update; the first paint does not. */
const inkFrame = '\u001B[?2026h';

/** Bundles what Ink takes alone. @returns the script to start */
async function buildFloor(directory: string): Promise<string> {
  const entry = fileURLToPath(new URL('./start-floor.tsx', import.meta.url));
  await build({ ...bundling, entryPoints: [entry], outfile: path.join(directory, 'floor.mjs') });
  const script = path.join(directory, 'start-floor.mjs');
  writeFileSync(
    script,
    "import module from 'node:module';\nmodule.enableCompileCache();\nawait import('./floor.mjs');\nmodule.flushCompileCache();\n",
  );
  return script;
}

async function inkAlone(script: string): Promise<number> {
  const terminal = new Terminal(process.execPath, [script]);
  const milliseconds = await timed(() => terminal.until(() => terminal.raw.includes(inkFrame)));
  await terminal.until('podid-tui');
  await terminal.close();
  return milliseconds;
}

/** A start on an account whose endpoint does not answer: what is drawn before any network call. */
async function bareStart(home: string) {
  const begin = performance.now();
  const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
  const terminal = new Terminal(process.execPath, [cli, '--region', 'eu-west-1'], {
    environment: cleanEnvironment(home, nowhere),
  });
  await terminal.until('─ clusters');
  const firstPaint = performance.now() - begin;
  await terminal.until(() => terminal.raw.includes(inkFrame));
  const firstInkFrame = performance.now() - begin;
  await quit(terminal);
  await terminal.close();
  return { firstPaint, firstInkFrame };
}

/** One start of the app on the demo world; milliseconds from spawn to each mark. */
async function demoStart(home: string) {
  const begin = performance.now();
  const terminal = new Terminal(process.execPath, [cli, '--sandbox'], { environment: cleanEnvironment(home) });
  const since = () => performance.now() - begin;
  await terminal.until(() => terminal.raw.includes(inkFrame));
  const sandboxInkFrame = since();
  await terminal.until(text => text.includes('LIVE') && !text.includes('…'));
  const fullDemo = since();
  const leaving = await quit(terminal);
  await terminal.close();
  return { sandboxInkFrame, fullDemo, quit: leaving };
}

export async function benchStart(rounds = 10): Promise<StartFigures> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'podid-bench-'));
  try {
    const floor = await buildFloor(home);
    await inkAlone(floor);
    const empty: number[] = [];
    const alone: number[] = [];
    const bare: Awaited<ReturnType<typeof bareStart>>[] = [];
    const demo: Awaited<ReturnType<typeof demoStart>>[] = [];
    await demoStart(home); // warms the compile cache, as a second start of a user's would find it
    for (let round = 0; round < rounds; round++) {
      empty.push(await emptyNode());
      alone.push(await inkAlone(floor));
      bare.push(await bareStart(home));
      demo.push(await demoStart(home));
    }
    return {
      emptyNode: summarise(empty),
      inkAlone: summarise(alone),
      firstPaint: summarise(bare.map(start => start.firstPaint)),
      firstInkFrame: summarise(bare.map(start => start.firstInkFrame)),
      sandboxInkFrame: summarise(demo.map(start => start.sandboxInkFrame)),
      fullDemo: summarise(demo.map(start => start.fullDemo)),
      quit: summarise(demo.map(start => start.quit)),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
