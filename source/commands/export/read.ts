import type { Exporter } from '../../files/export/model.ts';
import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import { readAddons } from '../../read/addons.ts';
import { readAllAssociations } from '../../read/associations.ts';
import { readClusters } from '../../read/clusters.ts';
import type { World } from '../../read/world.ts';
import type { Clock } from '../../run/clock.ts';
import { type CallOptions, type EksPort, PortError } from '../../run/ports.ts';

/** A cluster as it is written, or why it is not. */
export type Exported =
  | { readonly cluster: ClusterRef; readonly text: string }
  | { readonly what: string; readonly failure: Failure };

export type ExportSettings = CallOptions & { readonly clock: Clock; readonly exporter: Exporter };

/** One cluster: all of it, or nothing. Throws `PortError`. */
export async function exportCluster(
  eks: EksPort,
  cluster: Pick<ClusterRef, 'name' | 'region'>,
  { clock, exporter, ...calls }: ExportSettings,
): Promise<string> {
  const [associations, addons] = await Promise.all([
    readAllAssociations(eks, cluster.name, clock, calls),
    readAddons(eks, cluster.name, calls),
  ]);
  return exporter(cluster, associations, addons);
}

/** Every cluster in scope, once for each profile that sees it; one that cannot be read keeps no other back. */
export async function exportAll({ sessions }: World, settings: ExportSettings): Promise<readonly Exported[]> {
  const { clock, exporter: _, ...calls } = settings;
  const parts = await Promise.all(
    sessions.map(async ({ eks, region }) => {
      const exported: Promise<Exported>[] = [];
      try {
        for await (const { name, cluster } of readClusters(eks, clock, calls)) {
          const what = `cluster ${name} in ${region}`;
          if (cluster.state === 'failed') exported.push(Promise.resolve({ what, failure: cluster.failure }));
          if (cluster.state !== 'read') continue;
          const text = exportCluster(eks, cluster.value, settings);
          exported.push(
            attempted(
              what,
              text.then(written => ({ cluster: cluster.value, text: written })),
            ),
          );
        }
      } catch (error) {
        exported.push(attempted(`the clusters of ${region}`, Promise.reject(error)));
      }
      return Promise.all(exported);
    }),
  );
  return parts.flat();
}

async function attempted(what: string, work: Promise<Exported>): Promise<Exported> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PortError) return { what, failure: error.failure };
    throw error;
  }
}
