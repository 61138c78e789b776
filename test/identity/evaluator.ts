/**
 * A small IAM evaluator for tests: what a trust policy answers to a request of which everything is known. It is written
 * from the IAM User Guide ("Policy evaluation logic", "IAM JSON policy elements: Condition operators", "Creating a
 * condition with multiple keys or values", "IAM policy elements: Variables and tags") on plain JSON values with regular
 * expressions, and shares nothing with source/identity, so that a mistake in one is not repeated in the other.
 */

export type Request = {
  readonly principal: { readonly type: 'Federated' | 'Service' | 'AWS'; readonly id: string };
  readonly action: string;
  /** Condition keys of the request, in any letter case; what is not there is absent. */
  readonly keys: Readonly<Record<string, string>>;
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Statement = Readonly<Record<string, Json>>;

/** Allowed: some Allow statement matches and no Deny does. */
export const allows = (document: string, request: Request): boolean =>
  some(document, 'Allow', request) && !denies(document, request);

export const denies = (document: string, request: Request): boolean => some(document, 'Deny', request);

function some(document: string, effect: string, request: Request): boolean {
  const policy = JSON.parse(document) as Statement;
  const version = policy.Version === '2012-10-17';
  return many(policy.Statement).some(each => {
    const statement = each as Statement;
    return statement.Effect === effect && matches(statement, request, version);
  });
}

const matches = (statement: Statement, request: Request, variables: boolean): boolean =>
  principalMatches(statement, request) &&
  actionMatches(statement, request) &&
  conditionsMet(statement, request, variables);

const many = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];

function principalMatches(statement: Statement, { principal }: Request): boolean {
  const covers = (value: Json): boolean => {
    if (value === '*') return true;
    const kinds = value as Statement;
    return many(kinds.AWS).includes('*') || many(kinds[principal.type]).some(id => id === '*' || id === principal.id);
  };
  if (statement.NotPrincipal !== undefined) return !covers(statement.NotPrincipal);
  return statement.Principal !== undefined && covers(statement.Principal);
}

function actionMatches(statement: Statement, { action }: Request): boolean {
  const covers = (value: Json) => many(value).some(pattern => like(String(pattern), 'i').test(action));
  if (statement.NotAction !== undefined) return !covers(statement.NotAction);
  return statement.Action !== undefined && covers(statement.Action);
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const like = (pattern: string, flags = ''): RegExp =>
  new RegExp(
    `^${pattern
      .split('')
      .map(sign => (sign === '*' ? '.*' : sign === '?' ? '.' : escaped(sign)))
      .join('')}$`,
    `s${flags}`,
  );

function conditionsMet(statement: Statement, request: Request, variables: boolean): boolean {
  const block = (statement.Condition ?? {}) as Readonly<Record<string, Statement>>;
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      conditionMet(operator, key, many(values).map(String), request, variables),
    ),
  );
}

const keyOf = ({ keys }: Request, wanted: string): string | undefined =>
  Object.entries(keys).find(([key]) => key.toLowerCase() === wanted.toLowerCase())?.[1];

function conditionMet(
  operator: string,
  key: string,
  values: readonly string[],
  request: Request,
  variables: boolean,
): boolean {
  const given = keyOf(request, key);
  const lower = operator.toLowerCase();
  if (lower === 'null') return values.some(value => (value.toLowerCase() === 'true') === (given === undefined));
  const optional = lower.endsWith('ifexists');
  const [, set, base] = /^(forallvalues:|foranyvalue:)?(.*?)(?:ifexists)?$/.exec(lower) ?? [];
  const negated = base?.includes('not') ?? false;
  if (given === undefined) {
    if (optional || set === 'forallvalues:') return true;
    return negated && set !== 'foranyvalue:';
  }
  const comparison = comparisons[(base ?? '').replace('not', '')];
  // An operator that is not modelled is never met: tests only ask whether answers change.
  if (!comparison) return false;
  const hit = values.some(value => {
    const parts = variables ? substituted(value, request) : [{ text: value, literal: false }];
    return parts !== undefined && comparison(parts, given);
  });
  return hit !== negated;
}

type Part = { readonly text: string; readonly literal: boolean };

/** The value with its policy variables filled in; undefined when one has no value in the request. */
function substituted(value: string, request: Request): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (const piece of value.split(/(\$\{[^}]*\})/)) {
    const name = /^\$\{([^}]*)\}$/.exec(piece)?.[1];
    if (name === undefined) parts.push({ text: piece, literal: false });
    else {
      const text = ['*', '?', '$'].includes(name) ? name : keyOf(request, name);
      if (text === undefined) return undefined;
      parts.push({ text, literal: true });
    }
  }
  return parts;
}

const plain = (parts: readonly Part[]) => parts.map(({ text }) => text).join('');

const asPattern = (parts: readonly Part[]): RegExp =>
  new RegExp(
    `^${parts.map(({ text, literal }) => (literal ? escaped(text) : like(text).source.slice(1, -1))).join('')}$`,
    's',
  );

type Comparison = (wanted: readonly Part[], given: string) => boolean;

const arn: Comparison = (wanted, given) => {
  const [patterns, parts] = [plain(wanted).split(':'), given.split(':')];
  if (patterns.length < 6 || parts.length < 6) return false;
  return (
    [0, 1, 2, 3, 4].every(at => like(patterns[at] ?? '').test(parts[at] ?? '')) &&
    like(patterns.slice(5).join(':')).test(parts.slice(5).join(':'))
  );
};

const comparisons: Readonly<Record<string, Comparison | undefined>> = {
  stringequals: (wanted, given) => plain(wanted) === given,
  stringequalsignorecase: (wanted, given) => plain(wanted).toLowerCase() === given.toLowerCase(),
  stringlike: (wanted, given) => asPattern(wanted).test(given),
  arnequals: arn,
  arnlike: arn,
  bool: (wanted, given) => plain(wanted).toLowerCase() === given.toLowerCase(),
  numericequals: (wanted, given) => Number(plain(wanted)) === Number(given),
};
