import { evaluateCondition, type RequestContext, type Verdict } from './conditions.ts';
import type { Condition, Principals, TrustPolicy, TrustStatement } from './model.ts';
import { matchesPattern } from './patterns.ts';

/** One request to assume the role, as far as it is known. */
export type TrustRequest = {
  readonly principal: { readonly kind: 'service' | 'federated' | 'aws'; readonly id: string };
  /** e.g. `sts:AssumeRole`. */
  readonly action: string;
  readonly context: RequestContext;
};

/** What the trust policy says to a request, why, and by which statements (positions from 0). */
export type TrustAnswer = {
  readonly verdict: Verdict;
  readonly why:
    | 'allowed' //
    | 'no-statement' // no Allow statement is about this principal and action
    | 'conditions' // there is one, but its conditions are not met
    | 'denied' // a Deny statement applies
    | 'unchecked'; // it depends on something that is not known
  /** One clause for people, e.g. `statement 2 allows it`. */
  readonly evidence: string;
  readonly statements: readonly number[];
};

/** Whether the policy lets the request in: an explicit Deny wins, else one Allow is enough, else the answer is no. */
export function decide(policy: TrustPolicy, request: TrustRequest): TrustAnswer {
  const judged = policy.statements.map(statement => judge(statement, request, policy.version));
  const allows = judged.filter(({ statement }) => statement.effect === 'Allow');
  const denies = judged.filter(({ statement }) => statement.effect === 'Deny');

  const denied = denies.filter(({ verdict }) => verdict === 'yes');
  if (denied.length > 0) return answerOf('no', 'denied', 'denies it', denied);
  const allowed = allows.filter(({ verdict }) => verdict === 'yes');
  const open = [...denies, ...(allowed.length > 0 ? [] : allows)].filter(({ verdict }) => verdict === 'unchecked');
  if (open.length > 0 && (allowed.length > 0 || open.some(({ statement }) => statement.effect === 'Allow')))
    return answerOf('unchecked', 'unchecked', `depends on ${reasonsOf(open)}, which is not checked`, open);
  if (allowed.length > 0) return answerOf('yes', 'allowed', 'allows it', allowed);
  const near = allows.filter(({ concerns }) => concerns);
  if (near.length > 0) return answerOf('no', 'conditions', `asks for ${reasonsOf(near)}, which is not met`, near);
  return { verdict: 'no', why: 'no-statement', evidence: 'no statement allows it', statements: [] };
}

type Judged = {
  readonly statement: TrustStatement;
  readonly verdict: Verdict;
  /** The statement is about this principal and action, whatever its conditions say. */
  readonly concerns: boolean;
  /** What decided against it or left it open. */
  readonly reasons: readonly string[];
};

function judge(statement: TrustStatement, request: TrustRequest, version: string | undefined): Judged {
  const who = principalVerdict(statement, request);
  const concerns = who !== 'no' && actionMatches(statement, request.action);
  if (!concerns) return { statement, verdict: 'no', concerns, reasons: [] };
  const conditions = statement.conditions.map(condition => ({
    reason: conditionText(condition),
    verdict: evaluateCondition(condition, request.context, version),
  }));
  const failed = conditions.filter(({ verdict }) => verdict === 'no');
  if (failed.length > 0) return { statement, verdict: 'no', concerns, reasons: failed.map(({ reason }) => reason) };
  const open = [
    ...(who === 'unchecked' ? ['whom its principal covers'] : []),
    ...statement.unknownKeys.map(key => `the key "${key}"`),
    ...conditions.filter(({ verdict }) => verdict === 'unchecked').map(({ reason }) => reason),
  ];
  return { statement, verdict: open.length > 0 ? 'unchecked' : 'yes', concerns, reasons: open };
}

/**
 * A Deny for everybody is a Deny for this principal too; but whether a service accepts an Allow for everybody as being
 * meant for it is the service's own business, so that is not checked.
 */
function principalVerdict({ effect, principals }: TrustStatement, { principal }: TrustRequest): Verdict {
  const named = names(principals, principal);
  if (principals.negated) return named ? 'no' : 'unchecked';
  if (named) return 'yes';
  if (principals.any) return effect === 'Deny' || principal.kind === 'aws' ? 'yes' : 'unchecked';
  return 'no';
}

const names = (principals: Principals, { kind, id }: TrustRequest['principal']): boolean =>
  principals[kind].includes(id);

function actionMatches({ actions }: TrustStatement, action: string): boolean {
  const wanted = action.toLowerCase();
  return actions.patterns.some(pattern => matchesPattern(pattern.toLowerCase(), wanted)) !== actions.negated;
}

const conditionText = ({ operator, key, values }: Condition): string => `${key} ${operator} ${values.join(' or ')}`;

function answerOf(verdict: Verdict, why: TrustAnswer['why'], says: string, judged: readonly Judged[]): TrustAnswer {
  const statements = judged.map(({ statement }) => statement.index);
  const label = `statement${statements.length === 1 ? '' : 's'} ${statements.map(index => index + 1).join(', ')}`;
  return { verdict, why, evidence: `${label} ${says}`, statements };
}

const reasonsOf = (judged: readonly Judged[]): string =>
  [...new Set(judged.flatMap(({ reasons }) => reasons))].join(' and ');
