/**
 * Condition blocks of IAM policies (IAM user guide, "IAM JSON policy elements: Condition operators", "Policy evaluation
 * for multiple context keys or values").
 */
import { asStrings, isObject } from './values.ts';

/** The request's context. Keys in lower case; a key without a value here is absent from the request. */
export type ConditionContext = {
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Keys that are in the request with values nobody knows beforehand, such as a future pod's name. */
  readonly unknown: ReadonlySet<string>;
};

/** Whether every operator and every key holds. What tests an unknown value counts as `assumed`. */
export function conditionHolds(condition: unknown, context: ConditionContext, assumed: boolean): boolean {
  if (condition === undefined) {
    return true;
  }
  if (!isObject(condition)) {
    return false;
  }
  return Object.entries(condition).every(
    ([operator, tests]) =>
      isObject(tests) &&
      Object.entries(tests).every(([key, wanted]) =>
        context.unknown.has(key.toLowerCase())
          ? assumed
          : testHolds(operator, context.values.get(key.toLowerCase()), asStrings(wanted), context),
      ),
  );
}

type Comparison = (actual: string, wanted: string) => boolean;

function testHolds(
  operator: string,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
  context: ConditionContext,
): boolean {
  const match = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/iu.exec(operator);
  const quantifier = match?.[1]?.toLowerCase();
  const name = match?.[2]?.toLowerCase() ?? '';
  if (name === 'null') {
    return wanted.some(each => each === String(actual === undefined));
  }
  const negative = name.includes('not');
  const compare = COMPARISONS.get(name.replace('not', ''));
  if (compare === undefined) {
    return false;
  }
  if (actual === undefined) {
    return match?.[3] !== undefined || quantifier === 'forallvalues' || (negative && quantifier === undefined);
  }
  const patterns = wanted.map(each => substitute(each, context));
  const holds = (value: string): boolean => patterns.some(each => compare(value, each)) !== negative;
  return quantifier === 'forallvalues' || (negative && quantifier === undefined)
    ? actual.every(holds)
    : actual.some(holds);
}

const same: Comparison = (actual, wanted) => actual === wanted;
const byNumber =
  (test: (difference: number) => boolean): Comparison =>
  (actual, wanted) =>
    test(Number(actual) - Number(wanted));
const byDate =
  (test: (difference: number) => boolean): Comparison =>
  (actual, wanted) =>
    test(Date.parse(actual) - Date.parse(wanted));

const ORDERS: readonly [name: string, test: (difference: number) => boolean][] = [
  ['equals', difference => difference === 0],
  ['lessthan', difference => difference < 0],
  ['lessthanequals', difference => difference <= 0],
  ['greaterthan', difference => difference > 0],
  ['greaterthanequals', difference => difference >= 0],
];

/** Positive forms by lower-case name; `Not` is taken care of by the caller. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['stringequals', same],
  ['stringequalsignorecase', (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase()],
  ['stringlike', wildcardMatches],
  ['arnequals', arnMatches],
  ['arnlike', arnMatches],
  ['bool', (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase()],
  ...ORDERS.map(([name, test]): [string, Comparison] => [`numeric${name}`, byNumber(test)]),
  ...ORDERS.map(([name, test]): [string, Comparison] => [`date${name}`, byDate(test)]),
]);

/** `*` is any text, `?` any one character. */
export function wildcardMatches(text: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(text);
}

/** The six parts of an ARN are matched one by one, so that a wildcard does not reach over a colon. */
function arnMatches(actual: string, wanted: string): boolean {
  const left = arnParts(actual);
  const right = arnParts(wanted);
  return left.length === right.length && left.every((part, index) => wildcardMatches(part, right[index] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Policy variables: `${aws:SourceAccount}` stands for that key's single value. */
function substitute(pattern: string, { values }: ConditionContext): string {
  return pattern.replaceAll(/\$\{([^}]+)\}/gu, (whole, key: string) => {
    const found = values.get(key.toLowerCase());
    return found?.length === 1 ? (found[0] ?? whole) : whole;
  });
}
