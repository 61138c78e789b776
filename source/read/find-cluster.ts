import type { Cluster } from '../identity/facts.ts';
import { plainText } from '../identity/plain-text.ts';
import type { Failure } from '../identity/reading.ts';
import { PortError } from '../run/ports.ts';

/** What one place answered when it was asked for a cluster's name. */
export type FoundCluster =
  | { readonly where: string; readonly cluster: Cluster }
  | { readonly where: string; readonly failure: Failure };

/** A region, with its profile where more than one session is looked through. */
export const whereToLook = (region: string, profile: string | undefined, sessions: number): string =>
  profile === undefined || sessions === 1 ? region : `${region} (profile ${profile})`;

/**
 * The one cluster that a name fits; two profiles of one account find the same one. Throws `PortError`: `invalid` with
 * the ARNs when it fits several, `not-found` with the regions when it fits none, and the first failure when places that
 * could not be looked in might have it.
 */
export function inOneOf(wanted: string, answers: readonly FoundCluster[]): Cluster {
  const name = plainText(wanted);
  const found = new Map(
    answers.flatMap(each => ('cluster' in each ? [[each.cluster.arn, each.cluster] as const] : [])),
  );
  const [first, ...others] = found.values();
  if (first && others.length === 0) return first;
  if (first) {
    const arns = [...found.keys()].sort().join(', ');
    const message = `Several clusters are named "${name}": ${arns}; name one by its ARN, or choose --region or --profile.`;
    throw new PortError({ kind: 'invalid', message });
  }
  const missing = answers.filter(each => 'failure' in each && each.failure.kind === 'not-found');
  const regions = missing.map(each => each.where).join(', ');
  const broken = answers.flatMap(each => ('failure' in each && each.failure.kind !== 'not-found' ? [each] : []));
  const [failure] = broken;
  if (failure) {
    const elsewhere = regions ? ` (it is not in ${regions})` : '';
    const message = `Cluster "${name}" could not be looked for in ${failure.where}${elsewhere}: ${failure.failure.message}`;
    throw new PortError({ ...failure.failure, message });
  }
  throw new PortError({
    kind: 'not-found',
    message: `There is no cluster named "${name}" in ${regions}: check the name, or choose another --region or --profile.`,
    operation: 'eks:DescribeCluster',
  });
}
