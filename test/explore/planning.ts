/** What goes wrong while a plan is made: nothing may be written, and the next plan must be the one that it would have been. */
import type { Plan } from '../../source/plan/plan.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import { PortError } from '../../source/run/ports.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import type { Problem, Scenario } from './case.ts';
import { faultKinds } from './faults.ts';
import { Guard } from './guard.ts';
import { Journals } from './journals.ts';
import type { Mishap } from './mishap.ts';
import { type Process, startProcess } from './process.ts';
import type { Stage } from './stage.ts';
import { difference, stateOf } from './state.ts';
import { Timeline } from './timeline.ts';
import { makeStage, start } from './worlds.ts';

export type PlanningOutcome = {
  readonly cases: number;
  readonly problems: readonly { readonly mishap: Mishap; readonly problem: Problem }[];
};

/** Ways whose plans are disturbed: what `stay` reads to plan is what `retire` reads. */
export const plans = ({ mode }: Scenario): boolean => mode === 'retire' || mode === 'undo';

const mishaps = ['kill-before', 'kill-after', ...faultKinds] as const;

/**
 * Each request of the planning is met with each mishap (or each `every`th of them), on one stage: as nothing is written,
 * each finds the world as the one before it did. That the next plan is the same is looked at after every handful.
 */
export async function explorePlanning(scenario: Scenario, every = 1): Promise<PlanningOutcome> {
  const chance = Math.random;
  Math.random = seededRandom(scenario.seed);
  try {
    return await new Planning(scenario).explore(every);
  } finally {
    Math.random = chance;
  }
}

const handful = 10;

const request: MigrateRequest = { command: 'migrate', removeOidcProviderTrust: true, restartWorkloads: true };

class Planning {
  readonly #scenario: Scenario;
  readonly #stage: Stage;
  readonly #timeline = new Timeline(start);
  readonly #journals = new Journals();
  readonly #guard: Guard;
  #processes = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#stage = makeStage(scenario.world, scenario.seed, scenario.consistency);
    this.#guard = new Guard(this.#stage.world);
    this.#timeline.onPass = now => this.#guard.pass(now);
  }

  async explore(every: number): Promise<PlanningOutcome> {
    if (this.#scenario.mode === 'undo') await this.#migrate();
    const before = stateOf(this.#stage.world);
    const runs = this.#journals.runs.length;
    const course = await this.#plan();
    const all = course.sent
      .flatMap((_, at) => mishaps.map((what): Mishap => ({ at, what })))
      .filter((_, index) => (index + this.#scenario.seed) % every === 0);
    const problems: PlanningOutcome['problems'][number][] = [];
    const tell = (mishap: Mishap, what: string) => problems.push({ mishap, problem: { kind: 'defect', what } });
    for (const [index, mishap] of all.entries()) {
      const { sent } = await this.#plan(mishap);
      const changed = difference(stateOf(this.#stage.world), before);
      if (sent.some(({ write }) => write) || changed.length > 0 || this.#journals.runs.length > runs)
        tell(mishap, `planning has written something:\n  ${changed.join('\n  ')}`);
      if (index % handful < handful - 1 && index < all.length - 1) continue;
      if (textOf(course.plan) !== textOf((await this.#plan()).plan)) tell(mishap, 'the next plan is another one');
    }
    return { cases: all.length, problems };
  }

  /** Makes the plan in a process of its own, which may not live to see it. */
  async #plan(mishap?: Mishap): Promise<{ readonly sent: Process['line']['sent']; readonly plan: Plan | undefined }> {
    const { line, workbench } = await this.#process(mishap);
    const made = this.#make(workbench).catch(error => {
      if (!(error instanceof PortError)) throw error;
      return undefined;
    });
    const plan = await this.#timeline.drive(Promise.race([made, line.killed.then(() => undefined)]));
    line.kill();
    if (this.#guard.lost) throw this.#guard.lost;
    return { sent: line.sent, plan };
  }

  async #make(workbench: Process['workbench']): Promise<Plan | undefined> {
    const [run] = this.#journals.runs;
    if (this.#scenario.mode === 'undo') return (await workbench.undo?.(run ?? '', { restartWorkloads: true }))?.plan;
    const { arn, name, account, region } = this.#stage.cluster;
    return (await workbench.plan({ partition: 'aws', arn, name, account, region }, request)).plan;
  }

  async #migrate(): Promise<void> {
    const { line, workbench } = await this.#process();
    const { arn, name, account, region } = this.#stage.cluster;
    const carryOut = async () => {
      const { plan } = await workbench.plan({ partition: 'aws', arn, name, account, region }, request);
      for await (const _ of workbench.run(plan, { runId: 'migrate-0' }));
    };
    await this.#timeline.drive(carryOut());
    line.kill();
  }

  #process(mishap?: Mishap): Promise<Process> {
    const seed = this.#scenario.seed + this.#processes++;
    return startProcess(this.#stage, this.#timeline, this.#guard, { seed, journals: this.#journals, mishap });
  }
}

/** What a plan says, without when it was made. */
const textOf = (plan: Plan | undefined): string => JSON.stringify({ ...plan, readAt: 0 });
