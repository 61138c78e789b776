/** A fleet in a sandbox of its own process, for the benchmarks of the live model. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cleanEnvironment } from '../test/helpers/program.ts';
import { cli } from './program.ts';

export type Fleet = {
  readonly clusters: number;
  /** Of each cluster. */
  readonly associations: number;
  /** Milliseconds of each answer, requests a second and account, region and service (0: any), share that fails. */
  readonly latency?: number;
  readonly throttle?: number;
  readonly faultRate?: number;
};

export type FleetSandbox = {
  /** What leads an AWS SDK to it, and nowhere else. */
  readonly environment: Readonly<Record<string, string>>;
  readonly regions: readonly string[];
  close(): Promise<void>;
};

type Ready = {
  readonly ready: true;
  readonly environment: Record<string, string>;
  readonly regions: readonly string[];
};

export async function startFleet(fleet: Fleet): Promise<FleetSandbox> {
  const { clusters, associations, latency = 0, throttle = 0, faultRate = 0 } = fleet;
  const home = mkdtempSync(path.join(os.tmpdir(), 'podid-bench-'));
  const child = fork(
    cli,
    [
      ...['sandbox', '--world', 'fleet', '--clusters', `${clusters}`, '--associations', `${associations}`],
      ...['--latency', `${latency}`, '--throttle', `${throttle}`, '--fault-rate', `${faultRate}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] },
  );
  const ready = await readiness(child);
  return {
    environment: cleanEnvironment(home, ready.environment),
    regions: ready.regions,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function readiness(child: ChildProcess): Promise<Ready> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the sandbox ended with ${code}`);
  });
  for (;;) {
    const [message] = await Promise.race([once(child, 'message'), gone]);
    if (message?.ready === true) return message as Ready;
  }
}
