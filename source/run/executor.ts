import type { Failure } from '../identity/reading.ts';
import { isRef } from '../plan/action.ts';
import { type ActionNode, actions, type Plan } from '../plan/plan.ts';
import type { Clock } from './clock.ts';
import type { RunEvent, RunResult } from './event.ts';
import { EventLog } from './event-log.ts';
import type { PerformContext } from './perform/context.ts';
import { perform } from './perform/perform.ts';
import { type ClusterPorts, PortError } from './ports.ts';
import { requestToken } from './request-token.ts';
import { Schedule, type Skip } from './schedule.ts';

export type RunOptions = {
  readonly clock: Clock;
  /** Names the run; the same id and plan make the same request tokens. */
  readonly runId: string;
  /** Aborting starts nothing new; what is in flight is finished. */
  readonly signal?: AbortSignal;
  /** How many actions run at once. */
  readonly concurrency?: number;
};

const defaultConcurrency = 8;

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
  readonly #outputs = new Map<string, Readonly<Record<string, string>>>();
  readonly #failed: RunResult['failed'][number][] = [];
  readonly #skipped: RunResult['skipped'][number][] = [];
  #writes = 0;
  #done = 0;

  constructor(plan: Plan, ports: ClusterPorts, options: RunOptions) {
    this.#plan = plan;
    this.#ports = ports;
    this.#options = options;
    const nodes = actions(plan.root);
    this.#schedule = new Schedule(nodes);
    this.#nodes = new Map(nodes.map(node => [node.id, node]));
  }

  async go(): Promise<void> {
    const began = this.#now();
    await this.#runAll();
    this.#skip(this.#schedule.stop('it needs something that the plan does not have or that waits for it in turn'));
    const result = {
      writes: this.#writes,
      done: this.#done,
      failed: this.#failed,
      skipped: this.#skipped,
      milliseconds: this.#now() - began,
    };
    this.events.push({ type: 'finished', at: this.#now(), result });
    this.events.close();
  }

  async #runAll(): Promise<void> {
    const { signal, concurrency = defaultConcurrency } = this.#options;
    const running = new Set<Promise<void>>();
    const stopped = abortOf(signal);
    for (;;) {
      if (signal?.aborted) this.#skip(this.#schedule.stop('the run was stopped'));
      while (running.size < concurrency) {
        const node = this.#schedule.next();
        if (!node) break;
        const finished: Promise<void> = this.#runOne(node).finally(() => running.delete(finished));
        running.add(finished);
      }
      if (running.size === 0) break;
      await Promise.race(signal?.aborted ? running : [...running, stopped.promise]);
    }
    stopped.forget();
  }

  async #runOne(node: ActionNode): Promise<void> {
    this.events.push({ type: 'started', at: this.#now(), id: node.id });
    let wrote = false;
    try {
      const outputs = await perform(
        node.action,
        this.#context(node, () => (wrote = true)),
      );
      this.#outputs.set(node.id, outputs);
      this.#done += 1;
      this.events.push({ type: 'done', at: this.#now(), id: node.id, outcome: wrote ? 'done' : 'already', outputs });
      this.#skip(this.#schedule.settle(node.id, 'done'));
    } catch (error) {
      const failure = failureOf(error);
      this.#failed.push({ id: node.id, subject: node.action.subject, reason: failure.message });
      this.events.push({ type: 'failed', at: this.#now(), id: node.id, failure });
      this.#skip(this.#schedule.settle(node.id, 'failed'));
    }
    if (wrote) this.#writes += 1;
  }

  #context(node: ActionNode, wrote: () => void): PerformContext {
    return {
      ports: this.#ports,
      clock: this.#options.clock,
      cluster: this.#plan.cluster,
      token: requestToken(this.#options.runId, node.id),
      call: { priority: 'write' },
      afterTrustEdit: node.needs.some(id => this.#nodes.get(id)?.action.type.endsWith('-trust')),
      waiting: (attempt, reason) =>
        this.events.push({ type: 'waiting', at: this.#now(), id: node.id, attempt, reason }),
      wrote,
      resolve: value => {
        if (!isRef(value)) return value;
        const output = this.#outputs.get(value.$from)?.[value.output];
        if (output !== undefined) return output;
        throw new PortError({ kind: 'invalid', message: `"${value.$from}" has made no ${value.output}` });
      },
    };
  }

  #skip(skips: readonly Skip[]): void {
    for (const { node, reason } of skips) {
      this.#skipped.push({ id: node.id, subject: node.action.subject, reason });
      this.events.push({ type: 'skipped', at: this.#now(), id: node.id, reason });
    }
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** Ports throw `PortError` only; anything else is a defect of ours and is told as one, without a stack trace. */
function failureOf(error: unknown): Failure {
  if (error instanceof PortError) return error.failure;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'unknown', message: `unexpected: ${message}` };
}

/** A promise of the signal's abort, so that what will not run any more is told at once. */
function abortOf(signal: AbortSignal | undefined): { readonly promise: Promise<void>; forget(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const onAbort = () => resolve();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, forget: () => signal?.removeEventListener('abort', onAbort) };
}
