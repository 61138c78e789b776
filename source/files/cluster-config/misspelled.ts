import { didYouMean, nearest } from './nearest.ts';
import type { ConfigReader, Fields } from './reader.ts';

/** Reports fields that would be read past, and that are most likely one of `ours` with a slip in it. */
export function reportMisspelled(reader: ConfigReader, fields: Fields, ours: readonly string[]): void {
  for (const [name, field] of fields) {
    const meant = nearest(name, ours);
    if (meant !== undefined && meant !== name)
      reader.error(field, `is not a field that eksctl knows${didYouMean(meant)}`, field.keyAt);
  }
}
