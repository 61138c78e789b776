import { editDistance } from '../../identity/edit-distance.ts';

/** The known name that somebody most likely meant: the same but for case, or at most a third of it mistyped. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const scored = known
    .map(name => ({ name, distance: distance(lower, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(Math.min(name.length, word.length) / 3)))
    .sort((a, b) => a.distance - b.distance);
  return scored[0]?.name;
}

/** `; did you mean "x"?`, or nothing. */
export const didYouMean = (name: string | undefined): string => (name === undefined ? '' : `; did you mean "${name}"?`);

/** Words whose lengths differ much are not compared: a file can hold a key of any length. */
const distance = (a: string, b: string): number =>
  Math.abs(a.length - b.length) > 12 ? Number.POSITIVE_INFINITY : editDistance(a, b);
