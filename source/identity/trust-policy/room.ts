import { canonical } from './compare.ts';
import type { TrustPolicy, TrustStatement } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import { allowsAction, isForPods } from './pod-scope.ts';
import { policySize } from './size.ts';

/**
 * What could go from a policy that has no room, without a change of what it allows, as sentences; the most room first.
 * Whether an issuer still belongs to a living cluster cannot be told from the document.
 */
export function makesRoom(document: string): readonly string[] {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return [`What would make room is not checked: ${policy.reason}.`];
  const repeated = repeats(policy.value);
  const left = policy.value.statements.filter(({ index }) => !repeated.some(({ statement }) => statement === index));
  return [...repeated, ...covered(left), ...mergeable(left), ...sids(left)]
    .toSorted((a, b) => b.saves - a.saves)
    .map(({ says, saves }) => `${says}: ${saves} characters.`);
}

type Saving = { readonly says: string; readonly saves: number; readonly statement?: number };

const whole = ({ text }: TrustStatement): number => policySize(text) + 1; // and its comma

/** Statements that say the same as an earlier one: a value for a list of one, order of lists and Sids apart. */
function repeats({ statements }: TrustPolicy): readonly Saving[] {
  const meanings = statements.map(meaning);
  return statements.flatMap(statement => {
    const { index } = statement;
    const first = meanings.indexOf(meanings[index] ?? '');
    if (first === index) return [];
    const says = `Statement ${index + 1} says the same as statement ${first + 1} and may go`;
    return [{ says, saves: whole(statement), statement: index }];
  });
}

/** Statements for Pod Identity alone beside one that has no conditions and allows the same actions. */
function covered(statements: readonly TrustStatement[]): readonly Saving[] {
  const outright = statements.find(each => isForPods(each) && each.conditions.length === 0 && !each.actions.negated);
  if (!outright) return [];
  return statements.flatMap(statement => {
    const { principals, actions, index } = statement;
    const alone =
      isForPods(statement) && [principals.service, principals.aws, principals.federated].flat().length === 1;
    const within = actions.patterns.every(action => !/[*?]/.test(action) && allowsAction(outright, action));
    if (statement === outright || !alone || actions.negated || principals.any || !within) return [];
    const says = `Statement ${index + 1} allows nothing that statement ${outright.index + 1} does not and may go`;
    return [{ says, saves: whole(statement) }];
  });
}

/** Statements that differ in the subject alone can be one with a list of subjects. */
function mergeable(statements: readonly TrustStatement[]): readonly Saving[] {
  const groups = Map.groupBy(statements.filter(hasOneSubject), statement => meaning(withoutSubject(statement)));
  return [...groups.values()].flatMap(group => {
    const [first, ...others] = group;
    if (!first || others.length === 0) return [];
    const cost = others.flatMap(subjectsIn).reduce((sum, subject) => sum + JSON.stringify(subject).length + 1, 0);
    const saves = others.reduce((sum, each) => sum + whole(each), 0) - cost - (isList(first) ? 0 : '[]'.length);
    if (saves <= 0) return [];
    return [{ says: `${capital(numbered(group))} differ in their subject alone and could be one with a list`, saves }];
  });
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const isSubject = (key: string): boolean => /:sub$/i.test(key);
const subjectsIn = ({ conditions }: TrustStatement): readonly string[] =>
  conditions.filter(({ key }) => isSubject(key)).flatMap(({ values }) => values);

/** Lists of values are alternatives under `StringEquals` and `StringLike` only, and only with one such condition. */
const hasOneSubject = ({ effect, conditions }: TrustStatement): boolean => {
  const asked = conditions.filter(({ key }) => isSubject(key));
  return effect === 'Allow' && asked.length === 1 && /^string(equals|like)$/i.test(asked[0]?.operator ?? '');
};

const isList = (statement: TrustStatement): boolean => subjectsIn(statement).length > 1;

const withoutSubject = (statement: TrustStatement): TrustStatement => {
  const conditions = statement.conditions.map(each => (isSubject(each.key) ? { ...each, values: [] } : each));
  return { ...statement, conditions };
};

/** What a statement says, as text to compare. One with keys nobody knows is like no other. */
function meaning({ index, effect, principals, actions, conditions, unknownKeys }: TrustStatement): string {
  const sorted = (list: readonly string[]) => [...new Set(list)].toSorted();
  const { negated, any, ...kinds } = principals;
  return canonical({
    effect,
    principals: [negated, any, Object.entries(kinds).map(([kind, ids]) => [kind, sorted(ids)])],
    actions: [actions.negated, sorted(actions.patterns.map(action => action.toLowerCase()))],
    conditions: conditions
      .map(({ operator, key, values }) => canonical([operator.toLowerCase(), key.toLowerCase(), sorted(values)]))
      .toSorted(),
    ...(unknownKeys.length > 0 && { index }),
  });
}

function sids(statements: readonly TrustStatement[]): readonly Saving[] {
  const named = statements.filter(({ sid }) => sid !== undefined);
  // Its braces do not go, a comma does.
  const saves = named.reduce((sum, { sid }) => sum + JSON.stringify({ Sid: sid }).length - 1, 0);
  if (saves < worthwhile) return [];
  return [{ says: `Sids are for people only and may go (${numbered(named)})`, saves }];
}

/** `statement 1`, `statements 1, 3 and 4`. */
function numbered(statements: readonly TrustStatement[]): string {
  const numbers = statements.map(({ index }) => index + 1);
  if (numbers.length === 1) return `statement ${numbers[0]}`;
  return `statements ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

/** Less is not worth a sentence. */
const worthwhile = 20;
