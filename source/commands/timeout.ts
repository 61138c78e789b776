import type { CommandContext } from './command.ts';

/** Milliseconds; about 25 days. A timer that is set for longer fires at once (Node's `setTimeout`). */
const longest = 2 ** 31 - 1;

/**
 * Runs `work` with a signal that also fires after `milliseconds`. A plan that is being carried out stops after what is
 * in flight; anything else ends with one sentence.
 */
export async function withTimeout<T>(
  context: CommandContext,
  milliseconds: number | undefined,
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  if (milliseconds === undefined) return work(context);
  const late = new AbortController();
  const finished = new AbortController();
  context.clock.sleep(Math.min(milliseconds, longest), finished.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    return await work({ ...context, signal: AbortSignal.any([context.signal, late.signal]) });
  } catch (error) {
    if (late.signal.aborted) throw new Error(`gave up after ${milliseconds / 1_000} s (--timeout)`, { cause: error });
    throw error;
  } finally {
    finished.abort();
  }
}
