/** How long a fleet takes until everything was read once, beside the least that the service's rate allows. */
import { createLiveModel } from '../source/live/create.ts';
import { TestClock } from '../test/live/test-clock.ts';
import { VirtualFleet, type VirtualOptions } from './virtual-fleet.ts';

type SyncFigures = {
  readonly requests: number;
  readonly refused: number;
  readonly 'first screen s': number;
  readonly 'all s': number;
  readonly 'least s': number;
  readonly 'all / least': number;
};

export async function benchSync(): Promise<Readonly<Record<string, SyncFigures>>> {
  return {
    '1 x 1,000, 20 requests/s': await measure({ clusters: 1, associations: 1_000, latency: 50, throttle: 20 }),
    '10 x 1,000, 20 requests/s': await measure({ clusters: 10, associations: 1_000, latency: 50, throttle: 20 }),
    '100 x 1,000, 20 requests/s': await measure({ clusters: 100, associations: 1_000, latency: 50, throttle: 20 }),
    '100 x 1,000, 100 requests/s': await measure({ clusters: 100, associations: 1_000, latency: 50, throttle: 100 }),
  };
}

/** Rows on a screen: those of the first cluster, opened at once. */
const screen = 30;

async function measure(options: VirtualOptions): Promise<SyncFigures> {
  const clock = new TestClock();
  const world = new VirtualFleet(options, clock);
  const model = createLiveModel(world, { clock, random: () => 0.5 });
  const began = clock.now();
  const all = options.clusters * options.associations;
  let firstScreen: number | undefined;
  const isSeen = () => {
    const [first] = model.clusters();
    if (!first) return false;
    const rows = model.associations(first.id).slice(0, screen);
    model.focus({ cluster: first.id, rows: rows.map(row => row.id) });
    return rows.length === screen && rows.every(row => row.association.state === 'read');
  };
  while ((world.answered.get('DescribePodIdentityAssociation') ?? 0) < all) {
    await clock.pass(firstScreen === undefined ? 100 : 1_000);
    if (firstScreen === undefined && isSeen()) firstScreen = clock.now() - began;
  }
  const seconds = (clock.now() - began) / 1_000;
  // A cluster's description and list pages, and a description of each association; regions are asked side by side.
  const needed = 1 + Math.ceil(options.clusters / 4) * (1 + options.associations / 100 + options.associations);
  const least = (needed - options.throttle) / options.throttle;
  await model.close();
  const requests = [...world.answered.values()].reduce((sum, count) => sum + count, 0);
  return {
    requests,
    refused: world.refused,
    'first screen s': (firstScreen ?? Number.NaN) / 1_000,
    'all s': Math.round(seconds * 10) / 10,
    'least s': Math.round(least * 10) / 10,
    'all / least': Math.round((seconds / least) * 100) / 100,
  };
}
