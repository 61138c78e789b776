/** Northwind Pay, an invented company: its accounts, by the ids that AWS's documentation uses for examples. */
import type { Account } from '../../model.ts';

export const accountIds = { prod: '111122223333', data: '444455556666', partner: '777788889999' } as const;

/** A customer managed policy; without a document of its own it allows a single read action. */
export function policyArn(account: Pick<Account, 'id' | 'partition'>, name: string): string {
  return `arn:${account.partition}:iam::${account.id}:policy/${name}`;
}
