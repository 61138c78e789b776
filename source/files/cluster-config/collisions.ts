/** What is right entry by entry and cannot be true of a whole file, or of the stacks that would come of it. */
import type { ConfigReader, Field } from './reader.ts';

/** Reports every item whose key an earlier item has; `text` says what is the same. Items without a key are left out. */
export function reportRepeats<T>(
  reader: ConfigReader,
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
  placeOf: (item: T) => Field,
  text: (item: T) => string,
): void {
  const first = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const earlier = first.get(key);
    if (!earlier) {
      first.set(key, item);
      continue;
    }
    const { path, line } = reader.origin(placeOf(earlier));
    reader.error(placeOf(item), `${text(item)} ${path} (line ${line})`);
  }
}
