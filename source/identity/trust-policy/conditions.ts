import type { Condition } from './model.ts';
import { matchesArn, matchesPattern } from './patterns.ts';

/**
 * What is known of a request when conditions are evaluated, by condition key in lower case. `null`: the key is
 * certainly absent from the request. A key that is not listed is not known either way.
 */
export type RequestContext = ReadonlyMap<string, string | null>;

/** `unchecked`: it depends on something that is not known here; it never counts as met. */
export type Verdict = 'yes' | 'no' | 'unchecked';

/** IAM reads `${...}` in values as policy variables from this version on only. */
export const versionWithVariables = '2012-10-17';

/**
 * Evaluates one condition in the way of the IAM User Guide ("IAM JSON policy elements: Condition operators"): an
 * absent key fails, except for negated operators, `...IfExists` and `ForAllValues:`.
 */
export function evaluateCondition(condition: Condition, context: RequestContext, version: string | undefined): Verdict {
  const operator = operatorOf(condition.operator);
  const given = context.get(condition.key.toLowerCase());
  if (given === undefined || !operator) return 'unchecked';
  if (operator.name === 'null') return nullVerdict(condition, given);
  const test = tests[operator.name];
  if (!test) return 'unchecked';
  if (given === null) return answer(absentPasses(operator, test));
  if (version === versionWithVariables && condition.values.some(value => value.includes('${'))) return 'unchecked';
  const matched = condition.values.some(value => test.matches(value, given));
  return answer(matched !== test.negated);
}

const answer = (yes: boolean): Verdict => (yes ? 'yes' : 'no');

type Operator = { readonly name: string; readonly set?: 'forallvalues' | 'foranyvalue'; readonly ifExists: boolean };

function operatorOf(text: string): Operator | undefined {
  const match = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/.exec(text.toLowerCase());
  if (!match?.[2]) return undefined;
  const set = match[1] as Operator['set'];
  return { name: match[2], ...(set && { set }), ifExists: match[3] !== undefined };
}

function absentPasses(operator: Operator, test: Test): boolean {
  if (operator.ifExists || operator.set === 'forallvalues') return true;
  return operator.set === undefined && test.negated;
}

function nullVerdict(condition: Condition, given: string | null): Verdict {
  const wanted = condition.values.map(value => value.toLowerCase());
  return answer(wanted.includes(given === null ? 'true' : 'false'));
}

type Test = { readonly negated: boolean; readonly matches: (wanted: string, given: string) => boolean };

const equal = (wanted: string, given: string) => wanted === given;
const equalIgnoringCase = (wanted: string, given: string) => wanted.toLowerCase() === given.toLowerCase();

const yes = (matches: Test['matches']): Test => ({ negated: false, matches });
const not = (matches: Test['matches']): Test => ({ negated: true, matches });

/** StringEquals takes `*` as a star: only the Like and Arn operators know wildcards. */
const tests: Readonly<Record<string, Test>> = {
  stringequals: yes(equal),
  stringnotequals: not(equal),
  stringequalsignorecase: yes(equalIgnoringCase),
  stringnotequalsignorecase: not(equalIgnoringCase),
  stringlike: yes(matchesPattern),
  stringnotlike: not(matchesPattern),
  arnequals: yes(matchesArn),
  arnlike: yes(matchesArn),
  arnnotequals: not(matchesArn),
  arnnotlike: not(matchesArn),
};
