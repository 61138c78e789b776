import type { FailureKind } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { Value } from '../../plan/action.ts';
import type { ActionNode } from '../../plan/plan.ts';
import type { Clock } from '../clock.ts';
import type { PriorState } from '../journal.ts';
import { type CallOptions, type ClusterPorts, type KubernetesPort, PortError } from '../ports.ts';

/** What an action needs of its run. */
export type PerformContext = {
  readonly ports: ClusterPorts;
  readonly clock: Clock;
  readonly cluster: ClusterRef;
  /** Idempotency token of this action in this run. */
  readonly token: string;
  /** For every call: a run's requests go before reading and syncing. */
  readonly call: CallOptions;
  /** Whether the plan makes or changes the role first: then EKS may need a while to see it. */
  readonly afterRoleChange: boolean;
  /** Of a clean-up: whose stack it may take. */
  readonly cleanUp?: CleanUp;
  /** When the plan's facts were read: what is younger came into being since. Milliseconds since the epoch. */
  readonly plannedAt: number;
  /**
   * Must be called right before each request that changes something, with the state as it was just read. Resolves when
   * the journal has it on disk; throws when it cannot be kept or the run was stopped at once: then nothing may be sent.
   */
  before(prior: PriorState): Promise<void>;
  /** Tells that the action is still at it. */
  waiting(attempt: number, reason: string): void;
  /** Tells that the world was changed. */
  wrote(): void;
  /** A value, or what an earlier action made. */
  resolve(value: Value<string>): string;
};

export type CleanUp = {
  /** Token under which this run made the stack, or would have. */
  readonly createToken: string;
  /** Actions that give the stack's role to something. */
  readonly users: readonly ActionNode[];
};

/** What later actions may refer to. */
export type Outputs = Readonly<Record<string, string>>;

/** A gate is not passed: nothing is wrong, nothing was tried, and what needs it waits as well. */
export class HeldError extends Error {
  override readonly name = 'HeldError';
}

export function kubernetesOf({ ports, cluster }: PerformContext): KubernetesPort {
  if (ports.kubernetes) return ports.kubernetes;
  throw failure('unreachable', `there is no way to the Kubernetes API of ${cluster.name}`);
}

export const failure = (kind: FailureKind, message: string): PortError => new PortError({ kind, message });

export const changedSince = (what: string): PortError =>
  failure('conflict', `${what} changed since the plan was made: plan again`);

export const isFailure = (error: unknown, ...kinds: readonly FailureKind[]): error is PortError =>
  error instanceof PortError && kinds.includes(error.failure.kind);

/** A reading where absence is an answer. */
export async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isFailure(error, 'not-found')) return undefined;
    throw error;
  }
}
