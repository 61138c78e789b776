/** The app as it is bundled, on a terminal that only counts: from a key to the bytes it makes. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundling } from '../scripts/bundle.ts';
import type { LiveModel } from '../source/live/model.ts';
import { systemClock } from '../source/run/clock.ts';
import type { runApp } from '../source/ui/app.tsx';
import type { View } from '../source/ui/state/view.ts';

class CountingTty extends Writable {
  readonly isTTY = true;
  readonly columns = 100;
  readonly rows = 30;
  bytes = 0;
  last = '';
  constructor() {
    super({ decodeStrings: false });
  }
  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const text = chunk.toString();
    this.bytes += Buffer.byteLength(text);
    this.last = text;
    // What only begins or ends a synchronised update, or hides the cursor, is no frame.
    if (!/^(\u001b\[\?(2026|25)[hl])*$/.test(text)) this.emit('frame', performance.now());
    done();
  }
}

class FakeStdin extends PassThrough {
  readonly isTTY = true;
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

type Ui = { readonly runApp: typeof runApp };

/** The app's own bundle options: development React would be measured instead. */
async function loadUi(): Promise<Ui & { remove(): void }> {
  const root = fileURLToPath(new URL('../', import.meta.url));
  // The colours of a terminal of today, whatever the benchmark's own output goes to.
  process.env.FORCE_COLOR = '3';
  // Inside the project, so that what is not bundled is found.
  const directory = mkdtempSync(path.join(root, 'node_modules', '.bench-'));
  const outfile = path.join(directory, 'ui.mjs');
  await build({
    ...bundling,
    entryPoints: [path.join(root, 'source/ui/app.tsx')],
    outfile,
  });
  const ui = (await import(outfile)) as Ui;
  return { ...ui, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** `cpu`: milliseconds that this process was computing, on whatever machine it shares. */
export type Sample = { readonly milliseconds: number; readonly cpu: number; readonly bytes: number };

export type BenchScreen = {
  /** Sends a key and waits for its frame; `undefined` when none came within `patience`. */
  press(key: string, patience?: number): Promise<Sample | undefined>;
  /** Lets whatever is under way come to rest. */
  rest(milliseconds?: number): Promise<void>;
  bytes(): number;
  close(): Promise<void>;
};

let ui: ReturnType<typeof loadUi> | undefined;

/** Removes what `openBenchScreen` has built. */
export const removeUi = async (): Promise<void> => (await ui)?.remove();

export async function openBenchScreen(model: LiveModel, startView: View): Promise<BenchScreen> {
  ui ??= loadUi();
  const { runApp: run } = await ui;
  const stdout = new CountingTty();
  const stdin = new FakeStdin();
  const exited = run({
    model,
    workbench: {
      plan: () => Promise.reject(new Error('nothing is planned here')),
      run: () => {
        throw new Error('nothing runs here');
      },
      resume: () => {
        throw new Error('nothing runs here');
      },
      undo: () => Promise.reject(new Error('nothing is planned here')),
      journals: { list: async () => [], read: () => Promise.reject(new Error('there is none')) },
    } as unknown as Parameters<typeof runApp>[0]['workbench'],
    clock: systemClock,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    options: { sandbox: false, version: '0.0.0', startView },
    environment: { COLORTERM: 'truecolor', TERM: 'xterm-256color' },
  });
  const rest = (milliseconds = 200) => new Promise<void>(resolve => setTimeout(resolve, milliseconds));
  await once(stdout, 'frame');
  await rest(500);
  return {
    rest,
    bytes: () => stdout.bytes,
    press: async (key, patience = 2000) => {
      const before = stdout.bytes;
      const stop = new AbortController();
      const frame = once(stdout, 'frame', { signal: stop.signal }).catch(() => undefined);
      const timer = setTimeout(() => stop.abort(), patience);
      const computed = process.cpuUsage();
      const began = performance.now();
      stdin.write(key);
      const answer = (await frame) as [number] | undefined;
      clearTimeout(timer);
      if (!answer) return undefined;
      // What closes the synchronised update comes in the same turn.
      await new Promise(resolve => setImmediate(resolve));
      const { user, system } = process.cpuUsage(computed);
      return { milliseconds: answer[0] - began, cpu: (user + system) / 1000, bytes: stdout.bytes - before };
    },
    close: async () => {
      stdin.write('\u0003');
      await rest(50);
      stdin.write('\u0003');
      await exited;
    },
  };
}
