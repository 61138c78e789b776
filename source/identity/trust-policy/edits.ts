import type { JsonNode } from '../json-text.ts';
import { splice } from '../json-text.ts';
import { ok, type Result } from '../result.ts';
import { podIdentityActions, podIdentityService, type TrustPolicy, type TrustStatement } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import { matchesPattern } from './patterns.ts';

export type TrustEdit = { readonly text: string; readonly changed: boolean };

/**
 * Lets EKS Pod Identity assume the role and tag its sessions (statement: EKS User Guide, "EKS Pod Identity role").
 * Only what no unconditional statement allows yet is added, so that doing it again changes nothing. All other bytes
 * stay as they are. Refused when the document cannot be understood.
 * `actions`: fewer than both where a statement with conditions gives the other, so that it is not widened.
 */
export function addPodIdentityStatement(
  document: string,
  actions: readonly string[] = podIdentityActions,
): Result<TrustEdit> {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return policy;
  const missing = actions.filter(action => !allowsOutright(policy.value, action));
  if (missing.length === 0) return ok({ text: document, changed: false });
  return ok({ text: append(policy.value, podIdentityStatement(missing)), changed: true });
}

/** Whether EKS Pod Identity is let in for every cluster, namespace and service account alike. */
export const trustsAllPods = (policy: TrustPolicy): boolean =>
  podIdentityActions.every(action => allowsOutright(policy, action));

function allowsOutright(policy: TrustPolicy, action: string): boolean {
  return policy.statements.some(statement => isOutright(statement) && allowsAction(statement, action));
}

const isOutright = ({ effect, principals, conditions, unknownKeys }: TrustStatement): boolean =>
  effect === 'Allow' &&
  !principals.negated &&
  principals.service.includes(podIdentityService) &&
  conditions.length === 0 &&
  unknownKeys.length === 0;

function allowsAction({ actions }: TrustStatement, action: string): boolean {
  const matches = (pattern: string) => matchesPattern(pattern.toLowerCase(), action.toLowerCase());
  return actions.patterns.some(matches) !== actions.negated;
}

const podIdentityStatement = (actions: readonly string[]) => ({
  Effect: 'Allow',
  Principal: { Service: podIdentityService },
  Action: actions.length === 1 ? actions[0] : actions,
});

/** Appends a statement in the style of the document: on lines of its own if the others are, else on theirs. */
function append(policy: TrustPolicy, statement: object): string {
  const { text, statementNode: node } = policy;
  if (node.kind !== 'array') return splice(text, node, wrapped(text, node, statement));
  const last = node.items.at(-1);
  if (!last) return splice(text, node, `[${rendered(statement, styleOf(text, node))}]`);
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
function separator(text: string, list: JsonNode, last: JsonNode): string {
  const before = /[\s]*$/.exec(text.slice(list.start + 1, last.start))?.[0] ?? '';
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
