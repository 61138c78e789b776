import { CredentialsProviderError } from '@smithy/core/config';
import type { Profile } from './profiles.ts';

/**
 * Refuses a profile whose role, or that of a profile it starts from, asks for a one-time code, in the SDK's words and in
 * its stead: credential-provider-ini begins to look for the first credentials and then throws without waiting for them,
 * so that their own failure, an expired sign-in, is heard by nobody and would end the process (observed with 3.1169).
 *
 * @param name the profile that the SDK begins with
 */
export function refuseOneTimeCode(name: string, profiles: ReadonlyMap<string, Profile>): void {
  const seen = new Set<string>();
  let profile = profiles.get(name);
  while (profile?.signIn === 'assume-role' && !seen.has(profile.name)) {
    // Keys of its own go before the role of a profile that others start from.
    if (seen.size > 0 && profile.ownKeys) return;
    if (profile.mfa) {
      const message = `Profile ${profile.name} requires multi-factor authentication, and nobody is asked for a code here.`;
      throw new CredentialsProviderError(message, { tryNextLink: false });
    }
    seen.add(profile.name);
    profile = profile.source === undefined ? undefined : profiles.get(profile.source);
  }
}
