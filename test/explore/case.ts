import type { Plan } from '../../source/plan/plan.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import type { RunResult } from '../../source/run/event.ts';
import { PortError } from '../../source/run/ports.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { Guard, IdentityLost } from './guard.ts';
import { type Mishap, type Sent, type Stage, startProcess } from './process.ts';
import { difference, stateOf } from './state.ts';
import { Stuck, Timeline } from './timeline.ts';
import { makeStage, start, type WorldName } from './worlds.ts';

/** What is migrated, and how. */
export type Scenario = {
  readonly world: WorldName;
  /** `retire`: workloads are restarted, then annotations and OIDC trust taken away; `stay`: they stay. */
  readonly mode: 'stay' | 'retire';
  /** Milliseconds until a write shows in AWS. */
  readonly consistency: number;
  readonly seed: number;
};

export type Case = Scenario & {
  readonly mishap?: Mishap;
  /** Makes another plan of the approved one: for plans that must be caught. */
  readonly spoil?: (plan: Plan) => Plan;
};

/** What goes wrong in a case, told so that somebody can look into it. */
export type Problem = {
  readonly kind: 'identity lost' | 'goal missed' | 'never ends' | 'defect';
  readonly what: string;
};

export type Outcome = {
  readonly problem?: Problem;
  /** Requests of the first sitting; of these, those before the run began. */
  readonly sent: readonly Sent[];
  readonly planning: number;
  /** State of the world when all was over. */
  readonly state: readonly string[];
  /** What the first sitting came to; undefined when it was killed or found no plan. */
  readonly result: RunResult | undefined;
  /** Service accounts that were watched, and how often the oracle was asked. */
  readonly watched: number;
  readonly checks: number;
};

/** Longer than any credentials last: what pods cannot renew is gone by then. */
const credentialsGone = 7 * 3_600_000;
/** A sitting with a mishap, one that carries on, one that must find nothing to do. */
const sittingsAtMost = 3;

/**
 * Migrates a world from beginning to end. After a crash, and after a run that failed somewhere, somebody comes back and
 * migrates again, seven hours later; when a sitting has written nothing, it is over. `wanted`: the state that must be
 * reached.
 */
export async function runCase(spec: Case, wanted?: readonly string[]): Promise<Outcome> {
  const stage = makeStage(spec.world, spec.seed, spec.consistency);
  const timeline = new Timeline(start);
  const guard = new Guard(stage.world);
  timeline.onPass = now => guard.pass(now);
  const chance = Math.random;
  // The adapters spread their waiting times by it; a case must be the same each time.
  Math.random = seededRandom(spec.seed);
  const sittings: Sitting[] = [];
  try {
    const problem = await tellProblem(guard, async () => {
      for (let count = 0; count < sittingsAtMost; count += 1) {
        const first = count === 0;
        const sitting = newSitting();
        sittings.push(sitting);
        await sit(sitting, stage, timeline, guard, {
          seed: spec.seed + count,
          request: requestOf(spec),
          mishap: first ? spec.mishap : undefined,
          spoil: first ? spec.spoil : undefined,
        });
        if (guard.lost) throw guard.lost;
        timeline.pass(credentialsGone);
        if (!first && !sitting.sent.some(({ write }) => write)) return undefined;
      }
      return { kind: 'goal missed', what: `sitting ${sittingsAtMost} still wrote something` };
    });
    const [first = newSitting()] = sittings;
    const state = stateOf(stage.world);
    const missing = problem || !wanted ? [] : difference(state, wanted);
    const missed: Problem | undefined =
      missing.length > 0 ? { kind: 'goal missed', what: `the state differs:\n  ${missing.join('\n  ')}` } : undefined;
    const told = problem ?? missed;
    return {
      sent: first.sent,
      planning: first.planning,
      result: first.result,
      state,
      watched: guard.watched,
      checks: guard.checks,
      ...(told ? { problem: told } : {}),
    };
  } finally {
    Math.random = chance;
  }
}

const requestOf = ({ mode }: Scenario): MigrateRequest =>
  mode === 'stay'
    ? { command: 'migrate', removeOidcProviderTrust: false }
    : { command: 'migrate', removeOidcProviderTrust: true, restartWorkloads: true };

type Sitting = { sent: readonly Sent[]; planning: number; result: RunResult | undefined };
const newSitting = (): Sitting => ({ sent: [], planning: 0, result: undefined });

type SitOptions = {
  readonly seed: number;
  readonly request: MigrateRequest;
  readonly mishap: Mishap | undefined;
  readonly spoil: ((plan: Plan) => Plan) | undefined;
};

/** Somebody plans and carries the plan out, or the process is killed on the way. */
async function sit(
  sitting: Sitting,
  stage: Stage,
  timeline: Timeline,
  guard: Guard,
  { seed, request, mishap, spoil = plan => plan }: SitOptions,
): Promise<void> {
  const process = await startProcess(stage, timeline, guard, { seed, mishap });
  sitting.sent = process.sent;
  const { arn, name, account, region } = stage.cluster;
  const work = async () => {
    let plan: Plan;
    try {
      ({ plan } = await process.workbench.plan({ partition: 'aws', arn, name, account, region }, request));
    } catch (error) {
      // There was nothing to plan with: whoever asked is told so, and asks again later.
      if (error instanceof PortError) return;
      throw error;
    }
    sitting.planning = process.sent.length;
    if (process.sent.some(({ write }) => write)) throw new Error('planning has written something');
    for await (const event of process.workbench.run(spoil(plan), { runId: `run-${seed}` })) {
      if (event.type === 'finished') sitting.result = event.result;
    }
  };
  await timeline.drive(Promise.race([work(), process.killed]));
  process.kill();
}

async function tellProblem(guard: Guard, work: () => Promise<Problem | undefined>): Promise<Problem | undefined> {
  try {
    return await work();
  } catch (error) {
    const thrown = guard.lost ?? error;
    if (thrown instanceof IdentityLost) return { kind: 'identity lost', what: thrown.message };
    if (thrown instanceof Stuck) return { kind: 'never ends', what: thrown.message };
    return { kind: 'defect', what: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
}
