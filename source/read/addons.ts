import type { Addon } from '../identity/facts.ts';
import { type CallOptions, type EksPort, PortError } from '../run/ports.ts';
import { orUndefined } from './attempt.ts';
import { asTheyCome } from './streams.ts';

/** The cluster's add-ons by name; one that was deleted since it was listed is left out. Throws `PortError`. */
export async function readAddons(
  eks: EksPort,
  clusterName: string,
  options: CallOptions = {},
): Promise<readonly Addon[]> {
  const addons: Addon[] = [];
  const describe = async (name: string) => {
    const addon = await orUndefined(eks.describeAddon(clusterName, name, options));
    return addon && withSupport(eks, addon, options);
  };
  for await (const addon of asTheyCome(eks.listAddons(clusterName, options), describe)) {
    if (addon) addons.push(addon);
  }
  return addons.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Adds which service accounts can use Pod Identity, for an add-on that still uses IRSA: only then does anybody ask. Not
 * being allowed to look is no reason to know nothing of the add-on.
 */
async function withSupport(eks: EksPort, addon: Addon, options: CallOptions): Promise<Addon> {
  if (!addon.serviceAccountRoleArn || addon.associationArns.length > 0) return addon;
  try {
    return { ...addon, podIdentityServiceAccounts: await eks.addonServiceAccounts(addon.name, addon.version, options) };
  } catch (error) {
    if (error instanceof PortError) return addon;
    throw error;
  }
}
