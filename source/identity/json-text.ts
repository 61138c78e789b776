/**
 * JSON as text with positions, so that a document can be edited by splicing: what an edit does not mean to change
 * stays byte for byte, including numbers that JavaScript could not keep.
 */
import { ok, type Result, refused } from './result.ts';

/** `start` and `end` are UTF-16 offsets into the text, `end` exclusive. */
export type Span = { readonly start: number; readonly end: number };

/** `start` is where the key's quote is; the entry ends where its value ends. */
export type JsonEntry = { readonly key: string; readonly start: number; readonly value: JsonNode };
export type JsonObject = Span & { readonly kind: 'object'; readonly entries: readonly JsonEntry[] };
export type JsonArray = Span & { readonly kind: 'array'; readonly items: readonly JsonNode[] };
/** A string's value is decoded; a number, `true`, `false` or `null` is kept as written. */
export type JsonScalar = Span & { readonly kind: 'string' | 'literal'; readonly value: string };
export type JsonNode = JsonObject | JsonArray | JsonScalar;

/** Far deeper than any policy or template that AWS would take. */
const deepest = 64;

/** Parses a whole JSON text. Refuses what JSON.parse refuses, keys that repeat in one object, and extreme nesting. */
export function parseJsonText(text: string): Result<JsonNode> {
  try {
    JSON.parse(text);
  } catch {
    return refused('it is not valid JSON');
  }
  try {
    return ok(new Scanner(text).document());
  } catch (error) {
    return refused(error instanceof Refusal ? error.message : 'it is not valid JSON');
  }
}

/** The value at `key`, when `node` is an object that has it. */
export function entry(node: JsonNode, key: string): JsonNode | undefined {
  return node.kind === 'object' ? node.entries.find(candidate => candidate.key === key)?.value : undefined;
}

/** Puts `replacement` where `span` is. */
export const splice = (text: string, span: Span, replacement: string): string =>
  text.slice(0, span.start) + replacement + text.slice(span.end);

/**
 * A node as JSON text, its strings written anew.
 *
 * @param indent columns that the text is set in; absent: all in one line
 */
export function jsonText(node: JsonNode, indent?: number): string {
  if (node.kind !== 'object' && node.kind !== 'array')
    return node.kind === 'string' ? JSON.stringify(node.value) : node.value;
  const inner = indent === undefined ? undefined : indent + 2;
  const members =
    node.kind === 'object'
      ? node.entries.map(
          ({ key, value }) => `${JSON.stringify(key)}:${inner === undefined ? '' : ' '}${jsonText(value, inner)}`,
        )
      : node.items.map(item => jsonText(item, inner));
  const [open, close] = node.kind === 'array' ? '[]' : '{}';
  if (indent === undefined || inner === undefined || members.length === 0) return `${open}${members.join(',')}${close}`;
  const line = (columns: number) => `\n${' '.repeat(columns)}`;
  return `${open}${line(inner)}${members.join(`,${line(inner)}`)}${line(indent)}${close}`;
}

class Refusal extends Error {}

/** Finds the nodes of a text that JSON.parse has accepted; so it need not look for errors of syntax. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    this.#blank();
    return this.#value(0);
  }

  #value(depth: number): JsonNode {
    if (depth > deepest) throw new Refusal('it is nested too deeply');
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    return first === '"' ? this.#string() : this.#literal();
  }

  #object(depth: number): JsonObject {
    const start = this.#at;
    const entries: JsonEntry[] = [];
    const keys = new Set<string>();
    this.#step();
    while (this.#text[this.#at] !== '}') {
      const { value: key, start: keyStart } = this.#string();
      if (keys.has(key)) throw new Refusal(`the key "${key}" is there twice`);
      keys.add(key);
      this.#blank();
      this.#step(); // the colon
      entries.push({ key, start: keyStart, value: this.#value(depth + 1) });
      this.#separator();
    }
    this.#at += 1;
    return { kind: 'object', start, end: this.#at, entries };
  }

  #array(depth: number): JsonArray {
    const start = this.#at;
    const items: JsonNode[] = [];
    this.#step();
    while (this.#text[this.#at] !== ']') {
      items.push(this.#value(depth + 1));
      this.#separator();
    }
    this.#at += 1;
    return { kind: 'array', start, end: this.#at, items };
  }

  #string(): JsonScalar {
    const start = this.#at;
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1) if (this.#text[this.#at] === '\\') this.#at += 1;
    this.#at += 1;
    return { kind: 'string', start, end: this.#at, value: JSON.parse(this.#text.slice(start, this.#at)) as string };
  }

  #literal(): JsonScalar {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text.charAt(this.#at))) this.#at += 1;
    return { kind: 'literal', start, end: this.#at, value: this.#text.slice(start, this.#at) };
  }

  #separator(): void {
    this.#blank();
    if (this.#text[this.#at] === ',') this.#step();
  }

  /** One character on, then past white space. */
  #step(): void {
    this.#at += 1;
    this.#blank();
  }

  #blank(): void {
    while (' \t\r\n'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at += 1;
  }
}
