/** `npm run bench`, `npm run bench -- NAME --json`: each benchmark prints a table, or JSON with machine and versions. */
import os from 'node:os';
import { benchFilter } from './filter.ts';
import { benchGet } from './get.ts';
import { benchIdle } from './idle.ts';
import { benchKeys } from './keys.ts';
import { benchMemory } from './memory.ts';
import { benchMigrate } from './migrate.ts';
import { benchSort } from './sort.ts';
import { benchStart } from './start.ts';
import { benchSync } from './sync.ts';

/** Rows of a table by name. */
type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

const benchmarks: Readonly<Record<string, { readonly unit: string; readonly run: () => Promise<Figures> }>> = {
  start: { unit: 'milliseconds', run: benchStart },
  keys: { unit: 'milliseconds, bytes', run: benchKeys },
  filter: { unit: 'milliseconds', run: benchFilter },
  sort: { unit: 'milliseconds', run: benchSort },
  get: { unit: 'at 50 ms latency', run: benchGet },
  sync: { unit: 'on a clock that jumps, 50 ms latency', run: benchSync },
  memory: { unit: 'of a live model, each in a process of its own', run: benchMemory },
  idle: { unit: 'of the app, untouched', run: benchIdle },
  migrate: { unit: 'at 50 ms latency', run: benchMigrate },
};

const machine = {
  date: new Date().toISOString(),
  node: process.version,
  platform: `${os.platform()} ${os.arch()}`,
  cpu: os.cpus()[0]?.model ?? 'unknown',
  cores: os.availableParallelism(),
};

function print(name: string, figures: Figures): void {
  console.log(`${name} (${benchmarks[name]?.unit})`);
  console.table(figures);
}

const names = process.argv.slice(2).filter(word => !word.startsWith('-'));
const unknown = names.find(name => !(name in benchmarks));
if (unknown) {
  console.error(`there is no benchmark "${unknown}"; there are: ${Object.keys(benchmarks).join(', ')}`);
  process.exit(2);
}
const results: Record<string, unknown> = {};
for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
  const figures = await benchmarks[name]?.run();
  if (!figures) continue;
  results[name] = figures;
  if (!process.argv.includes('--json')) print(name, figures);
}
if (process.argv.includes('--json')) console.log(JSON.stringify({ machine, results }, null, 2));
