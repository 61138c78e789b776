import type { Addon, AddonOffer, Cluster } from '../identity/facts.ts';
import { type CallOptions, type EksPort, PortError } from '../run/ports.ts';

export type WantedOffer = { readonly name: string; readonly version?: string };

/**
 * What EKS offers of an add-on for the cluster: of the version that is asked for (`latest`: the newest), else of the one
 * that is installed, else of the default for the cluster's Kubernetes version. Throws `PortError` when it offers none.
 */
export async function readAddonOffer(
  eks: EksPort,
  cluster: Cluster,
  wanted: WantedOffer,
  installed: Addon | undefined,
  options: CallOptions = {},
): Promise<AddonOffer> {
  const { name } = wanted;
  const asked = wanted.version ?? installed?.version;
  const version = asked === undefined || asked === 'latest' ? await offered(eks, cluster, wanted, options) : asked;
  return { name, version, podIdentity: await eks.addonRecommendations(name, version, options) };
}

async function offered(
  eks: EksPort,
  { version: kubernetes }: Cluster,
  { name, version }: WantedOffer,
  options: CallOptions,
): Promise<string> {
  const versions = await eks.addonVersions(name, kubernetes, options);
  const [newest] = versions;
  const chosen = version === 'latest' ? newest : (versions.find(({ isDefault }) => isDefault) ?? newest);
  if (chosen) return chosen.version;
  const message = `EKS offers no version of the add-on ${name} for Kubernetes ${kubernetes}.`;
  throw new PortError({ kind: 'invalid', message, operation: 'eks:DescribeAddonVersions' });
}
