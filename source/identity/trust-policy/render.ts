import type { JsonNode } from '../json-text.ts';
import { splice } from '../json-text.ts';
import type { TrustPolicy } from './model.ts';

/** Puts statements at the end in the style of the document: on lines of their own if the others are, else on theirs. */
export const append = (policy: TrustPolicy, statements: readonly object[]): string =>
  appendTexts(
    policy,
    statements.map(statement => rendered(statement, styleOf(policy.text, lastStatement(policy)))),
  );

/** The same with statements that are written already. A single statement becomes a list; its own text is kept. */
export function appendTexts(policy: TrustPolicy, written: readonly string[]): string {
  const { text, statementNode: node } = policy;
  if (written.length === 0) return text;
  const last = lastStatement(policy);
  const gap = styleOf(text, last).spaced ? ' ' : '';
  if (node.kind !== 'array')
    return splice(text, node, `[${[text.slice(node.start, node.end), ...written].join(`,${gap}`)}]`);
  const isEmpty = last === node;
  const at = isEmpty ? node.start + 1 : last.end;
  const before = isEmpty ? `,${gap}` : `,${separator(text, node, last)}`;
  return splice(text, { start: at, end: at }, (isEmpty ? '' : before) + written.join(before));
}

/** The node of the last statement, or of the list when it has none. */
const lastStatement = ({ statementNode: node }: TrustPolicy): JsonNode =>
  node.kind === 'array' ? (node.items.at(-1) ?? node) : node;

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
