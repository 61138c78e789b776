/** How long a change of a row is pointed at, in milliseconds. */
export const pointedAt = 10_000;

/** So long has the cursor to be on a row until its change is taken for seen, in milliseconds. */
const restFor = 2_000;

/** Rows whose last change has been looked at, by when that was. */
export type Looked = ReadonlyMap<string, number>;

/** The row that the cursor rests on. */
type Rest = {
  readonly id: string;
  /** When it changed last. */
  readonly changedAt: number;
  /** When the cursor came. */
  readonly since: number;
};

/** What has been looked at by now, and when that will be so of the row under the cursor; Infinity: it is, or need not be. */
export function lookedAt(
  looked: Looked,
  rest: Rest | undefined,
  now: number,
): { readonly looked: Looked; readonly at: number } {
  const never = { looked, at: Number.POSITIVE_INFINITY };
  if (!rest || now - rest.changedAt >= pointedAt) return never;
  const before = looked.get(rest.id);
  if (before !== undefined && before > rest.changedAt) return never;
  const at = Math.max(rest.since, rest.changedAt) + restFor;
  if (at > now) return { looked, at };
  const recent = [...looked].filter(([, when]) => now - when < pointedAt);
  return { ...never, looked: new Map(recent).set(rest.id, now) };
}
