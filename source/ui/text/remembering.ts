/**
 * Work that is done once for each of the first `most` texts, for what is asked of every row of a list: counts, ages and
 * roles say few different things over many rows.
 */
export function remembering<T>(work: (text: string) => T, most = 2_000): (text: string) => T {
  const known = new Map<string, T>();
  return text => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = work(text);
    if (known.size < most) known.set(text, value);
    return value;
  };
}
