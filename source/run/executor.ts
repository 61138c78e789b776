import { isRef } from '../plan/action.ts';
import { type ActionNode, actions, type Plan } from '../plan/plan.ts';
import { abortOf } from './abort.ts';
import { attributed } from './attribution.ts';
import { makerOf } from './clean-up.ts';
import type { Clock } from './clock.ts';
import { CredentialWait, isExpiry, isUnauthorized } from './credential-wait.ts';
import type { RunEvent } from './event.ts';
import { EventLog } from './event-log.ts';
import type { JournalWriter } from './journal.ts';
import { type Flight, Outcomes } from './outcomes.ts';
import type { Outputs, PerformContext } from './perform/context.ts';
import { perform } from './perform/perform.ts';
import { type ClusterPorts, PortError } from './ports.ts';
import { requestToken } from './request-token.ts';
import { RunJournal } from './run-journal.ts';
import { Schedule } from './schedule.ts';

export type RunOptions = {
  readonly clock: Clock;
  /** Names the run; the same id and plan make the same request tokens. */
  readonly runId: string;
  /** Aborting starts nothing new; what is in flight is finished. */
  readonly signal?: AbortSignal;
  /** Aborting ends the run at once: what is in flight is cut off and told as unknown. */
  readonly stopNow?: AbortSignal;
  /** How many actions run at once. */
  readonly concurrency?: number;
  /** Where the run is written down as it goes; the executor closes it. Absent: nowhere. */
  readonly journal?: JournalWriter;
  /** ARN of who carries it out: credentials that come back after they ran out must be theirs. */
  readonly caller?: string;
  /** What earlier sittings of the run have brought about. */
  readonly earlier?: EarlierSittings;
};

export type EarlierSittings = {
  /** Outputs by id of the actions that are done. */
  readonly done: ReadonlyMap<string, Outputs>;
  /** Ids of actions of which a write may have been sent. */
  readonly begun: ReadonlySet<string>;
};

/**
 * Most of an action's time is waiting (for a stack, for propagation), and the limiters of the ports hold the rate of
 * requests: with fewer at once, eksctl's stacks alone would take most of the time of a large migration.
 */
const defaultConcurrency = 32;
const noEarlier: EarlierSittings = { done: new Map(), begun: new Set() };

/**
 * Carries out an approved plan. It begins at once and goes on whether or not anybody reads the events; every reader gets
 * all of them, from the first to `finished`. A failure stops only what needs it. Never rejects: what goes wrong is an
 * event. Throws only for a plan that has two actions with one id.
 */
export function execute(plan: Plan, ports: ClusterPorts, options: RunOptions): AsyncIterable<RunEvent> {
  const run = new Run(plan, ports, options);
  void run.go();
  return run.events;
}

class Run {
  readonly events = new EventLog<RunEvent>();
  readonly #plan: Plan;
  readonly #ports: ClusterPorts;
  readonly #options: RunOptions;
  readonly #schedule: Schedule;
  readonly #nodes: ReadonlyMap<string, ActionNode>;
  readonly #outcomes: Outcomes;
  readonly #journal: RunJournal;
  /** Its sleeps end when the run is stopped at once. */
  readonly #clock: Clock;
  readonly #credentials: CredentialWait;
  readonly #flights = new Map<string, Flight>();

  constructor(plan: Plan, ports: ClusterPorts, options: RunOptions) {
    const { clock, stopNow, earlier = noEarlier, caller } = options;
    this.#plan = plan;
    this.#ports = ports;
    this.#options = options;
    const nodes = actions(plan.root);
    this.#schedule = new Schedule(nodes, new Set(earlier.done.keys()));
    this.#nodes = new Map(nodes.map(node => [node.id, node]));
    this.#journal = new RunJournal(options.journal, clock, earlier.begun);
    this.#outcomes = new Outcomes(earlier.done, {
      events: this.events,
      journal: this.#journal,
      schedule: this.#schedule,
      now: () => clock.now(),
    });
    this.#clock = {
      now: () => clock.now(),
      sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal ?? stopNow),
    };
    const { account } = plan.cluster;
    this.#credentials = new CredentialWait(ports.sts, this.#clock, { account, ...(caller ? { caller } : {}) });
  }

  async go(): Promise<void> {
    const began = this.#now();
    for (const [id, outputs] of this.#options.earlier?.done ?? []) await this.#outcomes.earlier(id, outputs);
    await this.#runAll();
    await this.#giveUp('it needs something that the plan does not have or that waits for it in turn');
    await this.#journal.end(this.#stopped);
    const result = this.#outcomes.result(this.#now() - began);
    this.events.push({ type: 'finished', at: this.#now(), result });
    this.events.close();
  }

  get #stopped(): boolean {
    return Boolean(this.#options.signal?.aborted || this.#options.stopNow?.aborted || this.#journal.broken);
  }

  async #runAll(): Promise<void> {
    const { signal, stopNow, concurrency = defaultConcurrency } = this.#options;
    const running = new Set<Promise<void>>();
    const [stopped, cut] = [abortOf(signal), abortOf(stopNow)];
    for (;;) {
      if (this.#stopped) await this.#giveUp(this.#journal.broken?.message ?? 'the run was stopped');
      if (stopNow?.aborted) {
        await this.#abandon();
        break;
      }
      while (running.size < concurrency) {
        const node = this.#schedule.next();
        if (!node) break;
        const finished: Promise<void> = this.#runOne(node).finally(() => running.delete(finished));
        running.add(finished);
      }
      if (running.size === 0) break;
      await Promise.race([...running, cut.promise, ...(signal?.aborted ? [] : [stopped.promise])]);
    }
    stopped.forget();
    cut.forget();
  }

  async #runOne(node: ActionNode): Promise<void> {
    const flight: Flight = { node, requestIds: [], wrote: false };
    this.#flights.set(node.id, flight);
    this.events.push({ type: 'started', at: this.#now(), id: node.id });
    try {
      const outputs = await attributed(flight, () => this.#perform(flight));
      if (this.#isAfloat(flight)) await this.#outcomes.landed(flight, outputs, () => this.#flights.delete(node.id));
    } catch (error) {
      if (this.#isAfloat(flight)) await this.#outcomes.lost(flight, error, () => this.#flights.delete(node.id));
    }
  }

  /** Performs the action, as often as credentials run out and come back: it looks before it writes, so again is safe. */
  async #perform(flight: Flight): Promise<Outputs> {
    for (;;) {
      try {
        return await perform(flight.node.action, this.#context(flight));
      } catch (error) {
        if (!(await this.#isPause(error))) throw error;
        await this.#pause(flight.node, error as PortError);
      }
    }
  }

  async #isPause(error: unknown): Promise<boolean> {
    if (!(error instanceof PortError) || this.#stopped) return false;
    return isExpiry(error.failure) || (isUnauthorized(error.failure) && (await this.#credentials.expired()));
  }

  async #pause({ id }: ActionNode, { failure }: PortError): Promise<void> {
    const say = (reason: string) => this.events.push({ type: 'paused', at: this.#now(), id, reason });
    say(`waiting for credentials of account ${this.#plan.cluster.account}: ${failure.message}`);
    const stopped = abortOf(this.#options.signal);
    try {
      await Promise.race([
        this.#credentials.wait(say),
        stopped.promise.then(() => Promise.reject(new PortError(failure))),
      ]);
    } finally {
      stopped.forget();
    }
  }

  /** Whether what became of it still counts: after `stopNow` it was told as unknown already. */
  #isAfloat({ node }: Flight): boolean {
    return this.#flights.has(node.id) && !this.#options.stopNow?.aborted;
  }

  async #abandon(): Promise<void> {
    for (const flight of this.#flights.values()) await this.#outcomes.abandoned(flight);
    this.#flights.clear();
  }

  #context(flight: Flight): PerformContext {
    const { node } = flight;
    const { stopNow, runId } = this.#options;
    const token = requestToken(runId, node.id);
    return {
      ports: this.#ports,
      clock: this.#clock,
      cluster: this.#plan.cluster,
      plannedAt: this.#plan.readAt,
      token,
      call: { priority: 'write', ...(stopNow ? { signal: stopNow } : {}) },
      afterRoleChange: node.needs.some(id => this.#changesRole(id)),
      ...this.#cleanUpOf(node),
      before: async prior => {
        this.#refuseWhenStopped();
        await this.#journal.before(node.id, token, prior);
        this.#refuseWhenStopped();
      },
      waiting: (attempt, reason) =>
        this.events.push({ type: 'waiting', at: this.#now(), id: node.id, attempt, reason }),
      wrote: () => {
        flight.wrote = true;
      },
      resolve: value => {
        if (!isRef(value)) return value;
        const output = this.#outcomes.outputsOf(value.$from)?.[value.output];
        if (output !== undefined) return output;
        throw new PortError({ kind: 'invalid', message: `"${value.$from}" has made no ${value.output}` });
      },
    };
  }

  #changesRole(id: string): boolean {
    const type = this.#nodes.get(id)?.action.type ?? '';
    return /-trust$|^(create|update)-role-stack$/.test(type);
  }

  #cleanUpOf(node: ActionNode): Pick<PerformContext, 'cleanUp'> {
    const maker = makerOf(node, this.#nodes.values());
    if (!maker) return {};
    const users = [...this.#nodes.values()].filter(({ needs }) => needs.includes(maker.id));
    return { cleanUp: { createToken: requestToken(this.#options.runId, maker.id), users } };
  }

  #refuseWhenStopped(): void {
    if (this.#options.stopNow?.aborted) throw new PortError({ kind: 'aborted', message: 'the run was stopped' });
  }

  #giveUp(reason: string): Promise<void> {
    return this.#outcomes.skip(this.#schedule.stop(reason));
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
