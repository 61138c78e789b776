/** What there is to choose from, for pickers and messages: nothing here asks AWS anything. */
import type { Profile } from '../aws/profiles.ts';

export type ProfileChoice = Pick<
  Profile,
  'name' | 'region' | 'sso' | 'signIn' | 'mfa' | 'account' | 'roleArn' | 'source'
> & {
  /** A custom endpoint of EKS. */
  readonly endpoint?: string;
};

/** The profiles of ~/.aws/config and ~/.aws/credentials, read anew, sorted by name. */
export async function listProfiles(): Promise<readonly ProfileChoice[]> {
  const { readProfiles } = await import('../aws/profiles.ts');
  const profiles = [...(await readProfiles()).values()].map(
    ({ endpoints, ignoresEndpoints, maxAttempts: _, ownKeys: __, ...profile }): ProfileChoice => ({
      ...profile,
      ...(endpoints.eks !== undefined && !ignoresEndpoints ? { endpoint: endpoints.eks } : {}),
    }),
  );
  return profiles.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The regions of the partition that a region belongs to, e.g. all of `aws` for `eu-west-1`. */
export async function listRegions(region: string): Promise<readonly string[]> {
  const { partitionOf } = await import('../aws/regions.ts');
  return partitionOf(region).regions;
}
