/** What there is to choose from, for pickers and messages: nothing here asks AWS anything. */

export type ProfileChoice = {
  readonly name: string;
  readonly region?: string;
  /** It signs in through IAM Identity Center. */
  readonly sso: boolean;
};

/** The profiles of ~/.aws/config and ~/.aws/credentials, read anew, sorted by name. */
export async function listProfiles(): Promise<readonly ProfileChoice[]> {
  const { readProfiles } = await import('../aws/profiles.ts');
  const profiles = [...(await readProfiles()).values()].map(({ name, region, sso }) => ({
    name,
    sso,
    ...(region !== undefined ? { region } : {}),
  }));
  return profiles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The regions of the partition that a region belongs to, e.g. all of `aws` for `eu-west-1`. */
export async function listRegions(region: string): Promise<readonly string[]> {
  const { partitionOf } = await import('../aws/regions.ts');
  return partitionOf(region).regions;
}
