import { createLiveModel } from '../../source/live/create.ts';
import type { LiveModel } from '../../source/live/model.ts';
import type { Policy } from '../../source/live/policy.ts';
import { FakeWorld } from './fake-world.ts';
import { TestClock } from './test-clock.ts';

export type Rig = {
  readonly world: FakeWorld;
  readonly clock: TestClock;
  readonly model: LiveModel;
  /** How often listeners were told. */
  readonly notified: () => number;
};

const open = new Set<LiveModel>();

/** A live model of a world in memory, on a clock of the test's; nothing has been read yet. */
export function rig(build: (world: FakeWorld) => void = () => {}, more: { readonly policy?: Policy } = {}): Rig {
  const world = new FakeWorld();
  const clock = new TestClock();
  build(world);
  const model = createLiveModel(world, { clock, random: () => 0.5, ...more });
  open.add(model);
  let notified = 0;
  model.subscribe(() => {
    notified += 1;
  });
  return { world, clock, model, notified: () => notified };
}

/** For `afterEach`. */
export async function closeRigs(): Promise<void> {
  await Promise.all([...open].map(model => model.close()));
  open.clear();
}
