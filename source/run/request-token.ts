import { createHash } from 'node:crypto';

/**
 * A token that is the same whenever the same run carries out the same action, so that a request that is sent twice
 * counts once. 52 characters of `[a-z0-9]`: within EKS's 64 and CloudFormation's `[a-zA-Z0-9][-a-zA-Z0-9]*`.
 */
export function requestToken(runId: string, actionId: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([runId, actionId]))
    .digest('hex');
  return `podi${digest.slice(0, 48)}`;
}
