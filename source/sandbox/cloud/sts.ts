/** STS: who am I (STS API reference, GetCallerIdentity, version 2011-06-15). */
import type { QueryOperation } from './context.ts';

export const STS_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetCallerIdentity: ({ caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
};
