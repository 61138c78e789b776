import { type Subject, subjectText } from '../scope.ts';
import { evaluateCondition } from './conditions.ts';
import { statementNodes } from './cut.ts';
import type { TrustPolicy, TrustStatement } from './model.ts';
import { matchesPattern } from './patterns.ts';
import { allowsAction } from './pod-scope.ts';
import { tokenSubject } from './questions.ts';
import type { Cut, IssuerTrust, KeptTrust } from './retire-model.ts';
import { type SubjectCondition, subjectConditions } from './subject-conditions.ts';

export type Target = IssuerTrust & {
  /** Without `https://`. */
  readonly issuer: string;
  readonly provider: string;
};

export type Judgement = { readonly cut?: Cut; readonly kept: readonly KeptTrust[] };

const untouched: Judgement = { kept: [] };

/** What of a statement lets the subjects in by this issuer, and what of that can go. */
export function judgeStatement(policy: TrustPolicy, statement: TrustStatement, target: Target): Judgement {
  if (statement.effect !== 'Allow') return untouched;
  const node = statementNodes(policy)[statement.index];
  if (!node) return untouched;
  const named = namesProvider(statement, target.provider);
  if (named === 'no') return untouched;
  const conditions = subjectConditions(statement, node, target.issuer, policy.version);
  const admitted = target.subjects.filter(subject => mayAdmit(subject, policy, statement, target));
  if (admitted.length === 0) return untouched;

  const obstacle = obstacleOf(statement, named);
  if (obstacle) return keptIfTrusted(statement, [{ statement: statement.index, ...obstacle }]);
  const judgement = judgeConditions({ policy, statement, target, admitted }, conditions);
  return judgement.kept.length > 0 && !allowsWebIdentity(statement) ? { ...judgement, kept: [] } : judgement;
}

const allowsWebIdentity = (statement: TrustStatement) => allowsAction(statement, 'sts:AssumeRoleWithWebIdentity');

/** A statement that gives no session by web identity lets nobody in by itself; it is not reported as trust. */
const keptIfTrusted = (statement: TrustStatement, kept: readonly KeptTrust[]): Judgement =>
  allowsWebIdentity(statement) ? { kept } : untouched;

/** `exactly`: the provider's ARN is there; `broadly`: it is covered by something wider. */
function namesProvider({ principals }: TrustStatement, provider: string): 'exactly' | 'broadly' | 'no' {
  const exact = principals.federated.includes(provider);
  if (principals.negated) return exact ? 'no' : 'broadly';
  if (principals.any || principals.federated.some(each => /[*?]/.test(each) && matchesPattern(each, provider)))
    return 'broadly';
  return exact ? 'exactly' : 'no';
}

function obstacleOf(
  { principals, actions, unknownKeys }: TrustStatement,
  named: 'exactly' | 'broadly',
): Pick<KeptTrust, 'why' | 'reason'> | undefined {
  if (principals.negated)
    return { why: 'everybody', reason: 'it lets in everybody but a few (NotPrincipal), which cannot be narrowed' };
  if (named === 'broadly')
    return { why: 'everybody', reason: 'its principal is wider than this provider, so it would still let them in' };
  if (actions.negated)
    return { why: 'not-action', reason: 'it names what it does not allow (NotAction), so what it serves is not known' };
  if (unknownKeys.length > 0)
    return { why: 'unknown-key', reason: `it has the key "${unknownKeys.join('", "')}", whose meaning is not known` };
  return undefined;
}

/** False when a condition on the subject certainly keeps this service account out. */
function mayAdmit(subject: Subject, policy: TrustPolicy, { conditions }: TrustStatement, { issuer }: Target): boolean {
  const context = new Map([[`${issuer}:sub`.toLowerCase(), tokenSubject(subject)]]);
  return conditions.every(condition => evaluateCondition(condition, context, policy.version) !== 'no');
}

type Case = {
  readonly policy: TrustPolicy;
  readonly statement: TrustStatement;
  readonly target: Target;
  /** Those of the subjects that the statement may let in. */
  readonly admitted: readonly Subject[];
};

/**
 * Conditions are all to be met, so taking a value out of any one of them that names the subject takes out exactly that
 * subject, whatever the others say. The one in which most can go is chosen.
 */
function judgeConditions(each: Case, conditions: readonly SubjectCondition[]): Judgement {
  const exact = conditions.filter(({ kind }) => kind === 'exact');
  if (exact.length === 0) return judgeOpen(each, conditions);
  const looks = exact.map(condition => lookAt(each, condition));
  const best = looks.find(({ stays }) => stays.length === 0) ?? looks.find(({ gone }) => gone.size > 0) ?? looks[0];
  if (!best) return untouched;
  if (best.gone.size === 0) return { kept: best.stays };
  return { cut: cutOf(each, best), kept: best.stays };
}

type Look = {
  readonly condition: SubjectCondition;
  readonly gone: ReadonlySet<number>;
  readonly stays: readonly KeptTrust[];
};

function lookAt(each: Case, condition: SubjectCondition): Look {
  const tokens = each.admitted.map(tokenSubject);
  const stays: KeptTrust[] = [];
  const gone = new Set<number>();
  const staying: string[] = [];
  condition.values.forEach(({ text, form }, index) => {
    if (form === 'variable') stays.push(kept(each, 'condition', `its subject "${text}" has a policy variable`, text));
    if (form !== 'wildcard' || !tokens.some(token => matchesPattern(text, token))) return;
    const obstacle = wildcardObstacle(each, text);
    if (!obstacle) gone.add(index);
    else {
      stays.push(obstacle);
      staying.push(text);
    }
  });
  condition.values.forEach(({ text, form }, index) => {
    // A name that a remaining wildcard covers would be let in all the same: taking it out would only look like a change.
    if (form === 'name' && tokens.includes(text) && !staying.some(pattern => matchesPattern(pattern, text)))
      gone.add(index);
  });
  return { condition, gone, stays };
}

function wildcardObstacle(each: Case, pattern: string): KeptTrust | undefined {
  const covered = `its subject "${pattern}" covers`;
  return openObstacle(each, 'wildcard', covered, token => matchesPattern(pattern, token), pattern);
}

/** A statement that does not name its subjects at all. */
function judgeOpen(each: Case, conditions: readonly SubjectCondition[]): Judgement {
  const inexact = conditions.find(({ kind }) => kind === 'inexact');
  if (inexact)
    return {
      kept: [kept(each, 'condition', `its condition ${inexact.operator} on ${inexact.key} cannot be narrowed exactly`)],
    };
  const obstacle = openObstacle(each, 'any-subject', 'it asks for no subject, so it covers', () => true);
  if (obstacle) return { kept: [obstacle] };
  return { cut: cutOf(each, undefined), kept: [] };
}

/** Why something that covers service accounts without naming them has to stay; undefined when it may go. */
function openObstacle(
  each: Case,
  why: 'wildcard' | 'any-subject',
  covered: string,
  covers: (token: string) => boolean,
  pattern?: string,
): KeptTrust | undefined {
  const { serviceAccounts, subjects, retireWildcards } = each.target;
  if (!serviceAccounts) return kept(each, why, `${covered} service accounts that could not be read`, pattern);
  const ours = new Set(subjects.map(subjectText));
  const others = serviceAccounts.filter(
    account =>
      !ours.has(subjectText(account)) &&
      covers(tokenSubject(account)) &&
      mayAdmit(account, each.policy, each.statement, each.target),
  );
  if (others.length > 0) return { ...kept(each, why, `${covered} ${listed(others)} too`, pattern), others };
  if (!retireWildcards)
    return { ...kept(each, why, `${covered} service accounts that may be created later`, pattern), others };
  return undefined;
}

const mostNamed = 3;

function listed(subjects: readonly Subject[]): string {
  const names = subjects.slice(0, mostNamed).map(subjectText).join(', ');
  return subjects.length > mostNamed ? `${names} and ${subjects.length - mostNamed} more` : names;
}

const kept = ({ statement }: Case, why: KeptTrust['why'], reason: string, pattern?: string): KeptTrust => ({
  statement: statement.index,
  why,
  reason,
  ...(pattern !== undefined && { pattern }),
});

function cutOf({ statement, target }: Case, look: Look | undefined): Cut {
  const values = look?.condition.values ?? [];
  const subjects = values.filter((_, index) => look?.gone.has(index)).map(({ text }) => text);
  const whom = subjects.length > 0 ? subjects.join(', ') : 'any subject';
  const place = `statement ${statement.index + 1}`;
  if (look && look.gone.size < values.length) {
    const removed = { statement: statement.index, how: 'subjects', subjects, says: `${whom} out of ${place}` } as const;
    return { removed, values: { node: look.condition.node, gone: look.gone } };
  }
  if (isOnlyPrincipal(statement, target.provider))
    return { removed: { statement: statement.index, how: 'statement', subjects, says: `${place} (${whom})` } };
  const says = `the provider out of ${place} (${whom})`;
  return { removed: { statement: statement.index, how: 'provider', subjects, says } };
}

const isOnlyPrincipal = ({ principals }: TrustStatement, provider: string): boolean =>
  [principals.aws, principals.service, principals.canonicalUser].every(list => list.length === 0) &&
  principals.federated.every(each => each === provider);
