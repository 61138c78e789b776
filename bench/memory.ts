/**
 * What a fleet costs in memory: by size, by what is kept, and after an hour of others' changes. Each figure is taken in a
 * process of its own, whose clock jumps.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MemoryFigures, MemoryTask } from './memory-process.ts';

const program = fileURLToPath(new URL('./memory-process.ts', import.meta.url));

export async function benchMemory(): Promise<Readonly<Record<string, MemoryFigures>>> {
  return {
    '1 x 1,000': await measured({ clusters: 1, associations: 1_000, churnSeconds: 3_600 }),
    '10 x 1,000': await measured({ clusters: 10, associations: 1_000, churnSeconds: 3_600 }),
    '100 x 1,000': await measured({ clusters: 100, associations: 1_000, churnSeconds: 3_600 }),
  };
}

async function measured(task: MemoryTask): Promise<MemoryFigures> {
  const child = fork(program, [JSON.stringify(task)], { execArgv: ['--expose-gc'] });
  const ended = once(child, 'exit');
  const [figures] = (await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`the measuring process ended with ${code}`))),
  ])) as [MemoryFigures];
  await ended;
  return figures;
}
