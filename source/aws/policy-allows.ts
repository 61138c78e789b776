import { parseJsonText } from '../identity/json-text.ts';
import { ok, type Result, refused } from '../identity/result.ts';
import { matchesPattern } from '../identity/trust-policy/patterns.ts';

/**
 * Whether a statement of a permission policy allows an action on some resource. Conditions and Deny are not weighed: the
 * question is what may happen, and the answer errs towards yes. Actions are compared whatever their case (IAM User Guide,
 * "IAM JSON policy elements: Action").
 */
export function policyAllows(document: string, action: string): Result<boolean> {
  const parsed = parseJsonText(document);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind !== 'object') return refused('it is not an object');
  const { Statement: statements } = JSON.parse(document) as { readonly Statement?: unknown };
  if (typeof statements !== 'object' || statements === null) return refused('it has no Statement');
  return ok([statements].flat().some(statement => allows(statement as Statement, action)));
}

type Statement = { readonly Effect?: unknown; readonly Action?: unknown; readonly NotAction?: unknown } | null;

function allows(statement: Statement, action: string): boolean {
  if (statement?.Effect !== 'Allow') return false;
  const named = (patterns: unknown) =>
    texts(patterns).some(each => matchesPattern(each.toLowerCase(), action.toLowerCase()));
  if (statement.NotAction !== undefined) return !named(statement.NotAction);
  return named(statement.Action);
}

const texts = (value: unknown): readonly string[] =>
  [value].flat().filter((each): each is string => typeof each === 'string');
