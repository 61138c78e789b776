/**
 * Names of the CloudFormation stacks that make roles, as eksctl gives them (eksctl, pkg/cfn/manager): a plain join by
 * dashes, so that different service accounts can have the same stack name.
 */
import type { Subject } from '../../identity/scope.ts';

/** The stack of a role that was made for a service account's association. */
export const roleStack = (cluster: string, { namespace, serviceAccount }: Subject): string =>
  `eksctl-${cluster}-podidentityrole-${namespace}-${serviceAccount}`;

/** The stack of a role that `eksctl create iamserviceaccount` made; it stays when the account moves to Pod Identity. */
export const irsaRoleStack = (cluster: string, { namespace, serviceAccount }: Subject): string =>
  `eksctl-${cluster}-addon-iamserviceaccount-${namespace}-${serviceAccount}`;

/** The stack of a role for one service account of an add-on. */
export const addonRoleStack = (cluster: string, addon: string, serviceAccount: string): string =>
  `eksctl-${cluster}-addon-${addon}-podidentityrole-${serviceAccount}`;
