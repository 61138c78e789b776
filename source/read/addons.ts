import type { Addon } from '../identity/facts.ts';
import type { CallOptions, EksPort } from '../run/ports.ts';
import { orUndefined } from './attempt.ts';
import { asTheyCome } from './streams.ts';

/** The cluster's add-ons by name; one that was deleted since it was listed is left out. Throws `PortError`. */
export async function readAddons(
  eks: EksPort,
  clusterName: string,
  options: CallOptions = {},
): Promise<readonly Addon[]> {
  const addons: Addon[] = [];
  const describe = (name: string) => orUndefined(eks.describeAddon(clusterName, name, options));
  for await (const addon of asTheyCome(eks.listAddons(clusterName, options), describe)) {
    if (addon) addons.push(addon);
  }
  return addons.sort((a, b) => (a.name < b.name ? -1 : 1));
}
