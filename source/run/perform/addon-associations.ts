import type { Association } from '../../identity/facts.ts';
import type { AddonAssociation } from '../../plan/action.ts';
import type { PortError } from '../ports.ts';
import { failure, type PerformContext } from './context.ts';
import type { Tried } from './converge.ts';
import { propagationDelay } from './create-association.ts';

export type WantedByAddon = { readonly serviceAccount: string; readonly roleArn: string };

/** With the roles that earlier actions have made. */
export const resolved =
  (context: PerformContext) =>
  ({ serviceAccount, roleArn }: AddonAssociation): WantedByAddon => ({
    serviceAccount,
    roleArn: context.resolve(roleArn),
  });

export const isIn =
  (list: readonly WantedByAddon[]) =>
  ({ serviceAccount, roleArn }: Association): boolean =>
    list.some(each => each.serviceAccount === serviceAccount && each.roleArn === roleArn);

/**
 * When a refused write to an add-on is tried again. Throws for a service account that has an association of its own: an
 * add-on takes over none (EKS User Guide, "IAM roles for Amazon EKS add-ons").
 */
export function addonRetry(error: PortError, tried: Tried, context: PerformContext): number | undefined {
  const { message } = error.failure;
  if (/association already exists/i.test(message))
    throw failure(
      'exists',
      `a service account of the add-on has an association of its own, which an add-on cannot take over: ${message}`,
    );
  return propagationDelay(error, tried, context);
}
