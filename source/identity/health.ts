/**
 * Health is never only good or bad: what was not checked is `unknown`, what is still being read is
 * `pending`, and neither ever looks healthy.
 */
export type HealthLevel = 'ok' | 'info' | 'warning' | 'error' | 'unknown' | 'pending';

/** The short codes of the health column. Their tests are documented where they are computed. */
export type HealthCode =
  | 'OK'
  | 'CLUSTER'
  | 'AGENT'
  | 'AGENT-PART'
  | 'AGENT-BAD'
  | 'ROLE'
  | 'ARN'
  | 'ACCOUNT'
  | 'TRUST'
  | 'TAG-SESSION'
  | 'TRUST-COND'
  | 'TRUST-SIZE'
  | 'TARGET'
  | 'POLICY'
  | 'SA'
  | 'NS'
  | 'BOTH'
  | 'DIFFER'
  | 'IRSA'
  | 'OIDC'
  | 'RESTART'
  | 'PLATFORM'
  | 'OWNED'
  | 'NONE'
  | 'UNKNOWN'
  | 'PENDING';

/** One check's answer, with its evidence in one sentence. */
export type Finding = {
  readonly level: HealthLevel;
  readonly code: HealthCode;
  readonly detail: string;
};

/** The worst finding and how many more there are. */
export type Health = Finding & { readonly more: number };
