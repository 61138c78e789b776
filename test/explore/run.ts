/**
 * `npm run explore`: every case, on all cores, then a minute of random keys. `-- --seed N` for other waiting times and ids, `-- --deep` for all ways with
 * both kinds of AWS, `-- --every N` for each Nth case only, `-- --world NAME` for one world, `-- --case NAME` for one case.
 * The last line tells what was explored; exit 1 when anything went wrong.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Outcome, runCase, type Scenario } from './case.ts';
import { caseNamed, mishapsOf, nameOf, scenarios, undisturbed } from './cases.ts';
import { onlySandboxKeys } from './environment.ts';
import { exploreCase, type Finding } from './explore.ts';
import { isRecordKill } from './mishap.ts';
import { plans } from './planning.ts';
import { Pool } from './pool.ts';
import type { Report } from './worker.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    world: { type: 'string' },
    case: { type: 'string' },
    deep: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const seed = Number(values.seed);
const every = Number(values.every);
/** Cases that a worker takes at once. */
const handful = 20;
const began = performance.now();

let cases = 0;
let faults = 0;
const findings: Finding[] = [];

process.exitCode = values.case === undefined ? await exploreAll() : await exploreOne(values.case);

async function exploreAll(): Promise<number> {
  const pool = new Pool(Number(values.workers));
  const chosen = scenarios(seed, { deep: values.deep }).filter(
    ({ world }) => values.world === undefined || world === values.world,
  );
  if (chosen.length === 0) throw new Error(`there is no world "${values.world}"`);
  try {
    await Promise.all(chosen.map(scenario => exploreScenario(pool, scenario)));
  } finally {
    await pool.close();
  }
  const whole = values.world === undefined && every === 1;
  const keysHeld = whole ? await pressKeys() : true;
  const code = summary();
  return keysHeld ? code : 1;
}

/** A minute of random keys, 200 a second, on the built app. */
async function pressKeys(): Promise<boolean> {
  const { exploreKeys } = await import('./keys.ts');
  const rate = 200;
  const { presses, sittings, problems } = await exploreKeys({ seed, presses: 60 * rate, rate });
  for (const problem of problems) console.log(problem);
  console.log(`keys: ${presses} gestures in ${sittings} sittings, ${problems.length} problems, seed ${seed}`);
  return problems.length === 0;
}

async function exploreScenario(pool: Pool, scenario: Scenario): Promise<void> {
  const course = outcomeOf(await pool.run({ type: 'course', scenario }));
  cases += 1;
  if (course.problem) {
    // There is no course to hold the others to.
    tell(scenario, course, [{ case: scenario, problem: course.problem }]);
    return;
  }
  const mishaps = mishapsOf(scenario, course).filter((_, index) => (index + seed) % every === 0);
  const { sent, state } = course;
  const handfuls = Array.from({ length: Math.ceil(mishaps.length / handful) }, (_, index) =>
    mishaps.slice(index * handful, (index + 1) * handful),
  );
  const reports = await Promise.all(
    handfuls.map(part => pool.run({ type: 'mishaps', scenario, course: { sent, state }, mishaps: part })),
  );
  cases += mishaps.length;
  faults += mishaps.length;
  tell(scenario, course, [
    ...reports.flatMap(report => (report.type === 'mishaps' ? report.findings : [])),
    ...(plans(scenario) ? await explorePlans(pool, scenario) : []),
  ]);
}

/** What can happen while it is only planned; a part of that unless `--deep`. */
async function explorePlans(pool: Pool, scenario: Scenario): Promise<readonly Finding[]> {
  const report = await pool.run({ type: 'planning', scenario, every: (values.deep ? 1 : 9) * every });
  if (report.type !== 'planning') throw new Error('a worker answered something else');
  cases += report.outcome.cases;
  faults += report.outcome.cases;
  return report.outcome.problems.map(({ mishap, problem }) => ({ case: { ...scenario, mishap }, problem }));
}

function outcomeOf(report: Report): Outcome {
  if (report.type === 'course') return report.outcome;
  throw new Error('a worker answered something else');
}

function tell(scenario: Scenario, { sent, planning, watched }: Outcome, found: readonly Finding[]): void {
  findings.push(...found);
  const { world, mode, consistency } = scenario;
  const name = `${world}/${mode}/${consistency}`.padEnd(24);
  const course = `${planning} requests to plan, ${sent.length - planning} to run, ${watched} accounts watched`;
  console.error(`${name} ${course}: ${found.length === 0 ? 'well' : `${found.length} cases went wrong`}`);
}

function summary(): number {
  const byLength = [...findings].sort((a, b) => (a.case.mishap?.at ?? -1) - (b.case.mishap?.at ?? -1));
  for (const kind of ['identity lost', 'goal missed', 'never ends', 'defect'] as const) {
    const these = byLength.filter(({ problem }) => problem.kind === kind);
    const [shortest] = these;
    if (!shortest) continue;
    console.log(`\n${kind} in ${these.length} cases; the shortest: ${shortest.problem.what}`);
    console.log(`  npm run explore -- --seed ${seed} --case ${nameOf(shortest.case)}`);
    const others = [...new Set(these.map(each => `${each.case.world}/${each.case.mode}`))];
    console.log(`  in ${others.join(', ')}`);
  }
  const lost = findings.filter(({ problem }) => problem.kind === 'identity lost').length;
  const other = findings.length - lost;
  const seconds = Math.round((performance.now() - began) / 1000);
  const number = (value: number) => value.toLocaleString('en');
  console.log(
    `explore: ${number(cases)} cases, ${number(faults)} faults, identities lost ${number(lost)}, ` +
      `${other > 0 ? `other problems ${number(other)}, ` : ''}seed ${seed}, ${seconds} s`,
  );
  return findings.length > 0 ? 1 : 0;
}

/** One case again, here, with all that is known of it. */
async function exploreOne(name: string): Promise<number> {
  onlySandboxKeys();
  const { mishap, ...scenario } = caseNamed(name, seed);
  const course = await undisturbed(scenario);
  const list = ({ sent, planning }: Outcome) =>
    sent.forEach(({ operation, write }, index) => {
      const mark = mishap?.at === index && !isRecordKill(mishap.what) ? `<- ${mishap.what}` : '';
      console.log(
        `${String(index).padStart(4)} ${index < planning ? 'plan' : 'run '} ${write ? '*' : ' '} ${operation} ${mark}`,
      );
    });
  list(course);
  const problem = mishap ? (await exploreCase(scenario, mishap, course))?.problem : course.problem;
  if (mishap && problem)
    console.log(JSON.stringify((await runCase({ ...scenario, mishap }, course.state)).result, null, 2));
  console.log(problem ? `${problem.kind}: ${problem.what}` : 'it goes well');
  return problem ? 1 : 0;
}
