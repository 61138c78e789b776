/**
 * A whole migration over real sockets at 50 ms: how long planning and the run take, against the least that the run can
 * take. It rises with the number of service accounts alone while the request rate is not the limit.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { actions } from '../source/plan/plan.ts';
import { makeWorkbench } from '../source/read/make-workbench.ts';
import { openWorld } from '../source/read/world.ts';
import { systemClock } from '../source/run/clock.ts';
import type { RequestNote } from '../source/run/ports.ts';
import type { BenchWorld, Serving } from './migrate-world.ts';

export type MigrateFigures = {
  readonly roles: number;
  readonly actions: number;
  readonly 'plan s': number;
  readonly 'plan requests': number;
  readonly 'run s': number;
  readonly 'run requests': number;
  /** The least that the run can take: see `leastSeconds`. */
  readonly 'least s': number;
  readonly 'run / least': number;
};

const latency = 50;
/** The executor's own default. */
const atOnce = 32;
const cases: readonly BenchWorld[] = [
  { accounts: 50, latency, throttle: 0 },
  { accounts: 100, latency, throttle: 0 },
  { accounts: 200, latency, throttle: 0 },
  { accounts: 200, latency, throttle: 20 },
];

/** One migration of each size; the last with 20 requests a second, account, region and service. */
export async function benchMigrate(): Promise<Readonly<Record<string, MigrateFigures>>> {
  const figures: Record<string, MigrateFigures> = {};
  for (const size of cases) {
    const name = `${size.accounts} service accounts${size.throttle > 0 ? `, ${size.throttle} requests/s` : ''}`;
    figures[name] = await migrateOnce(size);
  }
  return figures;
}

async function migrateOnce(size: BenchWorld): Promise<MigrateFigures> {
  const server = new Worker(new URL('./migrate-world.ts', import.meta.url), { workerData: size });
  const [serving] = (await once(server, 'message')) as [Serving];
  const saved = { ...process.env };
  Object.assign(process.env, serving.environment);
  const notes: RequestNote[] = [];
  const world = await openWorld({ clock: systemClock, onRequest: note => notes.push(note) });
  try {
    return await measure(world, serving.cluster, size, notes);
  } finally {
    world.close();
    for (const name of Object.keys(serving.environment)) delete process.env[name];
    Object.assign(process.env, saved);
    server.postMessage('stop');
    await once(server, 'exit');
  }
}

async function measure(
  world: Awaited<ReturnType<typeof openWorld>>,
  name: string,
  size: BenchWorld,
  notes: readonly RequestNote[],
): Promise<MigrateFigures> {
  const workbench = makeWorkbench(world, systemClock);
  const cluster = await world.findCluster(name);
  const from = notes.length;
  const began = performance.now();
  const { plan } = await workbench.plan(cluster, { command: 'migrate', removeOidcProviderTrust: false });
  const planned = performance.now();
  const planning = notes.length - from;
  for await (const event of workbench.run(plan)) {
    if (event.type !== 'finished') continue;
    const { failed, skipped } = event.result;
    if (failed.length + skipped.length > 0) throw new Error(`not all was migrated: ${JSON.stringify(failed[0])}`);
  }
  const run = (performance.now() - planned) / 1000;
  const sent = notes.slice(from + planning);
  const least = leastSeconds(sent, size);
  const nodes = actions(plan.root);
  return {
    roles: nodes.filter(({ action }) => 'roleArn' in action).length,
    actions: nodes.length,
    'plan s': round((planned - began) / 1000),
    'plan requests': planning,
    'run s': round(run),
    'run requests': attempts(sent),
    'least s': round(least),
    'run / least': round(run / least),
  };
}

/**
 * Each of the actions under way has one request under way at a time, so so many requests cannot take less than their
 * latency shared by that many; and where a service allows a number of requests a second, no less than that.
 */
function leastSeconds(sent: readonly RequestNote[], { throttle }: BenchWorld): number {
  const byLatency = (sent.length * latency) / 1000 / atOnce;
  if (throttle === 0) return byLatency;
  const byService = Map.groupBy(
    sent.filter(({ service }) => service !== 'kubernetes'),
    ({ service }) => service,
  );
  // A bucket holds one second's worth.
  const byRate = [...byService.values()].map(those => Math.max(0, those.length / throttle - 1));
  return Math.max(byLatency, ...byRate);
}

const attempts = (sent: readonly RequestNote[]): number => sent.reduce((sum, note) => sum + note.attempts, 0);

const round = (value: number): number => Math.round(value * 100) / 100;
