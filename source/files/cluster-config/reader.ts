import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { plainText } from '../../identity/plain-text.ts';
import type { YamlDocument } from './documents.ts';
import type { ConfigError, Origin } from './model.ts';

/** One value of a file with its place. `node` is null where nothing is written. */
export type Field = {
  readonly path: string;
  readonly node: Node | null;
  /** Offsets of the value and of its key; of list items both are the value's. */
  readonly at: number;
  readonly keyAt: number;
};

export type Fields = ReadonlyMap<string, Field>;

/**
 * Values that concern us, aliases followed: 50 for each of the 5,000 associations that a cluster can have (EKS User Guide,
 * "EKS Pod Identity": limits). More is a file made to be expanded without end.
 */
const mostFields = 250_000;
/** Far deeper than any policy. */
const deepest = 64;

/** Thrown where reading on makes no sense; `parseClusterConfig` turns it into an error of the file. */
export class Unreadable extends Error {
  readonly error: ConfigError;
  constructor(error: ConfigError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * Reads the nodes of one YAML document, following aliases and merge keys, and collects all that is wrong. Nothing that is
 * not asked for is looked at. A reading method answers undefined where the value is absent, null, or wrong (and reported).
 */
export class ConfigReader {
  readonly errors: ConfigError[] = [];
  readonly warnings: ConfigError[] = [];
  readonly #document: YamlDocument;
  #count = 0;

  constructor(document: YamlDocument) {
    this.#document = document;
  }

  root(): Field {
    const at = this.#document.root?.range?.[0] ?? 0;
    return this.#field('', this.#document.root, at, at);
  }

  origin({ path, at }: Field): Origin {
    return { path, line: this.#document.position(at).line };
  }

  /** `text` goes on after the path: `must be set`. */
  error(field: Field, text: string, at = field.at): void {
    this.errors.push(this.#problem(field.path, at, text));
  }

  warn(field: Field, text: string): void {
    this.warnings.push(this.#problem(field.path, field.keyAt, text));
  }

  /** A required field that is missing; told at the mapping that should have it. */
  missing(parent: Field, name: string, text = 'must be set'): void {
    this.errors.push(this.#problem(joined(parent.path, name), parent.at, text));
  }

  #problem(path: string, at: number, text: string): ConfigError {
    return { ...this.#document.position(at), path, message: path === '' ? text : `${path} ${text}` };
  }

  /** The fields of a mapping, in the file's order, with merge keys (`<<`) resolved: what a mapping itself says wins. */
  fields(field: Field | undefined): Fields | undefined {
    if (!field || isNothing(field)) return undefined;
    if (!isMap(field.node)) return this.#wrong(field, 'a mapping (key: value)');
    const found = new Map<string, Field>();
    this.#collect(field, field.node, found, []);
    return found;
  }

  #collect(field: Field, map: YAMLMap, found: Map<string, Field>, above: readonly YAMLMap[]): void {
    const own = new Set<string>();
    const merges: Pair[] = [];
    for (const pair of map.items) {
      const key = pair.key;
      const keyAt = offsetOf(key) ?? field.at;
      if (!isScalar(key)) {
        this.error(field, `${field.path === '' ? 'the file ' : ''}has a key that is neither text nor a number`, keyAt);
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      if (name === '<<' && key.type === 'PLAIN') {
        merges.push(pair);
        continue;
      }
      const place = this.#field(joined(field.path, name), pair.value, offsetOf(pair.value) ?? keyAt, keyAt);
      if (own.has(name)) this.error(place, 'is there twice', keyAt);
      else if (!found.has(name)) found.set(name, place);
      own.add(name);
    }
    for (const pair of merges) this.#merge(field, pair, found, [...above, map]);
  }

  #merge(field: Field, pair: Pair, found: Map<string, Field>, above: readonly YAMLMap[]): void {
    const at = offsetOf(pair.value) ?? offsetOf(pair.key) ?? field.at;
    const source = this.#followed(pair.value, at);
    const sources = isSeq(source) ? source.items : [source];
    for (const item of sources) {
      const map = this.#followed(item, at);
      if (!isMap(map)) this.error(field, 'has a merge key (<<) whose value is not a mapping', at);
      else if (above.includes(map)) this.error(field, 'is merged (<<) into itself', at);
      else this.#collect(field, map, found, above);
    }
  }

  /** The items of a list. */
  items(field: Field | undefined): readonly Field[] | undefined {
    if (!field || isNothing(field)) return undefined;
    if (!isSeq(field.node)) return this.#wrong(field, 'a list');
    return field.node.items.map((item, index) => {
      const at = offsetOf(item) ?? field.at;
      return this.#field(`${field.path}[${index}]`, item, at, at);
    });
  }

  /** Text; empty text too. What other YAML readers would not take for text is refused rather than guessed. */
  text(field: Field | undefined): string | undefined {
    if (!field || isNothing(field)) return undefined;
    const { node } = field;
    if (!isScalar(node) || typeof node.value !== 'string')
      return this.#wrong(field, 'text', isScalar(node) ? ': put it in quotes' : '');
    const mistaken = node.type === 'PLAIN' ? mistakenFor(node.value) : undefined;
    if (mistaken === undefined) return node.value;
    this.error(field, `must be in quotes: eksctl takes ${plainText(node.value, 60)} for ${mistaken}`);
    return undefined;
  }

  /** As `text`, and numbers and booleans as they are written, which eksctl takes for text too (e.g. values of tags). */
  looseText(field: Field): string | undefined {
    const { node } = field;
    const plain = isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean');
    if (!plain || node.source === undefined) return this.text(field);
    return String(node.value) === node.source ? node.source : this.text(field);
  }

  /** `true` or `false`; also `yes`, `no`, `on` and `off`, which eksctl's YAML reader takes for them. */
  flag(field: Field | undefined): boolean | undefined {
    if (!field || isNothing(field)) return undefined;
    const { node } = field;
    if (isScalar(node)) {
      if (typeof node.value === 'boolean') return node.value;
      if (node.type === 'PLAIN' && typeof node.value === 'string' && isOldBoolean(node.value))
        return /^(y|yes|on)$/i.test(node.value);
    }
    return this.#wrong(field, 'true or false');
  }

  /** A list of texts with the place of each. */
  texts(field: Field | undefined): readonly (readonly [string, Field])[] | undefined {
    return this.items(field)?.flatMap(item => {
      if (isNothing(item)) this.error(item, 'must be text, not empty');
      const text = this.text(item);
      return text === undefined ? [] : [[text, item] as const];
    });
  }

  /** A mapping of texts with the place of each; a null counts as empty text. */
  textPairs(field: Field | undefined): readonly (readonly [key: string, text: string, place: Field])[] | undefined {
    const fields = this.fields(field);
    if (!fields) return undefined;
    return [...fields].flatMap(([key, place]) => {
      const text = isNothing(place) ? '' : this.looseText(place);
      return text === undefined ? [] : [[key, text, place] as const];
    });
  }

  /** Any value as JSON would have it; undefined when something in it cannot be JSON without a change of meaning. */
  json(field: Field): unknown {
    const before = this.errors.length;
    const value = this.#json(field, field, 0);
    return this.errors.length === before ? value : undefined;
  }

  #json(field: Field, whole: Field, depth: number): unknown {
    if (depth > deepest) throw new Unreadable(this.#problem(whole.path, whole.at, 'is nested too deeply'));
    const { node } = field;
    if (isMap(node)) {
      const pairs = [...(this.fields(field) ?? [])].map(
        ([key, value]) => [key, this.#json(value, whole, depth + 1)] as const,
      );
      return Object.fromEntries(pairs);
    }
    if (isSeq(node)) return (this.items(field) ?? []).map(item => this.#json(item, whole, depth + 1));
    if (!isScalar(node)) return null;
    if (typeof node.value === 'number' && String(node.value) !== node.source)
      this.error(
        field,
        `must be in quotes: YAML takes ${plainText(node.source ?? '', 60)} for the number ${node.value}`,
      );
    return node.value;
  }

  #wrong(field: Field, type: string, hint = ''): undefined {
    this.error(field, `must be ${type}, not ${described(field.node)}${hint}`);
    return undefined;
  }

  #field(path: string, node: unknown, at: number, keyAt: number): Field {
    const target = this.#followed(node, at);
    return { path, node: target, at, keyAt };
  }

  #followed(node: unknown, at: number): Node | null {
    this.#count += 1;
    if (this.#count > mostFields)
      throw new Unreadable(this.#problem('', at, 'the file is too large once its aliases are followed'));
    // An anchor is never on an alias, so one step is the whole way.
    const target = isAlias(node) ? this.#document.aliases.get(node) : node;
    return isNode(target) ? target : null;
  }
}

/** Nothing is written, or null: for eksctl that is the same as leaving a field out. */
export const isNothing = ({ node }: Field): boolean => node === null || (isScalar(node) && node.value === null);

/** Words that YAML 1.1 readers such as eksctl's take for booleans, and YAML 1.2 does not. */
const isOldBoolean = (text: string): boolean => /^(?:y|n|yes|no|on|off)$/i.test(text);

/** The same of numbers: with `_` between digits, or binary. */
const isOldNumber = (text: string): boolean => /^[-+]?(?:0b[01_]+|\d[\d_]*_[\d_.]*|\d+\.[\d_]*_[\d_]*)$/.test(text);

function mistakenFor(text: string): string | undefined {
  if (isOldBoolean(text)) return 'true or false';
  return isOldNumber(text) ? 'a number' : undefined;
}

/** A list is written, and nothing in it. */
export const isEmptyList = ({ node }: Field): boolean => isSeq(node) && node.items.length === 0;

const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const joined = (path: string, name: string): string => {
  if (!/^[\w-]+$/.test(name)) return `${path}[${JSON.stringify(plainText(name, 60))}]`;
  return path === '' ? name : `${path}.${name}`;
};

function described(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'empty';
  if (typeof node.value === 'string') return node.value === '' ? 'empty text' : `"${plainText(node.value, 60)}"`;
  return typeof node.value === 'boolean'
    ? `the boolean ${node.value}`
    : `the number ${plainText(node.source ?? '', 60)}`;
}
