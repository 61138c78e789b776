/** What is kept of accounts and profiles from sitting to sitting. Anybody may have edited the file, so all is checked. */

/** Regions by profile; the default chain's are under an empty name. */
export type KeptRegions = Readonly<Record<string, readonly string[]>>;

const isRegion = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 32 && /^[a-z]{2,}(-[a-z]+)+-\d+$/.test(value);

/** What cannot be a list of regions is left out: that profile is then asked where it would be without. */
export function parseRegions(stored: unknown): KeptRegions {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return {};
  const entries = Object.entries(stored).flatMap(([profile, regions]): [string, readonly string[]][] => {
    const known = Array.isArray(regions) ? [...new Set(regions.filter(isRegion))] : [];
    return known.length > 0 ? [[profile, known]] : [];
  });
  return Object.fromEntries(entries);
}

/** Numbers of accounts in which nothing is to be changed. */
export const parseAccounts = (stored: unknown): ReadonlySet<string> =>
  new Set(Array.isArray(stored) ? stored.filter(value => typeof value === 'string' && /^\d{12}$/.test(value)) : []);
