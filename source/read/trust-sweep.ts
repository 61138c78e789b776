import { issuerPath } from '../identity/arn.ts';
import type { Cluster } from '../identity/facts.ts';
import type { CallOptions, IamPort } from '../run/ports.ts';

/**
 * ARNs of the account's roles whose trust policy names the cluster's issuer, whether or not anything in the cluster
 * names the role: what a run has left behind when its annotation and its association are gone shows here alone.
 * Throws `PortError` when the roles cannot be listed completely.
 */
export async function rolesTrusting(
  iam: IamPort,
  { oidcIssuer }: Cluster,
  options: CallOptions = {},
): Promise<readonly string[]> {
  if (!oidcIssuer) return [];
  const provider = `oidc-provider/${issuerPath(oidcIssuer)}`;
  const found: string[] = [];
  for await (const page of iam.listRoles(options))
    found.push(...page.filter(({ trustPolicy }) => trustPolicy.includes(provider)).map(({ arn }) => arn));
  return found.toSorted();
}
