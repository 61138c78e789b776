/** What the program costs while nobody touches it: processor time and memory of the app itself, beside a fleet. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Terminal } from '../test/helpers/terminal.ts';
import { type Fleet, startFleet } from './fleet-sandbox.ts';
import { cli } from './program.ts';

type IdleFigures = {
  readonly 'all read s': number;
  readonly 'most resident MB': number;
  readonly 'resident MB': number;
  /** Of one core. */
  readonly 'idle CPU %': number;
};

/** Long enough for the slowest background readings to have their share. Milliseconds. */
const measured = 60_000;
const untouched = 10_000;
const patience = 1_200_000;

/** Linux only: /proc tells. */
export async function benchIdle(): Promise<Readonly<Record<string, IdleFigures>>> {
  return {
    '10 x 100': await measure({ clusters: 10, associations: 100 }),
    '10 x 1,000': await measure({ clusters: 10, associations: 1_000 }),
    '100 x 1,000': await measure({ clusters: 100, associations: 1_000 }),
  };
}

async function measure(fleet: Fleet): Promise<IdleFigures> {
  const sandbox = await startFleet(fleet);
  const terminal = new Terminal(process.execPath, [cli, '--region', sandbox.regions.join(',')], {
    // A bundle of the machine's own would be loaded for each cluster's connections.
    environment: { ...sandbox.environment, AWS_CA_BUNDLE: undefined },
  });
  try {
    const began = performance.now();
    await terminal.until(text => /LIVE/.test(text) && !/LOADING/.test(text), patience);
    const read = performance.now() - began;
    await wait(untouched);
    const before = ticks(terminal.pty.pid);
    await wait(measured);
    const used = (ticks(terminal.pty.pid) - before) / ticksPerSecond();
    const memory = readFileSync(`/proc/${terminal.pty.pid}/status`, 'utf8');
    const kilobytes = (name: string) => Number(memory.match(new RegExp(`${name}:\\s+(\\d+)`))?.[1] ?? Number.NaN);
    return {
      'all read s': Math.round(read / 100) / 10,
      'most resident MB': Math.round(kilobytes('VmHWM') / 1_000),
      'resident MB': Math.round(kilobytes('VmRSS') / 1_000),
      'idle CPU %': Math.round((used / (measured / 1_000)) * 10_000) / 100,
    };
  } finally {
    await terminal.close();
    await sandbox.close();
  }
}

/** User and system time, the 14th and 15th field of /proc/PID/stat; the name before them may hold spaces. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

const ticksPerSecond = (): number => Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
