import { entry, type JsonNode, type JsonObject, parseJsonText } from '../json-text.ts';
import { ok, type Result, refused } from '../result.ts';
import type { Actions, Condition, Principals, TrustPolicy, TrustStatement } from './model.ts';

/**
 * Reads a trust policy in the whole IAM grammar (IAM User Guide, "Grammar of the IAM JSON policy language"): a single
 * statement or a list, single values or lists everywhere, `"*"` principals, Not forms, old versions, numbers and
 * booleans as condition values. What breaks the grammar is refused in one sentence, never guessed at.
 */
export function parseTrustPolicy(text: string): Result<TrustPolicy> {
  const json = parseJsonText(text);
  if (!json.ok) return json;
  const root = json.value;
  if (root.kind !== 'object') return refused('it is not a JSON object');
  const statementNode = entry(root, 'Statement');
  if (!statementNode) return refused('it has no Statement');
  try {
    const nodes = statementNode.kind === 'array' ? statementNode.items : [statementNode];
    const statements = nodes.map((node, index) => statementOf(node, index, text));
    const version = scalarOf(root, 'Version');
    const id = scalarOf(root, 'Id');
    return ok({
      text,
      ...(version !== undefined && { version }),
      ...(id !== undefined && { id }),
      statements,
      statementNode,
    });
  } catch (error) {
    if (error instanceof Malformed) return refused(error.message);
    throw error;
  }
}

class Malformed extends Error {}

const grammarKeys = new Set(['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition']);

function statementOf(node: JsonNode, index: number, text: string): TrustStatement {
  const where = `statement ${index + 1}`;
  if (node.kind !== 'object') throw new Malformed(`${where} is not an object`);
  const sid = scalarOf(node, 'Sid');
  return {
    index,
    text: text.slice(node.start, node.end),
    ...(sid !== undefined && { sid }),
    effect: effectOf(node, where),
    principals: principalsOf(node, where),
    actions: actionsOf(node, where),
    conditions: conditionsOf(node, where),
    unknownKeys: node.entries.map(({ key }) => key).filter(key => !grammarKeys.has(key)),
  };
}

function effectOf(node: JsonObject, where: string): 'Allow' | 'Deny' {
  const effect = scalarOf(node, 'Effect');
  if (effect === 'Allow' || effect === 'Deny') return effect;
  throw new Malformed(`${where} has neither Effect Allow nor Deny`);
}

function principalsOf(node: JsonObject, where: string): Principals {
  const [plain, not] = [entry(node, 'Principal'), entry(node, 'NotPrincipal')];
  const value = plain ?? not;
  if (!value || (plain && not)) throw new Malformed(`${where} needs a Principal or a NotPrincipal`);
  const negated = value === not;
  if (value.kind === 'string' && value.value === '*') return { ...nobody, negated, any: true };
  if (value.kind !== 'object') throw new Malformed(`the Principal of ${where} is neither "*" nor an object`);
  const named = { ...nobody, negated };
  for (const { key, value: list } of value.entries) {
    const kind = principalKinds[key];
    if (!kind) throw new Malformed(`${where} names a principal of the unknown kind "${key}"`);
    named[kind] = stringsOf(list, `the ${key} principal of ${where}`);
  }
  return named.aws.includes('*') ? { ...named, any: true } : named;
}

type PrincipalKind = 'service' | 'aws' | 'federated' | 'canonicalUser';

const nobody: Principals = { negated: false, any: false, service: [], aws: [], federated: [], canonicalUser: [] };

const principalKinds: Readonly<Record<string, PrincipalKind>> = {
  AWS: 'aws',
  Service: 'service',
  Federated: 'federated',
  CanonicalUser: 'canonicalUser',
};

function actionsOf(node: JsonObject, where: string): Actions {
  const [plain, not] = [entry(node, 'Action'), entry(node, 'NotAction')];
  const value = plain ?? not;
  if (!value || (plain && not)) throw new Malformed(`${where} needs an Action or a NotAction`);
  return { negated: value === not, patterns: stringsOf(value, `the Action of ${where}`) };
}

function conditionsOf(node: JsonObject, where: string): readonly Condition[] {
  const block = entry(node, 'Condition');
  if (!block) return [];
  if (block.kind !== 'object') throw new Malformed(`the Condition of ${where} is not an object`);
  return block.entries.flatMap(({ key: operator, value: keys }) => {
    if (keys.kind !== 'object') throw new Malformed(`the condition ${operator} of ${where} is not an object`);
    return keys.entries.map(({ key, value }) => ({
      operator,
      key,
      values: scalarsOf(value, `the condition on ${key} of ${where}`),
    }));
  });
}

function scalarOf(node: JsonObject, key: string): string | undefined {
  const value = entry(node, key);
  return value?.kind === 'string' ? value.value : undefined;
}

function stringsOf(node: JsonNode, what: string): readonly string[] {
  const items = node.kind === 'array' ? node.items : [node];
  return items.map(item => {
    if (item.kind !== 'string') throw new Malformed(`${what} is not text`);
    return item.value;
  });
}

/** Condition values: `true` and `5` are legal beside `"true"` and `"5"`. */
function scalarsOf(node: JsonNode, what: string): readonly string[] {
  const items = node.kind === 'array' ? node.items : [node];
  return items.map(item => {
    if (item.kind === 'object' || item.kind === 'array') throw new Malformed(`${what} is not a value`);
    return item.value;
  });
}
