/** IAM's default for "Role trust policy length"; an account may have it raised, to this at most. */
export const trustPolicyQuota = 2_048;
export const trustPolicyCeiling = 8_192;

/**
 * The length of a policy in characters as IAM counts it: white space between its parts does not count (IAM User
 * Guide, "IAM and AWS STS quotas"). White space within texts is counted here, so the result errs on the high side.
 */
export const policySize = (text: string): number => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1').length;
