import { type Alias, type Document, isAlias, isNode, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import { plainText } from '../../identity/plain-text.ts';
import type { ConfigError } from './model.ts';

/** Far more than any ClusterConfig; reading it stays a matter of a second. */
const largest = 2 * 1024 * 1024;

/** A YAML document with what is needed to read it by hand. */
export type YamlDocument = {
  readonly root: Node | null;
  /** What each alias stands for: the last anchor of that name before it. */
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly position: (offset: number) => { readonly line: number; readonly column: number };
  /** Slips of syntax: what follows one may be misread. */
  readonly syntax: readonly ConfigError[];
  /** Aliases without an anchor. */
  readonly lost: readonly ConfigError[];
};

export type DocumentsResult =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/**
 * The YAML documents of a text that are not empty; JSON is YAML too. `file` stands in sentences about the whole. Keys
 * that repeat are left to the reader, which knows what concerns it.
 */
export function yamlDocuments(text: string, file: string): DocumentsResult {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const unreadable = notText(body);
  if (unreadable) return failed(`${file} ${unreadable}`);
  try {
    const lines = new LineCounter();
    const all = parseAllDocuments(body, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      // Whatever a %YAML directive says: dates stay text, `yes` stays text.
      schema: 'core',
      logLevel: 'silent',
    });
    if (all.some(({ errors }) => errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')))
      return failed(tooDeep(file));
    const documents = [...all].map(document => yamlDocument(document, lines));
    return { ok: true, documents: documents.filter(({ root, syntax }) => !isEmpty(root) || syntax.length > 0) };
  } catch (error) {
    // The parser tells of an exhausted stack; a visit of what it has parsed throws.
    if (error instanceof RangeError) return failed(tooDeep(file));
    throw error;
  }
}

const tooDeep = (file: string): string => `${file} is nested too deeply to be read`;

function notText(body: string): string | undefined {
  if (body.length > largest) return 'is too large: a ClusterConfig file has at most 2 MiB';
  if (body.includes('\u0000') || body.includes('\ufffd'))
    return 'is not UTF-8 text: it may be a binary file, or text in another encoding such as UTF-16';
  return body.trim() === '' ? 'is empty' : undefined;
}

const failed = (message: string): DocumentsResult => ({
  ok: false,
  errors: [{ line: 1, column: 1, path: '', message }],
});

function yamlDocument(document: Document.Parsed, lines: LineCounter): YamlDocument {
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    // An offset in the first line of an empty counter has no line.
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const { aliases, lost } = resolved(document);
  const syntax = document.errors.map(({ message, pos }) => ({
    ...position(pos[0]),
    path: '',
    message: `the file is not valid YAML here: ${syntaxText(message)}`,
  }));
  // One slip can confuse the parser several times over: the first it says of a place is the one to read.
  const places = new Map(syntax.toReversed().map(error => [`${error.line}:${error.column}`, error]));
  const unset = lost.map(alias => ({
    ...position(alias.range?.[0] ?? 0),
    path: '',
    message: `the alias *${plainText(alias.source, 60)} refers to an anchor that is not set above it`,
  }));
  const root = isNode(document.contents) ? document.contents : null;
  return { root, aliases, position, syntax: [...places.values()], lost: unset };
}

const syntaxText = (message: string): string => {
  const plain = plainText(message, 200).replace(/\.$/, '');
  return plain.charAt(0).toLowerCase() + plain.slice(1);
};

/** An anchor can be set anew; an alias takes the last one before it (YAML 1.2.2, "Anchors and aliases"). */
function resolved(document: Document.Parsed): { readonly aliases: Map<Alias, Node>; readonly lost: readonly Alias[] } {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  const lost: Alias[] = [];
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const target = anchors.get(node.source);
      if (target) aliases.set(node, target);
      else lost.push(node);
    },
  });
  return { aliases, lost };
}

/** Nothing but comments gives a null without source. */
const isEmpty = (root: Node | null): boolean =>
  root === null || ('value' in root && root.value === null && !('source' in root && root.source));
