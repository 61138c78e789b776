/** What was asked of a world: a log of the latest requests, and counts of all. */
import type { LoggedRequest, World } from './model.ts';

const KEPT = 20_000;

export function logRequest(world: World, entry: LoggedRequest, throttled: boolean): void {
  world.requests.push(entry);
  if (world.requests.length > KEPT * 1.25) {
    world.requests.splice(0, world.requests.length - KEPT);
  }
  const name = `${entry.service}:${entry.operation}`;
  const counts = world.counts.get(name) ?? { reads: 0, writes: 0, throttled: 0, failed: 0 };
  world.counts.set(name, counts);
  counts.reads += entry.write ? 0 : 1;
  counts.writes += entry.write ? 1 : 0;
  counts.throttled += throttled ? 1 : 0;
  counts.failed += entry.status === 0 || entry.status >= 400 ? 1 : 0;
}
