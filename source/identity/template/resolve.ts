import { entry, type JsonEntry, type JsonNode, type JsonScalar } from '../json-text.ts';
import { ok, type Result, refused } from '../result.ts';

/** What a stack's template is resolved with. */
export type StackFacts = {
  readonly stackName: string;
  /** ARN: it holds the partition, the region and the account. */
  readonly stackId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
};

/**
 * A part of a template with the intrinsic functions replaced by what they come to: `Ref`, `Fn::Sub`, `Fn::GetAtt`,
 * `Fn::Join` and `Fn::FindInMap` (CloudFormation User Guide, "Intrinsic function reference"), of pseudo parameters, of
 * parameters, and of resources where an output of the stack says the same. Refused with what cannot be resolved.
 */
export function resolveIntrinsics(root: JsonNode, part: JsonNode, stack: StackFacts): Result<JsonNode> {
  try {
    return ok(new Resolver(root, stack).resolve(part) ?? text(''));
  } catch (error) {
    if (error instanceof Unresolved) return refused(error.message);
    throw error;
  }
}

class Unresolved extends Error {}

const nowhere = { start: 0, end: 0 };
const text = (value: string): JsonScalar => ({ kind: 'string', value, ...nowhere });

/** AWS General Reference, "ARN format": the domain of each partition. */
const suffixes: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn' };

class Resolver {
  readonly #root: JsonNode;
  readonly #stack: StackFacts;
  readonly #pseudo: ReadonlyMap<string, string>;

  constructor(root: JsonNode, stack: StackFacts) {
    this.#root = root;
    this.#stack = stack;
    const [, partition = '', , region = '', account = ''] = stack.stackId.split(':');
    this.#pseudo = new Map([
      ['AWS::Partition', partition],
      ['AWS::Region', region],
      ['AWS::AccountId', account],
      ['AWS::StackName', stack.stackName],
      ['AWS::StackId', stack.stackId],
      ['AWS::URLSuffix', suffixes[partition] ?? 'amazonaws.com'],
    ]);
  }

  /** `undefined`: AWS::NoValue, so the property is not there at all. */
  resolve(node: JsonNode): JsonNode | undefined {
    if (node.kind === 'array') return { ...node, items: node.items.flatMap(item => this.resolve(item) ?? []) };
    if (node.kind !== 'object') return node;
    const [only, second] = node.entries;
    if (only && !second && (only.key === 'Ref' || only.key.startsWith('Fn::'))) return this.#call(only, node);
    const entries = node.entries.flatMap(each => {
      const value = this.resolve(each.value);
      return value ? [{ ...each, value }] : [];
    });
    return { ...node, entries };
  }

  #call({ key, value }: JsonEntry, call: JsonNode): JsonNode | undefined {
    switch (key) {
      case 'Ref':
        return this.#ref(stringOf(value, key), call);
      case 'Fn::GetAtt':
        return text(this.#output(call) ?? unresolved(`Fn::GetAtt ${this.#attribute(value)}`));
      case 'Fn::Sub':
        return text(this.#sub(value));
      case 'Fn::Join':
        return text(this.#join(value));
      case 'Fn::FindInMap':
        return this.#findInMap(value);
      default:
        return unresolved(key);
    }
  }

  #ref(name: string, call: JsonNode): JsonNode | undefined {
    if (name === 'AWS::NoValue') return undefined;
    const value = this.#pseudo.get(name);
    if (value !== undefined) return text(value);
    const parameters = entry(this.#root, 'Parameters');
    const declared = parameters && entry(parameters, name);
    if (declared) return this.#parameter(name, declared);
    return text(this.#output(call) ?? unresolved(`Ref ${name}`));
  }

  /** A stack does not tell the values of parameters that it hides, nor what a parameter of another store comes to. */
  #parameter(name: string, declared: JsonNode): JsonNode {
    const value = this.#stack.parameters[name];
    const hidden = entry(declared, 'NoEcho');
    const type = entry(declared, 'Type');
    const kind = type?.kind === 'string' ? type.value : 'String';
    const isHidden = hidden && (hidden.kind === 'literal' || hidden.kind === 'string') && hidden.value === 'true';
    if (value === undefined || isHidden || kind.startsWith('AWS::SSM::')) return unresolved(`the parameter ${name}`);
    if (kind !== 'CommaDelimitedList' && !kind.startsWith('List<')) return text(value);
    return { kind: 'array', ...nowhere, items: value.split(',').map(each => text(each.trim())) };
  }

  #attribute(value: JsonNode): string {
    if (value.kind === 'string') return value.value;
    return value.kind === 'array' ? value.items.map(item => stringOf(item, 'Fn::GetAtt')).join('.') : '?';
  }

  /** The value of an output of the stack that is this very expression. */
  #output(call: JsonNode): string | undefined {
    const wanted = this.#expression(call);
    const outputs = entry(this.#root, 'Outputs');
    if (!wanted || outputs?.kind !== 'object') return undefined;
    const same = outputs.entries.find(({ value }) => {
      const says = entry(value, 'Value');
      return says && this.#expression(says) === wanted;
    });
    return same && this.#stack.outputs[same.key];
  }

  #expression(node: JsonNode): string | undefined {
    const name = entry(node, 'Ref');
    if (name?.kind === 'string') return name.value;
    const attribute = entry(node, 'Fn::GetAtt');
    return attribute && `${this.#attribute(attribute)}`;
  }

  #sub(value: JsonNode): string {
    const [template, variables] = value.kind === 'array' ? value.items : [value];
    return stringOf(template, 'Fn::Sub').replaceAll(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const variable = variables && entry(variables, name.trim());
      if (variable) return stringOf(this.resolve(variable), 'Fn::Sub');
      return stringOf(this.resolve(callOf(name.trim())), 'Fn::Sub');
    });
  }

  #join(value: JsonNode): string {
    const [delimiter, list] = value.kind === 'array' ? value.items : [];
    const items = list && this.resolve(list);
    if (items?.kind !== 'array') return unresolved('Fn::Join');
    return items.items.map(item => stringOf(item, 'Fn::Join')).join(stringOf(delimiter, 'Fn::Join'));
  }

  #findInMap(value: JsonNode): JsonNode {
    const path = value.kind === 'array' ? value.items.map(item => stringOf(this.resolve(item), 'Fn::FindInMap')) : [];
    const found = ['Mappings', ...path].reduce<JsonNode | undefined>((at, key) => at && entry(at, key), this.#root);
    return found && path.length === 3 ? found : unresolved('Fn::FindInMap');
  }
}

/** What a name between `${` and `}` stands for. */
const callOf = (name: string): JsonNode => ({
  kind: 'object',
  ...nowhere,
  entries: [{ key: name.includes('.') ? 'Fn::GetAtt' : 'Ref', start: 0, value: text(name) }],
});

function stringOf(node: JsonNode | undefined, where: string): string {
  if (node?.kind === 'string' || node?.kind === 'literal') return node.value;
  return unresolved(where);
}

function unresolved(what: string): never {
  throw new Unresolved(`${what} cannot be resolved`);
}
