import { parseRoleArn, type RoleArn } from '../identity/arn.ts';
import type { RoleFact } from '../identity/facts.ts';
import { plainText } from '../identity/plain-text.ts';
import type { Scope } from '../identity/scope.ts';
import { type CallOptions, type IamPort, PortError } from '../run/ports.ts';
import { isNotFound } from './attempt.ts';

/**
 * The role of an ARN. IAM is asked by name alone and in one account, so an ARN that is malformed, of another partition
 * or of another account is never asked for: a role of the same name would be taken for it. Those throw `PortError`
 * (`invalid`, `denied`) that says so. That there is no such role is a fact. The role that comes back may have another
 * path than the ARN asked for: compare `role.arn`.
 */
export async function readRole(
  iam: IamPort,
  arn: string,
  scope: Pick<Scope, 'partition' | 'account'>,
  options: CallOptions = {},
): Promise<RoleFact> {
  const { name } = roleOfScope(arn, scope);
  try {
    return { exists: true, role: await iam.getRole(name, options) };
  } catch (error) {
    if (isNotFound(error)) return { exists: false };
    throw error;
  }
}

function roleOfScope(arn: string, scope: Pick<Scope, 'partition' | 'account'>): RoleArn {
  const parsed = parseRoleArn(arn);
  if (!parsed.ok) throw refusal('invalid', `"${arn}" is not a role ARN: ${parsed.reason}.`);
  const { account, partition } = parsed.value;
  if (account !== scope.account) {
    throw refusal(
      'denied',
      `${arn} is a role of account ${account}; the credentials are for ${scope.account}, so it was not read.`,
    );
  }
  if (partition !== scope.partition) {
    throw refusal('invalid', `${arn} is of partition ${partition}; account ${account} is of ${scope.partition}.`);
  }
  return parsed.value;
}

const refusal = (kind: 'invalid' | 'denied', message: string): PortError =>
  new PortError({ kind, message: plainText(message), operation: 'iam:GetRole' });
