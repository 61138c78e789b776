/**
 * Whether IAM would take a policy document at all, by its grammar (IAM User Guide, "Grammar of the IAM JSON policy
 * language"), so that it is not refused half way through a run. What it allows is not judged.
 */
import { parseJsonText } from '../../identity/json-text.ts';
import { policySize } from '../../identity/trust-policy/size.ts';

/** IAM quotas: all inline policies of a role together, white space not counted. */
export const inlineQuota = 10_240;
/** EKS User Guide, "Pod Identity": a session policy, white space counted. */
const sessionQuota = 2_048;

/** What is wrong with an inline policy, as goes on after its field's path. */
export function inlinePolicyProblem(document: unknown): string | undefined {
  const problem = documentProblem(document);
  if (problem) return problem;
  const size = policySize(JSON.stringify(document));
  return size > inlineQuota ? `is too long: IAM takes ${inlineQuota} characters, it has ${size}` : undefined;
}

/** The same for the text of a session policy. */
export function sessionPolicyProblem(text: string): string | undefined {
  const json = parseJsonText(text);
  if (!json.ok) return `must be a policy document in JSON: ${json.reason}`;
  const problem = documentProblem(JSON.parse(text));
  if (problem) return problem;
  return text.length > sessionQuota
    ? `is too long: EKS takes ${sessionQuota} characters, it has ${text.length}`
    : undefined;
}

function documentProblem(document: unknown): string | undefined {
  if (!isObject(document)) return 'must be a policy document: an object with a Statement';
  const statement = elementOf(document, 'Statement');
  if (statement === undefined) return 'must be a policy document: it has no Statement';
  const version = elementOf(document, 'Version');
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17')
    return 'must have the Version 2012-10-17 (or 2008-10-17), in quotes';
  const statements = Array.isArray(statement) ? statement : [statement];
  if (statements.length === 0) return 'must have at least one statement';
  const problems = statements.map(one => statementProblem(one));
  const at = problems.findIndex(problem => problem !== undefined);
  return at < 0 ? undefined : `has a statement (number ${at + 1}) that ${problems[at]}`;
}

function statementProblem(statement: unknown): string | undefined {
  if (!isObject(statement)) return 'is not an object';
  const effect = elementOf(statement, 'Effect');
  if (effect !== 'Allow' && effect !== 'Deny') return 'has neither Effect Allow nor Deny';
  if (oneOf(statement, 'Principal', 'NotPrincipal')) return 'names a principal, which only trust policies can have';
  if (!oneOf(statement, 'Action', 'NotAction')) return 'needs an Action or a NotAction';
  if (!oneOf(statement, 'Resource', 'NotResource')) return 'needs a Resource or a NotResource';
  return undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** In any case of letters: whether IAM minds is left to IAM. */
const elementOf = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(object).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

/** A list of actions or resources is empty in no policy that IAM takes. */
const oneOf = (object: Readonly<Record<string, unknown>>, ...names: readonly string[]): boolean =>
  names.some(name => {
    const value = elementOf(object, name);
    return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  });
