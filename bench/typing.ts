/** Keys whose frames may take long, over all sizes of a table. */
import { fleetModel } from './fleet-model.ts';
import { sizes } from './keys.ts';
import { type BenchScreen, openBenchScreen, removeUi, type Sample } from './screen.ts';
import { quantile } from './statistics.ts';

export type Row = Readonly<Record<string, number>>;
export type TypingFigures = Readonly<Record<string, Row>>;

/** Long enough for the slowest keystroke there is; frames of a key come at once. */
const patience = 10_000;

/** Presses keys one after another, each when the screen has come to rest. */
export async function timesOf(screen: BenchScreen, keys: readonly string[]): Promise<Sample[]> {
  const times: Sample[] = [];
  for (const key of keys) {
    const sample = await screen.press(key, patience);
    if (sample) times.push(sample);
    await screen.rest(60);
  }
  return times;
}

export const figures = (samples: readonly Sample[]): Row => {
  const times = samples.map(({ milliseconds }) => milliseconds);
  const cpu = samples.map(sample => sample.cpu);
  return {
    first: quantile(times.slice(0, 1), 1),
    p50: quantile(times, 0.5),
    max: quantile(times, 1),
    'cpu p50': quantile(cpu, 0.5),
    'cpu max': quantile(cpu, 1),
  };
};

export async function overSizes(
  measure: (screen: BenchScreen) => Promise<Record<string, Row>>,
): Promise<TypingFigures> {
  const all: Record<string, Row> = {};
  try {
    for (const size of sizes) {
      const screen = await openBenchScreen(fleetModel(size / 1000, 1000), { kind: 'associations' });
      for (const [name, row] of Object.entries(await measure(screen))) all[`${name}, ${size} rows`] = row;
      await screen.close();
    }
  } finally {
    await removeUi();
  }
  return all;
}
