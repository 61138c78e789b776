import type { JsonNode, JsonObject, Span } from '../json-text.ts';
import type { TrustPolicy } from './model.ts';

/** What shall stand where `start` to `end` is now; empty: nothing. */
export type Splice = Span & { readonly replacement: string };

/** Carries out splices that do not overlap, all with positions of the text as given. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = splices.toSorted((a, b) => a.start - b.start);
  let [result, at] = ['', 0];
  for (const { start, end, replacement } of inOrder) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}

/**
 * What to delete so that members of a list or an object are gone with their commas, and all that stays is as it was:
 * one at the end takes the comma before it along, any other the comma after it.
 */
export function cuts(members: readonly Span[], isCut: (index: number) => boolean): readonly Splice[] {
  const [first, last] = [members[0], members.at(-1)];
  if (!first || !last) return [];
  const lastKept = members.findLastIndex((_, index) => !isCut(index));
  const kept = members[lastKept];
  if (!kept) return [deletion(first.start, last.end)];
  const inside = members.flatMap(({ start }, index) => {
    const next = members[index + 1];
    return index < lastKept && isCut(index) && next ? [deletion(start, next.start)] : [];
  });
  return last.end > kept.end ? [...inside, deletion(kept.end, last.end)] : inside;
}

const deletion = (start: number, end: number): Splice => ({ start, end, replacement: '' });

/** The entries of an object as members to cut. */
export const entrySpans = (node: JsonObject): readonly Span[] =>
  node.entries.map(({ start, value }) => ({ start, end: value.end }));

/** The nodes of the statements, by their positions. */
export const statementNodes = ({ statementNode: node }: TrustPolicy): readonly JsonNode[] =>
  node.kind === 'array' ? node.items : [node];
