import { list } from '../commands/command.ts';
import { listProfiles } from '../read/scopes.ts';
import type { AppOptions } from './app-options.ts';

/** Names for `--all-profiles`. Profiles that name no region cannot be looked into unless one is named for all. */
export async function everyProfile({ values }: AppOptions): Promise<readonly string[]> {
  const all = await listProfiles();
  const anywhere = list(values, 'region').length > 0 || Boolean(process.env.AWS_REGION);
  return all.filter(({ region }) => anywhere || region !== undefined).map(({ name }) => name);
}
