/** One measurement of `memory.ts`, in a process of its own. */
import { setTimeout as wait } from 'node:timers/promises';
import { createLiveModel } from '../source/live/create.ts';
import { keepHeapSmall } from '../source/start/heap.ts';
import { TestClock } from '../test/live/test-clock.ts';
import { VirtualFleet } from './virtual-fleet.ts';

export type MemoryTask = {
  readonly clusters: number;
  readonly associations: number;
  /** Of the model's clock, with one change of somebody else's a second. */
  readonly churnSeconds: number;
};

export type MemoryFigures = {
  readonly 'heap MB': number;
  readonly 'bytes a service account': number;
  readonly 'with all rows MB': number;
  readonly 'bytes a row': number;
  readonly 'resident MB': number;
  readonly 'after an hour MB': number;
  /** One change until the cluster's own row tells. */
  readonly 'a change ms': number;
  readonly 'left after close': number;
};

declare const gc: () => void;

async function heap(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    gc();
    await wait(20);
  }
  return process.memoryUsage().heapUsed;
}

async function measure({ clusters, associations, churnSeconds }: MemoryTask): Promise<MemoryFigures> {
  keepHeapSmall();
  const all = clusters * associations;
  const clock = new TestClock();
  const world = new VirtualFleet({ clusters, associations, latency: 0, throttle: Number.POSITIVE_INFINITY }, clock);
  const empty = await heap();
  const model = createLiveModel(world, { clock, random: () => 0.5 });
  while ((world.answered.get('DescribePodIdentityAssociation') ?? 0) < all) await clock.pass(1_000);
  // Beyond twenty clusters, the API servers of those that nobody looks at are asked one every two seconds.
  await clock.pass(clusters * 2_500);
  model.clusters();
  const filled = await heap();
  model.associations();
  const rows = await heap();
  const resident = process.memoryUsage.rss();
  let change = 0;
  for (let second = 0; second < churnSeconds; second += 1) {
    world.churn(second % clusters, (second * 7) % associations);
    await clock.pass(1_000);
    const began = performance.now();
    model.clusters();
    change += performance.now() - began;
  }
  const churned = await heap();
  await model.close();
  await wait(50);
  const left = process.getActiveResourcesInfo().filter(kind => kind !== 'PipeWrap' && kind !== 'TTYWrap').length;
  return {
    'heap MB': mega(filled),
    'bytes a service account': Math.round((filled - empty) / all),
    'with all rows MB': mega(rows),
    'bytes a row': Math.round((rows - filled) / all),
    'resident MB': mega(resident),
    'after an hour MB': mega(churned),
    'a change ms': Math.round((change / churnSeconds) * 1_000) / 1_000,
    'left after close': left + clock.sleeping,
  };
}

const mega = (bytes: number): number => Math.round(bytes / 1e5) / 10;

process.send?.(await measure(JSON.parse(process.argv[2] ?? '{}') as MemoryTask));
process.disconnect?.();
