import type { JsonNode } from '../json-text.ts';
import { splice } from '../json-text.ts';
import type { TrustPolicy } from './model.ts';

/** Puts a statement at the end in the style of the document: on lines of its own if the others are, else on theirs. */
export function append(policy: TrustPolicy, statement: object): string {
  const { text, statementNode: node } = policy;
  if (node.kind !== 'array') return splice(text, node, wrapped(text, node, statement));
  const last = node.items.at(-1);
  const begin = node.start + 1;
  if (!last) return splice(text, { start: begin, end: begin }, rendered(statement, styleOf(text, node)));
  const style = styleOf(text, last);
  const between = separator(text, node, last);
  return splice(text, { start: last.end, end: last.end }, `,${between}${rendered(statement, style)}`);
}

/** A single statement becomes a list of two; its own text is kept. */
function wrapped(text: string, node: JsonNode, statement: object): string {
  const style = styleOf(text, node);
  const gap = style.spaced ? ' ' : '';
  return `[${text.slice(node.start, node.end)},${gap}${rendered(statement, style)}]`;
}

/** What stands between two statements: white space as before the last one, when there is any. */
export function separator(text: string, list: JsonNode, last: JsonNode): string {
  const before = /[ \t\r\n]*$/.exec(text.slice(list.start + 1, last.start))?.[0] ?? '';
  if (before !== '') return before;
  return styleOf(text, last).spaced ? ' ' : '';
}

type Style = {
  readonly newline: string;
  /** Indentation of the line on which the object begins; of its content: `outer` and `unit`. */
  readonly outer: string;
  readonly unit: string;
  /** Whether the object is spread over lines. */
  readonly lines: boolean;
  /** `": "` rather than `":"`. */
  readonly spaced: boolean;
};

function styleOf(text: string, node: JsonNode): Style {
  const own = text.slice(node.start, node.end);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const inner = /^\{[ \t]*\r?\n([ \t]*)/.exec(own)?.[1];
  const closing = /\r?\n([ \t]*)\}$/.exec(own)?.[1] ?? '';
  const unit = inner?.startsWith(closing) ? inner.slice(closing.length) : '  ';
  return { newline, outer: closing, unit: unit || '  ', lines: inner !== undefined, spaced: /"\s*:\s/.test(text) };
}

function rendered(statement: object, style: Style): string {
  if (style.lines) {
    const lines = JSON.stringify(statement, null, style.unit).split('\n');
    return lines.join(`${style.newline}${style.outer}`);
  }
  if (!style.spaced) return JSON.stringify(statement);
  // One line with blanks: what stands between texts is ours, so that only structure is touched.
  return JSON.stringify(statement).replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_, quoted, sign) => quoted ?? `${sign} `);
}
