import { makeWorkbench } from '../read/make-workbench.ts';
import { RequestFeed } from '../read/request-feed.ts';
import type { JournalingWorkbench } from '../read/workbench.ts';
import type { World } from '../read/world.ts';
import { journalRoot, makeJournalStore } from '../run/journal-file.ts';
import type { CommandContext, Values } from './command.ts';
import { withWorld, worldSettings } from './connect.ts';

type Surroundings = Pick<CommandContext, 'clock' | 'environment' | 'version'>;

/** A workbench whose runs are written down, apart for each endpoint. */
export function journalingWorkbench(
  world: World,
  { clock, environment, version }: Surroundings,
  feed?: RequestFeed,
): JournalingWorkbench {
  const endpoint = world.sessions[0]?.endpoint;
  const store = makeJournalStore(journalRoot(environment), endpoint);
  const journaling = { store, version, ...(endpoint !== undefined ? { endpoint } : {}) };
  return makeWorkbench(world, clock, feed, journaling);
}

/** Opens what the flags name, with a workbench in it, for the time of `work`. @throws PortError */
export async function withWorkbench<T>(
  values: Values,
  context: CommandContext,
  work: (workbench: JournalingWorkbench, world: World) => Promise<T>,
): Promise<T> {
  const feed = new RequestFeed();
  const { clock, regions = [] } = context;
  return withWorld(worldSettings(values, clock, { regions, onRequest: feed.note }), world =>
    work(journalingWorkbench(world, context, feed), world),
  );
}
