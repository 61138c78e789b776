import type { JsonNode } from '../json-text.ts';
import { splice } from '../json-text.ts';
import type { TrustPolicy } from './model.ts';

/** Puts statements at the end in the style of the document: on lines of their own if the others are, else on theirs. */
export function append(policy: TrustPolicy, statements: readonly object[]): string {
  const { text, statementNode: node } = policy;
  if (statements.length === 0) return text;
  const last = node.kind === 'array' ? node.items.at(-1) : node;
  const style = styleOf(text, last ?? node);
  const written = statements.map(statement => rendered(statement, style));
  const gap = style.spaced ? ' ' : '';
  // A single statement becomes a list; its own text is kept.
  if (node.kind !== 'array')
    return splice(text, node, `[${[text.slice(node.start, node.end), ...written].join(`,${gap}`)}]`);
  const [at, before] = last ? [last.end, `,${separator(text, node, last)}`] : [node.start + 1, ''];
  return splice(text, { start: at, end: at }, before + written.join(before || `,${gap}`));
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
