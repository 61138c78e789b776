/** From process start to what is on screen, in a pseudo-terminal, beside an empty Node process in the same run. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { Terminal } from '../test/helpers/terminal.ts';
import { type Summary, summarise } from './statistics.ts';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export type StartFigures = Readonly<
  Record<'emptyNode' | 'firstPaint' | 'firstInkFrame' | 'fullDemo' | 'quit', Summary>
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

/** One start of the app on the demo world; milliseconds from spawn to each mark. */
async function appStart(home: string) {
  const begin = performance.now();
  const terminal = new Terminal(process.execPath, [cli, '--sandbox'], {
    environment: { HOME: home, XDG_CONFIG_HOME: undefined, XDG_STATE_HOME: undefined, XDG_CACHE_HOME: undefined },
  });
  const since = () => performance.now() - begin;
  await terminal.until('─ clusters');
  const firstPaint = since();
  // Ink wraps each of its frames in a synchronised update; the first paint does not.
  await terminal.until(() => terminal.raw.includes('\u001B[?2026h'));
  const firstInkFrame = since();
  await terminal.until(text => text.includes('LIVE') && !text.includes('…'));
  const fullDemo = since();
  const quit = await timed(async () => {
    terminal.send('q').send('q');
    await terminal.exited;
  });
  await terminal.close();
  return { firstPaint, firstInkFrame, fullDemo, quit };
}

export async function benchStart(rounds = 10): Promise<StartFigures> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'podid-bench-'));
  try {
    const empty: number[] = [];
    const starts: Awaited<ReturnType<typeof appStart>>[] = [];
    await appStart(home); // warms the compile cache, as a second start of a user's would find it
    for (let round = 0; round < rounds; round++) {
      empty.push(await emptyNode());
      starts.push(await appStart(home));
    }
    const of = (mark: keyof (typeof starts)[number]) => summarise(starts.map(start => start[mark]));
    return {
      emptyNode: summarise(empty),
      firstPaint: of('firstPaint'),
      firstInkFrame: of('firstInkFrame'),
      fullDemo: of('fullDemo'),
      quit: of('quit'),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
