import { namedCluster, worldSettings } from '../commands/connect.ts';
import { jsonText } from '../commands/json-text.ts';
import { createLiveModel } from '../live/create.ts';
import type { LiveModel } from '../live/model.ts';
import { settled } from '../live/settled.ts';
import { openWorld } from '../read/world.ts';
import { systemClock } from '../run/clock.ts';
import { renderPlain } from '../ui/plain.ts';
import type { TableView } from '../ui/state/view.ts';
import type { AnyRow } from '../ui/tables/table.ts';
import { toAscii } from '../ui/text/ascii.ts';
import { needsAscii } from '../ui/theme/depth.ts';
import type { AppOptions } from './app-options.ts';
import { everyProfile } from './every-profile.ts';

/** Long enough for a slow account; what has not answered by then is named as not complete. */
const patience = 30_000;

/**
 * Prints the view once: `--view`, else the clusters or the service accounts of `--cluster`, when all sources have answered.
 *
 * @returns 0, or 3 when something could not be read (the output names it), or 1 when nothing could
 */
export async function printView(options: AppOptions, regions: readonly string[] | undefined): Promise<number> {
  const profiles = options.allProfiles && !options.sandbox ? { profiles: await everyProfile(options) } : {};
  const world = await openWorld(worldSettings(options.values, systemClock, { regions: regions ?? [], ...profiles }));
  const model = createLiveModel(world, { clock: systemClock });
  try {
    const view = await chosenView(model, world, options);
    await settled(model, systemClock, patience);
    const width = process.stdout.columns ?? 120;
    if (options.output === 'json') process.stdout.write(viewJson(model, view));
    else {
      const plain = renderPlain(model, view, width);
      process.stdout.write(options.ascii || needsAscii(process.env) ? toAscii(plain) : plain);
    }
    return exitCode(model);
  } finally {
    await model.close();
    world.close();
  }
}

async function chosenView(
  model: LiveModel,
  world: Awaited<ReturnType<typeof openWorld>>,
  { cluster: name, view }: AppOptions,
): Promise<TableView> {
  if (name === undefined) {
    return view === 'service-accounts' || view === 'associations' ? { kind: view } : { kind: 'clusters' };
  }
  const { arn: cluster } = await namedCluster(world, name);
  model.focus({ cluster });
  return { kind: view === undefined || view === 'clusters' ? 'service-accounts' : view, cluster };
}

const viewJson = (model: LiveModel, view: TableView): string =>
  jsonText({ rows: rowsOf(model, view), sources: model.sources() });

function rowsOf(model: LiveModel, view: TableView): readonly AnyRow[] {
  switch (view.kind) {
    case 'clusters':
      return model.clusters();
    case 'namespaces':
      return model.namespaces(view.cluster);
    case 'service-accounts':
      return model.serviceAccounts(view.cluster);
    case 'associations':
      return model.associations(view.cluster);
    case 'roles':
      return model.roles(view.cluster);
  }
}

function exitCode(model: LiveModel): number {
  const sources = model.sources();
  const good = sources.filter(source => source.state === 'live').length;
  if (good === sources.length) return 0;
  return good === 0 ? 1 : 3;
}
