/** The world's time: things that happen later, in order. */
import type { World } from './model.ts';

/** Runs `run` when the world's time reaches `at`; entries of one time run in the order in which they were added. */
export function schedule(world: World, at: number, run: (world: World, now: number) => void): void {
  let low = 0;
  let high = world.schedule.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((world.schedule[middle]?.at ?? 0) <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  world.schedule.splice(low, 0, { at, run });
}

/** Moves time on to `now` (never back) and runs what has become due, each at its own time. */
export function advance(world: World, now: number): void {
  runControllers(world);
  for (let next = world.schedule[0]; next !== undefined && next.at <= now; next = world.schedule[0]) {
    world.schedule.shift();
    world.now = Math.max(world.now, next.at);
    runControllers(world);
    next.run(world, world.now);
    runControllers(world);
  }
  world.now = Math.max(world.now, now);
  runControllers(world);
}

/** Before and after each thing that happens, so that they see every state of the world with its time. */
function runControllers(world: World): void {
  for (const run of world.controllers ?? []) {
    run(world, world.now);
  }
}
