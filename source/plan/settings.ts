import { parseRoleArn } from '../identity/arn.ts';
import { isJsonObject } from './json-object.ts';

/** What an association is or would be, as far as rules bind its settings to each other. */
type Settings = {
  readonly targetRoleArn: string | undefined;
  readonly policy: string | undefined;
  readonly disableSessionTags: boolean;
};

/** CreatePodIdentityAssociation, `policy` (EKS API reference). */
const longestPolicy = 2_048;

/** Why EKS would refuse these settings whatever the account looks like, with what to do; undefined: it would not. */
export function settingsProblem({ targetRoleArn, policy, disableSessionTags }: Settings): string | undefined {
  if (targetRoleArn) {
    const target = parseRoleArn(targetRoleArn);
    if (!target.ok) return `the target role "${targetRoleArn}" is not a role ARN: ${target.reason}`;
  }
  if (policy === undefined) return undefined;
  if (!disableSessionTags)
    return 'a session policy needs session tags to be off: say --disable-session-tags too, or leave the policy out';
  if (policy.length > longestPolicy)
    return `the session policy has ${policy.length} characters, and EKS takes ${longestPolicy}`;
  return isJsonObject(policy) ? undefined : 'the session policy is not a JSON object';
}
