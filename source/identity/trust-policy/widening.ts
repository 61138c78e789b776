import { issuerPath } from '../arn.ts';
import { ok, type Result } from '../result.ts';
import { addPodIdentityStatement } from './edits.ts';
import type { TrustPolicy, TrustStatement } from './model.ts';
import { podIdentityActions } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import type { PodIdentityScope } from './pod-scope.ts';
import { trustedIssuers } from './questions.ts';

/**
 * What the new Pod Identity statement would let in that the role's trust in this issuer did not, as sentences for a
 * plan. None when no statement would be added.
 */
export function widening(
  document: string,
  issuer: string,
  scope: PodIdentityScope,
  actions: readonly string[] = podIdentityActions,
): Result<readonly string[]> {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return policy;
  const edit = addPodIdentityStatement(document, actions, scope);
  if (!edit.ok) return edit;
  // Who may tag a session but not begin one is not let in by that.
  if (!edit.value.changed || !actions.includes('sts:AssumeRole')) return ok([]);
  return ok([...whoElse(policy.value, issuerPath(issuer), scope), ...lostConditions(policy.value, issuerPath(issuer))]);
}

function whoElse(policy: TrustPolicy, issuer: string, scope: PodIdentityScope): readonly string[] {
  if (scope.kind === 'subject') return [];
  const trusted = trustedIssuers(policy).filter(each => each.issuer === issuer);
  const patterns = [...new Set(trusted.flatMap(({ subjects }) => subjects.map(({ pattern }) => pattern)))];
  const anySubject = trusted.some(({ subjects }) => subjects.length === 0);
  if (scope.kind === 'cluster' && anySubject) return [];
  const before = anySubject
    ? 'any service account of this cluster'
    : patterns.length > 0
      ? listed(patterns.map(short))
      : 'nobody of this cluster';
  return [
    `By web identity the role let in ${before}; the new statement lets in ${newcomers[scope.kind]} that somebody ` +
      'associates with the role (which takes eks:CreatePodIdentityAssociation and iam:PassRole).',
  ];
}

const newcomers: Readonly<Record<'none' | 'account' | 'cluster', string>> = {
  none: 'every service account of any cluster',
  account: 'every service account of any cluster in the account',
  cluster: 'every service account of the cluster',
};

const short = (pattern: string): string => pattern.replace(/^system:serviceaccount:([^:]*):/, '$1/');

const mostNamed = 5;

const listed = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
    : names.join(', ');

/** Conditions beyond the subject and the audience, which the new statement does not ask for. */
function lostConditions(policy: TrustPolicy, issuer: string): readonly string[] {
  const usual = new Set([`${issuer}:sub`, `${issuer}:aud`].map(key => key.toLowerCase()));
  const indexes = new Set(
    trustedIssuers(policy)
      .filter(each => each.issuer === issuer)
      .map(({ statement }) => statement),
  );
  const extra = (statement: TrustStatement) => statement.conditions.filter(({ key }) => !usual.has(key.toLowerCase()));
  return policy.statements.flatMap(statement => {
    if (!indexes.has(statement.index)) return [];
    const keys = extra(statement).map(({ key, operator }) => `${key} (${operator})`);
    if (keys.length === 0) return [];
    return [`Statement ${statement.index + 1} also asks for ${listed(keys)}; the new statement does not.`];
  });
}
