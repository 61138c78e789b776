/** From a key to the bytes that it makes, with so many rows in the table: a held key, a single one, a page. */
import { fleetModel } from './fleet-model.ts';
import { openBenchScreen, removeUi, type Sample } from './screen.ts';
import { quantile } from './statistics.ts';

export const sizes = [1_000, 10_000, 100_000] as const;

type Row = Readonly<Record<string, number>>;

const down = 'j';
const there = Array<string>(15).fill(down);
const back = Array<string>(15).fill('k');

/** `wait` between keys, milliseconds: 33 is a held key, 200 lets what explains the row catch up. */
const motions = [
  { name: 'move, held', keys: [...there, ...back], wait: 33, rounds: 6 },
  { name: 'move, single', keys: [...there, ...back], wait: 200, rounds: 2 },
  { name: 'scroll, held', keys: [...there, ...there, ...there, ...there], wait: 33, rounds: 2 },
  { name: 'page', keys: ['\u001b[6~'], wait: 120, rounds: 30 },
] as const;

export async function benchKeys(): Promise<Readonly<Record<string, Row>>> {
  const figures: Record<string, Row> = {};
  const medians = new Map<string, number>();
  try {
    for (const size of sizes) {
      const screen = await openBenchScreen(fleetModel(size / 1000, 1000), { kind: 'associations' });
      for (const { name, keys, wait, rounds } of motions) {
        // The keys of a warm-up are not counted.
        for (const key of keys) await pressAndRest(screen, key, wait);
        const samples: Sample[] = [];
        const before = screen.bytes();
        for (let round = 0; round < rounds; round += 1) {
          for (const key of keys) {
            const sample = await pressAndRest(screen, key, wait);
            if (sample) samples.push(sample);
          }
        }
        await screen.rest();
        const times = samples.map(sample => sample.milliseconds);
        const p50 = quantile(times, 0.5);
        const first = medians.get(name) ?? p50;
        medians.set(name, first);
        figures[`${name}, ${size} rows`] = {
          p50,
          p95: quantile(times, 0.95),
          p99: quantile(times, 0.99),
          'cpu p50': quantile(
            samples.map(sample => sample.cpu),
            0.5,
          ),
          bytes: quantile(
            samples.map(sample => sample.bytes),
            0.5,
          ),
          'bytes in all / keys': Math.round((screen.bytes() - before) / samples.length),
          'times 1,000': Math.round((p50 / first) * 100) / 100,
        };
        await screen.press('g');
        await screen.rest();
      }
      await screen.close();
    }
  } finally {
    await removeUi();
  }
  return figures;
}

async function pressAndRest(screen: Awaited<ReturnType<typeof openBenchScreen>>, key: string, wait: number) {
  const sample = await screen.press(key);
  await screen.rest(wait - Math.min(wait - 1, sample?.milliseconds ?? 0));
  return sample;
}
