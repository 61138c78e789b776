import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import { type JsonEntry, type JsonNode, parseJsonText, type Span } from '../json-text.ts';
import { ok, type Result, refused } from '../result.ts';

/**
 * A CloudFormation template as a tree with positions. Templates in YAML have the same tree: a short form such as
 * `!Sub x` is the object `{"Fn::Sub": "x"}` that it stands for (CloudFormation User Guide, "Intrinsic function
 * reference"), its span the short form's.
 */
export type Template = { readonly text: string; readonly format: 'json' | 'yaml'; readonly root: JsonNode };

export function parseTemplate(text: string): Result<Template> {
  const json = parseJsonText(text);
  if (json.ok) return ok({ text, format: 'json', root: json.value });
  if (/^\s*\{/.test(text)) return refused(json.reason);
  return parseYaml(text);
}

/** CloudFormation reads YAML 1.1 without merge keys, aliases and timestamps (User Guide, "Template formats"). */
function parseYaml(text: string): Result<Template> {
  const document: Document = parseDocument(text, {
    version: '1.1',
    merge: false,
    logLevel: 'silent',
    customTags: tags => tags.filter(tag => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
  });
  const [error] = document.errors;
  if (error) return refused(`it is neither JSON nor YAML: ${error.message.split('\n')[0]}`);
  if (!document.contents) return refused('it is empty');
  try {
    return ok({ text, format: 'yaml', root: nodeOf(text, document.contents) });
  } catch (refusal) {
    if (refusal instanceof Refusal) return refused(refusal.message);
    throw refusal;
  }
}

class Refusal extends Error {}

/** Far deeper than any template that AWS would take. */
const deepest = 64;

function nodeOf(text: string, node: unknown, depth = 0): JsonNode {
  if (depth > deepest) throw new Refusal('it is nested too deeply');
  if (isAlias(node)) throw new Refusal('it has YAML aliases, which CloudFormation does not take');
  if (!isMap(node) && !isSeq(node) && !isScalar(node))
    throw new Refusal('it has a form of YAML that is not known here');
  if (node.anchor) throw new Refusal('it has YAML anchors, which CloudFormation does not take');
  const span = spanOf(text, node);
  const plain = plainOf(text, node, span, depth);
  const name = node.tag && functionOf(node.tag);
  return name ? { kind: 'object', ...span, entries: [{ key: name, start: span.start, value: plain }] } : plain;
}

function plainOf(text: string, node: Node, span: Span, depth: number): JsonNode {
  if (isMap(node)) {
    const entries = node.items.map(({ key, value }): JsonEntry => {
      if (!isScalar(key)) throw new Refusal('it has a key that is no text');
      return { key: String(key.value), start: key.range?.[0] ?? span.start, value: nodeOf(text, value, depth + 1) };
    });
    return { kind: 'object', ...span, entries };
  }
  if (isSeq(node)) return { kind: 'array', ...span, items: node.items.map(item => nodeOf(text, item, depth + 1)) };
  if (!isScalar(node)) throw new Refusal('it has a form of YAML that is not known here');
  const { value, source = '' } = node;
  if (typeof value === 'string') return { kind: 'string', ...span, value };
  const known = typeof value === 'boolean' || value === null || /^-?\d/.test(source);
  if (!known) return { kind: 'string', ...span, value: source };
  return { kind: 'literal', ...span, value: isJson(source) ? source : JSON.stringify(value) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `!Ref` is `Ref`, `!Condition` is `Condition`; all others have the prefix. Tags of YAML's own are none of these. */
function functionOf(tag: string): string | undefined {
  const [, name] = /^!([A-Za-z]\w*)$/.exec(tag) ?? [];
  if (!name) return undefined;
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

/** With its tag, without the white space behind it. */
function spanOf(text: string, { range, tag }: Node & { readonly tag?: string }): Span {
  const [from, to] = range ?? [0, 0];
  const [before] = (tag && /![^\s!]+\s+$/.exec(text.slice(0, from))) || [''];
  const start = from - before.length;
  return { start, end: start + text.slice(start, to).trimEnd().length };
}
