import type { Clock } from '../run/clock.ts';
import type { LiveModel } from './model.ts';

/** One answer often brings the next question; only what stays quiet for this long has settled. Milliseconds. */
const quiet = 150;

/**
 * Waits until every source has answered or failed and no row is still being read, at most `patience` milliseconds.
 * Rejects when `signal` aborts.
 *
 * @returns whether it settled
 */
export async function settled(
  model: LiveModel,
  clock: Clock,
  patience: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const end = clock.now() + patience;
  while (clock.now() < end) {
    const revision = model.revision;
    await clock.sleep(quiet, signal);
    if (!pending(model) && model.revision === revision) return true;
  }
  return false;
}

function pending(model: LiveModel): boolean {
  const sources = model.sources();
  const reading = sources.some(({ state }) => state === 'waiting' || state === 'loading');
  return (
    sources.length === 0 ||
    reading ||
    model.clusters().some(row => row.cluster.state === 'unread' || row.health.level === 'pending')
  );
}
