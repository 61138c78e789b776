import { namedCluster, worldSettings } from '../commands/connect.ts';
import { jsonText } from '../commands/json-text.ts';
import { createLiveModel } from '../live/create.ts';
import type { LiveModel } from '../live/model.ts';
import { settled } from '../live/settled.ts';
import { openWorld } from '../read/world.ts';
import { systemClock } from '../run/clock.ts';
import { renderPlain } from '../ui/plain.ts';
import type { View } from '../ui/state/view.ts';
import type { AppOptions } from './app-options.ts';

/** Long enough for a slow account; what has not answered by then is named as not complete. */
const patience = 30_000;

/**
 * Prints the view once: the clusters, or the service accounts of `--cluster`, when all sources have answered.
 *
 * @returns 0, or 3 when something could not be read (the output names it), or 1 when nothing could
 */
export async function printView(options: AppOptions, regions: readonly string[] | undefined): Promise<number> {
  const world = await openWorld(worldSettings(options.values, systemClock, { regions: regions ?? [] }));
  const model = createLiveModel(world, { clock: systemClock });
  try {
    const view = await chosenView(model, world, options.cluster);
    await settled(model, systemClock, patience);
    const width = process.stdout.columns ?? 120;
    process.stdout.write(options.output === 'json' ? viewJson(model, view) : renderPlain(model, view, width));
    return exitCode(model);
  } finally {
    await model.close();
    world.close();
  }
}

async function chosenView(
  model: LiveModel,
  world: Awaited<ReturnType<typeof openWorld>>,
  name?: string,
): Promise<View> {
  if (name === undefined) return { kind: 'clusters' };
  const { arn } = await namedCluster(world, name);
  model.focus({ cluster: arn });
  return { kind: 'service-accounts', cluster: arn };
}

function viewJson(model: LiveModel, view: View): string {
  const rows = view.kind === 'service-accounts' ? model.serviceAccounts(view.cluster) : model.clusters();
  return jsonText({ rows, sources: model.sources() });
}

function exitCode(model: LiveModel): number {
  const sources = model.sources();
  const good = sources.filter(source => source.state === 'live').length;
  if (good === sources.length) return 0;
  return good === 0 ? 1 : 3;
}
