import { entry, type JsonNode, parseJsonText, splice } from '../../identity/json-text.ts';
import { ok, type Result, refused } from '../../identity/result.ts';

type Path = readonly [string, ...(readonly string[])];

export const nodeAt = (root: JsonNode, path: readonly string[]): JsonNode | undefined =>
  path.reduce<JsonNode | undefined>((node, key) => node && entry(node, key), root);

/**
 * JSON text with another value at a path; all else stays byte for byte. What is missing on the way is made. Refused when
 * the text is not JSON, or something on the way is no object.
 */
export function setAt(text: string, path: Path, value: unknown): Result<string> {
  const root = parseJsonText(text);
  if (!root.ok) return root;
  const there = nodeAt(root.value, path);
  const written = JSON.stringify(value);
  if (there) return ok(splice(text, there, written));
  const [last, ...parents] = path.toReversed();
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const parent = nodeAt(root.value, path.slice(0, depth));
    if (!parent) continue;
    if (parent.kind !== 'object') break;
    const [key = String(last), ...rest] = path.slice(depth);
    const inner = rest.reduceRight<unknown>((held, name) => ({ [name]: held }), value);
    return ok(inserted(text, parent, `${JSON.stringify(key)}:${JSON.stringify(inner)}`));
  }
  return refused(`${parents.toReversed().join('.')} is no object`);
}

function inserted(text: string, parent: Extract<JsonNode, { kind: 'object' }>, member: string): string {
  const last = parent.entries.at(-1);
  const at = last ? last.value.end : parent.start + 1;
  return splice(text, { start: at, end: at }, last ? `,${member}` : member);
}

/** JSON text without what is at a path; the text itself when nothing is there. */
export function removeAt(text: string, path: Path): Result<string> {
  const root = parseJsonText(text);
  if (!root.ok) return root;
  const parent = nodeAt(root.value, path.slice(0, -1));
  if (parent?.kind !== 'object') return ok(text);
  const index = parent.entries.findIndex(({ key }) => key === path.at(-1));
  const [gone, before, after] = [parent.entries[index], parent.entries[index - 1], parent.entries[index + 1]];
  if (!gone) return ok(text);
  if (before) return ok(splice(text, { start: before.value.end, end: gone.value.end }, ''));
  return ok(splice(text, { start: gone.start, end: after ? after.start : gone.value.end }, ''));
}
