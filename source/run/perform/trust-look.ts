import { parseRoleArn } from '../../identity/arn.ts';
import { parseTrustPolicy, sameDocument, trustsAllPods } from '../../identity/trust-policy.ts';
import type { TrustIntent } from '../../plan/action.ts';
import { changedSince, failure, orAbsent, type PerformContext } from './context.ts';
import { asWanted, type Look, toDo } from './converge.ts';

type TrustChange = {
  readonly roleArn: string;
  readonly intent: TrustIntent;
  /** The document that the plan was made from. */
  readonly expects: string;
  /** The document that the role shall have. */
  readonly wants: string;
};

export const roleNameOf = (roleArn: string): string => {
  const arn = parseRoleArn(roleArn);
  if (!arn.ok) throw failure('invalid', `"${roleArn}" is not a role ARN: ${arn.reason}`);
  return arn.value.name;
};

/**
 * Whether the role's trust is as wanted, still as the plan saw it, or (thrown) something else.
 *
 * @param seen is told the document as received
 */
export async function lookAtTrust(
  context: PerformContext,
  change: TrustChange,
  seen: (document: string) => void,
): Promise<Look<string>> {
  const name = roleNameOf(change.roleArn);
  const role = await orAbsent(context.ports.iam.getRole(name, context.call));
  if (role?.arn !== change.roleArn) throw failure('conflict', `role ${name} is gone, or another one now: plan again`);
  seen(role.trustPolicy);
  if (isWanted(role.trustPolicy, change)) return asWanted(change.roleArn);
  if (sameDocument(role.trustPolicy, change.expects)) return toDo;
  throw changedSince(`the trust policy of role ${name}`);
}

/** As wanted word for word, or, where the change lets Pod Identity in, let in by whoever else was quicker. */
function isWanted(live: string, { intent, expects, wants }: TrustChange): boolean {
  if (sameDocument(live, wants)) return true;
  return intent === 'admit' && trusts(wants) && !trusts(expects) && trusts(live);
}

function trusts(document: string): boolean {
  const policy = parseTrustPolicy(document);
  return policy.ok && trustsAllPods(policy.value);
}
