/**
 * Whether two documents are the same JSON value: white space and the order of keys do not matter, the order of lists
 * does. Texts that are not JSON are the same only if they are equal.
 */
export function sameDocument(one: string, other: string): boolean {
  if (one === other) return true;
  try {
    return canonical(JSON.parse(one)) === canonical(JSON.parse(other));
  } catch {
    return false;
  }
}

/** The same for documents that may be absent. */
export const samePolicy = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined ? one === other : sameDocument(one, other);

export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) =>
    typeof nested === 'object' && nested !== null && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
