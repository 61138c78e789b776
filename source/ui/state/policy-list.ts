import type { Failure } from '../../identity/reading.ts';
import type { ManagedPolicy } from '../../read/workbench.ts';

/** The managed policies of an account as far as they are read. */
export type PolicyList =
  | { readonly phase: 'unread' | 'reading' | 'read'; readonly items: readonly ManagedPolicy[] }
  | { readonly phase: 'failed'; readonly items: readonly ManagedPolicy[]; readonly failure: Failure };

export const noPolicies: PolicyList = { phase: 'unread', items: [] };

/** Whether AWS manages it, and not the account. */
export const isOfAws = (arn: string): boolean => arn.includes(':iam::aws:policy/');

/** The end of a policy's ARN. */
export const policyName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
