import type { PriorState } from '../journal.ts';
import { PortError } from '../ports.ts';
import { failure, isFailure, type PerformContext } from './context.ts';

/** What the world says of an action. */
export type Look<T> =
  | { readonly kind: 'as-wanted'; readonly value: T }
  /** As it was when the plan was made: the write is still to be done, or does not show yet. */
  | { readonly kind: 'to-do' }
  /** Something is under way; there is nothing to do but wait. */
  | { readonly kind: 'busy'; readonly reason: string };

export const asWanted = <T>(value: T): Look<T> => ({ kind: 'as-wanted', value });
export const toDo: Look<never> = { kind: 'to-do' };
export const busy = (reason: string): Look<never> => ({ kind: 'busy', reason });

export type Step<T> = {
  /** Reads the world; throws when it is neither as wanted nor as the plan saw it. `wrote`: our write was accepted. */
  readonly look: (wrote: boolean) => Promise<Look<T>>;
  /** The exact state that the last look saw, for the journal. */
  readonly prior: () => PriorState | Promise<PriorState>;
  readonly write: () => Promise<void>;
  /** What is waited for after the write, for people. */
  readonly settling: string;
  /** Milliseconds between two looks, and how long to look at most. */
  readonly every: number;
  readonly atMost: number;
  /** Milliseconds until the write is tried again after this error; undefined: not at all. Comes before the usual rules. */
  readonly retry?: (error: PortError, tried: Tried) => number | undefined;
};

export type Tried = { readonly attempt: number; readonly milliseconds: number };

/**
 * Brings the world to where the plan wants it: looks, writes only if there is something to do, and looks until it shows.
 * Each write comes right after a look. A write whose answer was lost is not guessed about: the next look tells.
 */
export async function converge<T>(context: PerformContext, step: Step<T>): Promise<T> {
  const { clock } = context;
  const began = clock.now();
  let uncertain = false;
  for (let attempt = 1; ; attempt += 1) {
    const found = await lookWhileBusy(context, step, uncertain);
    if (found.kind === 'as-wanted') {
      if (uncertain) context.wrote();
      return found.value;
    }
    await context.before(await step.prior());
    try {
      await step.write();
      break;
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      const tried = { attempt, milliseconds: clock.now() - began };
      const delay = step.retry?.(error, tried) ?? usualRetry(error, tried);
      if (delay === undefined) throw error;
      uncertain ||= isUncertain(error);
      context.waiting(attempt, error.failure.message);
      await clock.sleep(delay);
    }
  }
  context.wrote();
  return untilWanted(context, step);
}

/** No answer, or one that does not say whether the request took effect. */
const isUncertain = (error: PortError): boolean => isFailure(error, 'unreachable', 'server', 'aborted', 'unknown');

const usualAttempts = 4;

/** For errors that pass; the ports have already retried in their own way. */
function usualRetry(error: PortError, { attempt }: Tried): number | undefined {
  if (attempt >= usualAttempts) return undefined;
  if (isUncertain(error) || isFailure(error, 'throttled', 'conflict')) return 1_000 * 2 ** (attempt - 1);
  return undefined;
}

async function lookWhileBusy<T>(context: PerformContext, step: Step<T>, wrote: boolean): Promise<Look<T>> {
  const began = context.clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const found = await step.look(wrote);
    if (found.kind !== 'busy') return found;
    if (context.clock.now() - began >= step.atMost) throw failure('unknown', `gave up waiting: ${found.reason}`);
    context.waiting(attempt, found.reason);
    await context.clock.sleep(step.every);
  }
}

async function untilWanted<T>(context: PerformContext, step: Step<T>): Promise<T> {
  const began = context.clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const found = await lookOrMiss(step);
    if (found.kind === 'as-wanted') return found.value;
    const reason = found.kind === 'busy' ? found.reason : step.settling;
    if (context.clock.now() - began >= step.atMost)
      throw failure('unknown', `the change was accepted but does not show after ${seconds(step.atMost)}: ${reason}`);
    context.waiting(attempt, reason);
    await context.clock.sleep(step.every);
  }
}

/** The change is made: a look that fails for a passing reason is looked again, not given up. */
async function lookOrMiss<T>(step: Step<T>): Promise<Look<T>> {
  try {
    return await step.look(true);
  } catch (error) {
    if (isFailure(error, 'unreachable', 'server', 'throttled', 'aborted')) return busy(error.failure.message);
    throw error;
  }
}

const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1_000)} s`;
