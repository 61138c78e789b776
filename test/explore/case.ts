import type { Plan } from '../../source/plan/plan.ts';
import type { PlanRequest } from '../../source/plan/request.ts';
import type { RunEvent, RunResult } from '../../source/run/event.ts';
import { PortError } from '../../source/run/ports.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { Guard, IdentityLost } from './guard.ts';
import { Journals } from './journals.ts';
import type { Sent } from './line.ts';
import { isKill, type Mishap } from './mishap.ts';
import { type Process, startProcess } from './process.ts';
import type { Stage } from './stage.ts';
import { difference, stateOf } from './state.ts';
import { Stuck, Timeline } from './timeline.ts';
import { makeStage, start, type WorldName, wantedIn } from './worlds.ts';

/** What is done to a world, and how. */
export type Scenario = {
  readonly world: WorldName;
  /**
   * `stay`: migrated, with annotations and OIDC trust left alone. `retire`: workloads are restarted, then those two are
   * taken away. `undo`: that, and then taken back. `make`: associations are created, with roles that stacks make. `unmake`:
   * that, and then they are deleted. `unwind`: that, and then taken back.
   * `regret`: created, deleted, and the deletion taken back. `fail`: they are created where that cannot
   * succeed, and nothing may stay behind. The mishap is on the last way.
   */
  readonly mode: Mode;
  /** Milliseconds until a write shows in AWS. */
  readonly consistency: number;
  readonly seed: number;
};

export type Mode = 'stay' | 'retire' | 'undo' | 'make' | 'unmake' | 'unwind' | 'regret' | 'fail';

export type Case = Scenario & {
  readonly mishap?: Mishap;
  /** Makes another plan of the approved one: for plans that must be caught. */
  readonly spoil?: (plan: Plan) => Plan;
  /** What somebody does by hand after the disturbed sitting; who loses by it is no longer watched. */
  readonly meddle?: (stage: Stage, guard: Guard, journals: Journals) => void;
};

/** What goes wrong in a case, told so that somebody can look into it. */
export type Problem = {
  readonly kind: 'identity lost' | 'goal missed' | 'never ends' | 'defect';
  readonly what: string;
};

export type Outcome = {
  readonly problem?: Problem;
  /** Requests of the sitting that the mishap is for; of these, those before its run began. */
  readonly sent: readonly Sent[];
  readonly planning: number;
  /** Records that it journaled. */
  readonly journaled: number;
  /** State of the world when all was over. */
  readonly state: readonly string[];
  /** What that sitting came to; undefined when it was killed or found no plan. */
  readonly result: RunResult | undefined;
  /** Service accounts that were watched, and how often the oracle was asked. */
  readonly watched: number;
  readonly checks: number;
};

const hour = 3_600_000;
/** Longer than any credentials last: what pods cannot renew is gone by then. */
const credentialsGone = 7 * hour;
/**
 * Between an association's deletion and the restart of its pods these live by the credentials they have, three hours or
 * more (the agent fetches new ones of six hours every three): somebody who stops an undo there has to come back in time.
 */
const undoPause = 2 * hour;
/** With a mishap; taken up again; what a failed reading had left out; nothing more to do. */
const sittingsAtMost = 4;

/**
 * Carries a scenario out from beginning to end. After a crash, and after a run that failed somewhere, somebody comes back
 * hours later, takes the run up again, and then migrates (or undoes) anew until a sitting writes nothing. After
 * a crash the run that was taken up must have reached the goal by itself. `wanted`: the state that must be reached.
 */
export async function runCase(spec: Case, wanted?: readonly string[]): Promise<Outcome> {
  const chance = Math.random;
  // The adapters spread their waiting times by it; a case must be the same each time.
  Math.random = seededRandom(spec.seed);
  try {
    return await new CaseRun(spec).go(wanted);
  } finally {
    Math.random = chance;
  }
}

type Sitting = { sent: readonly Sent[]; planning: number; journaled: number; result: RunResult | undefined };
type Work = 'migrate' | 'create' | 'delete' | 'resume' | 'undo';

/** What is done in turn; the mishap is in the last. */
const waysOf: Readonly<Record<Mode, readonly [...Work[], Work]>> = {
  stay: ['migrate'],
  retire: ['migrate'],
  undo: ['migrate', 'undo'],
  make: ['create'],
  unmake: ['create', 'delete'],
  unwind: ['create', 'undo'],
  regret: ['create', 'delete', 'undo'],
  fail: ['create'],
};

class CaseRun {
  readonly #spec: Case;
  readonly #stage: Stage;
  readonly #timeline = new Timeline(start);
  readonly #journals = new Journals();
  readonly #guard: Guard;
  /** The state that a way back has to reach. */
  #initial: readonly string[];
  #sittings = 0;
  #disturbed: Sitting = { sent: [], planning: 0, journaled: 0, result: undefined };

  constructor(spec: Case) {
    this.#spec = spec;
    this.#stage = makeStage(spec.world, spec.seed, spec.consistency);
    this.#guard = new Guard(this.#stage.world);
    this.#initial = stateOf(this.#stage.world, { agent: false });
    this.#timeline.onPass = now => this.#guard.pass(now);
  }

  async go(wanted: readonly string[] | undefined): Promise<Outcome> {
    const problem = (await this.#tellProblem()) ?? this.#missed(wanted);
    const { sent, planning, journaled, result } = this.#disturbed;
    return {
      sent,
      planning,
      journaled,
      result,
      state: stateOf(this.#stage.world),
      watched: this.#guard.watched,
      checks: this.#guard.checks,
      ...(problem ? { problem } : {}),
    };
  }

  async #play(): Promise<Problem | undefined> {
    const { mode, mishap, spoil, meddle } = this.#spec;
    const work = lastOf(mode);
    const before = waysOf[mode].slice(0, -1);
    for (const [index, each] of before.entries()) {
      if (index === before.length - 1) this.#initial = stateOf(this.#stage.world, { agent: false });
      await this.#sit(each);
    }
    this.#disturbed = await this.#sit(work, { mishap, spoil });
    meddle?.(this.#stage, this.#guard, this.#journals);
    const { result } = this.#disturbed;
    const run = this.#journals.runs.at(-1);
    const unfinished = result === undefined || result.failed.length > 0;
    const known = run?.startsWith(work);
    if (mode === 'fail') return this.#giveUp(known ? run : undefined);
    if (unfinished && known) {
      await this.#sit('resume', { run });
      const again = await this.#sit(work);
      if (!wroteAny(again)) return undefined;
      if (mishap && isKill(mishap.what))
        return { kind: 'goal missed', what: 'after it was taken up again, more was written' };
    }
    for (; this.#sittings < sittingsAtMost + before.length; ) {
      if (!wroteAny(await this.#sit(work))) return undefined;
    }
    return { kind: 'goal missed', what: 'it still writes something each time' };
  }

  /** What cannot succeed is tried again, twice, by somebody who then lets it be. */
  async #giveUp(run: string | undefined): Promise<Problem | undefined> {
    for (const _ of run === undefined ? [] : [1, 2]) await this.#sit('resume', { run });
    return undefined;
  }

  async #sit(work: Work, { run, mishap, spoil }: SitOptions = {}): Promise<Sitting> {
    const seed = this.#spec.seed + this.#sittings++;
    const options = { seed, journals: this.#journals, mishap };
    const process = await startProcess(this.#stage, this.#timeline, this.#guard, options);
    const sitting: Sitting = { sent: process.line.sent, planning: 0, journaled: 0, result: undefined };
    const carryOut = async () => {
      const events = await this.#events(process, work, run, `${work}-${seed}`, spoil);
      sitting.planning = process.line.sent.length;
      if (wroteAny(sitting)) throw new Error('planning has written something');
      for await (const event of events) if (event.type === 'finished') sitting.result = event.result;
    };
    // Where there is nothing to plan with, whoever asked is told so, and asks again later.
    const told = carryOut().catch(error => {
      if (!(error instanceof PortError)) throw error;
    });
    await this.#timeline.drive(Promise.race([told, process.line.killed]));
    sitting.journaled = process.line.records;
    process.line.kill();
    if (this.#guard.lost) throw this.#guard.lost;
    const complete = sitting.result && sitting.result.failed.length === 0;
    this.#timeline.pass(this.#spec.mode === 'undo' && !complete ? undoPause : credentialsGone);
    return sitting;
  }

  async #events(
    { workbench }: Process,
    work: Work,
    run: string | undefined,
    runId: string,
    spoil: SitOptions['spoil'],
  ): Promise<AsyncIterable<RunEvent>> {
    if (work === 'resume') return workbench.resume?.(run ?? '') ?? nothing();
    const plan = work === 'undo' ? await this.#undoPlan(workbench) : await this.#planFor(work, workbench);
    if (!plan) return nothing();
    return workbench.run(spoil?.(plan) ?? plan, { runId });
  }

  async #planFor(work: Exclude<Work, 'resume' | 'undo'>, workbench: Process['workbench']): Promise<Plan> {
    const { arn, name, account, region } = this.#stage.cluster;
    const ref = { partition: 'aws', arn, name, account, region };
    return (await workbench.plan(ref, requestOf(work, this.#spec))).plan;
  }

  /** The way back from what was done first. Without its journal nobody can undo it. */
  async #undoPlan(workbench: Process['workbench']): Promise<Plan | undefined> {
    const done = waysOf[this.#spec.mode].at(-2) ?? 'migrate';
    const run = this.#journals.runs.find(each => each.startsWith(done));
    if (run === undefined) return undefined;
    return (await workbench.undo?.(run, { restartWorkloads: true }))?.plan;
  }

  /** What is not as it should be in the end. */
  #missed(wanted: readonly string[] | undefined): Problem | undefined {
    const { world } = this.#stage;
    const missing = comesBack.has(this.#spec.mode)
      ? difference(this.#comparable(stateOf(world, { agent: false })), this.#comparable(this.#initial))
      : difference(stateOf(world), wanted ?? stateOf(world));
    if (missing.length === 0) return undefined;
    return { kind: 'goal missed', what: `the state differs:\n  ${missing.join('\n  ')}` };
  }

  /** Nobody takes a namespace away: something else may be in it by then. */
  #comparable(state: readonly string[]): readonly string[] {
    return state.filter(line => !/^\S+ namespace /.test(line));
  }

  async #tellProblem(): Promise<Problem | undefined> {
    try {
      return await this.#play();
    } catch (error) {
      const thrown = this.#guard.lost ?? error;
      if (thrown instanceof IdentityLost) return { kind: 'identity lost', what: thrown.message };
      if (thrown instanceof Stuck) return { kind: 'never ends', what: thrown.message };
      return { kind: 'defect', what: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
    }
  }
}

type SitOptions = {
  readonly run?: string | undefined;
  readonly mishap?: Mishap | undefined;
  readonly spoil?: ((plan: Plan) => Plan) | undefined;
};

const lastOf = (mode: Mode): Work => waysOf[mode].at(-1) ?? 'migrate';

/** Ways at whose end all is as it was before. */
const comesBack: ReadonlySet<Mode> = new Set(['undo', 'unmake', 'unwind', 'regret', 'fail']);

function requestOf(work: Exclude<Work, 'resume' | 'undo'>, { mode, world }: Scenario): PlanRequest {
  const associations = wantedIn(world);
  if (work === 'create') return { command: 'create', associations };
  if (work === 'delete') return { command: 'delete', subjects: associations };
  return mode === 'stay'
    ? { command: 'migrate', removeOidcProviderTrust: false }
    : { command: 'migrate', removeOidcProviderTrust: true, restartWorkloads: true };
}

const wroteAny = ({ sent }: Pick<Sitting, 'sent'>): boolean => sent.some(({ write }) => write);

async function* nothing(): AsyncGenerator<RunEvent> {}
