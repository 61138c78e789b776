/** Rules of an association's settings that hold whatever the account looks like (EKS API reference). */

/** Why a session policy cannot be sent, or undefined. It is JSON, at most 2,048 characters, and excludes session tags. */
export function policyProblem(policy: string | undefined, disableSessionTags: boolean): string | undefined {
  if (policy === undefined) return undefined;
  if (!disableSessionTags)
    return 'a session policy needs session tags to be off: say --disable-session-tags too, or leave the policy out';
  if (policy.length > 2_048) return `the session policy has ${policy.length} characters, and EKS takes 2,048`;
  try {
    const value: unknown = JSON.parse(policy);
    return typeof value === 'object' && value !== null ? undefined : 'the session policy is not a JSON object';
  } catch {
    return 'the session policy is not valid JSON';
  }
}
