/**
 * `get` on one cluster at 50 ms latency, beside a client that sends one describe after another, as eksctl does; and where
 * AWS allows a number of requests a second, beside the least that so many requests can take.
 */
import { execFile } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { readCluster } from '../source/commands/get/read.ts';
import { openWorld, type World } from '../source/read/world.ts';
import { systemClock } from '../source/run/clock.ts';
import type { RequestNote } from '../source/run/ports.ts';
import { type Fleet, startFleet } from './fleet-sandbox.ts';
import { cli } from './program.ts';

export type GetFigures = {
  /** Requests sent, those that were throttled and sent again among them. */
  readonly requests: number;
  readonly 'get s': number;
  /** The built program from its start to its end, which loads the AWS SDK too. */
  readonly 'whole program s': number;
  /** Requests of a client that does one after another: as many round trips. */
  readonly 'round trips': number;
  /** Of such a client; where the rate is limited, the least that the requests can take. */
  readonly 'beside s': number;
  readonly ratio: number;
};

const latency = 50;
const cluster = 'fleet-1';

/** How often a case is measured; the median counts. */
const rounds = 5;

const cases: Readonly<Record<string, Fleet>> = {
  '100 associations': { clusters: 1, associations: 100, latency },
  '1,000 associations': { clusters: 1, associations: 1_000, latency },
  '100, 20 requests/s': { clusters: 1, associations: 100, latency, throttle: 20 },
  '1,000, 100 requests/s': { clusters: 1, associations: 1_000, latency, throttle: 100 },
};

export async function benchGet(): Promise<Readonly<Record<string, GetFigures>>> {
  const figures: Record<string, GetFigures> = {};
  for (const [name, fleet] of Object.entries(cases)) figures[name] = await measure(fleet);
  return figures;
}

async function measure(fleet: Fleet): Promise<GetFigures> {
  const limited = (fleet.throttle ?? 0) > 0;
  const gets: Awaited<ReturnType<typeof getOnce>>[] = [];
  const programs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    gets.push(await fresh(fleet, getOnce));
    programs.push(await fresh(fleet, programOnce));
  }
  // Pages of 100, each naming the next one, and a describe for each association.
  const roundTrips = Math.ceil(fleet.associations / 100) + fleet.associations;
  const beside = limited ? leastSeconds(roundTrips, fleet) : await fresh(fleet, oneAfterAnother);
  const seconds = median(gets.map(each => each.seconds));
  return {
    requests: median(gets.map(each => each.requests)),
    'get s': round2(seconds),
    'whole program s': round2(median(programs)),
    'round trips': roundTrips,
    'beside s': round2(beside),
    ratio: round2(limited ? seconds / beside : beside / seconds),
  };
}

/** Each measurement has a sandbox of its own: a bucket that is full, and nothing learnt. */
async function fresh<T>(fleet: Fleet, work: (fleet: Fleet, environment: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  const sandbox = await startFleet(fleet);
  try {
    return await work(fleet, sandbox.environment);
  } finally {
    await sandbox.close();
  }
}

async function inWorld<T>(
  environment: NodeJS.ProcessEnv,
  work: (world: World, notes: readonly RequestNote[]) => Promise<T>,
): Promise<T> {
  const saved = { ...process.env };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  const notes: RequestNote[] = [];
  const world = await openWorld({ clock: systemClock, onRequest: note => notes.push(note) });
  try {
    return await work(world, notes);
  } finally {
    world.close();
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, saved);
  }
}

const getOnce = ({ associations }: Fleet, environment: NodeJS.ProcessEnv) =>
  inWorld(environment, async (world, notes) => {
    const began = performance.now();
    const { signal } = new AbortController();
    const { rows } = await readCluster(world, cluster, { clock: systemClock, signal, filter: {} });
    const seconds = (performance.now() - began) / 1_000;
    expectAll(rows.length, associations);
    return { seconds, requests: notes.reduce((sum, note) => sum + note.attempts, 0) };
  });

async function programOnce({ associations }: Fleet, environment: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now();
  const answer = await promisify(execFile)(process.execPath, [cli, 'get', '--cluster', cluster, '-o', 'json'], {
    env: environment,
    maxBuffer: 2 ** 26,
  });
  const seconds = (performance.now() - began) / 1_000;
  expectAll(JSON.parse(answer.stdout).length, associations);
  return seconds;
}

const oneAfterAnother = ({ associations }: Fleet, environment: NodeJS.ProcessEnv) =>
  inWorld(environment, async world => {
    const began = performance.now();
    const eks = world.sessions[0]?.eks;
    const ids: string[] = [];
    for await (const page of eks?.listAssociations(cluster) ?? []) ids.push(...page.map(({ id }) => id));
    for (const id of ids) await eks?.describeAssociation(cluster, id);
    expectAll(ids.length, associations);
    return (performance.now() - began) / 1_000;
  });

/** A bucket holds one second's worth; what is over that comes at the rate. The last answer takes its latency. */
const leastSeconds = (requests: number, { throttle = 0 }: Fleet): number =>
  Math.max(0, requests - throttle) / throttle + latency / 1_000;

function expectAll(found: number, associations: number): void {
  if (found !== associations) throw new Error(`${found} associations were found, not ${associations}`);
}

const median = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? Number.NaN;

const round2 = (value: number): number => Math.round(value * 100) / 100;
