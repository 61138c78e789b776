import { editDistance } from '../../identity/edit-distance.ts';

/** The name that was probably meant; undefined when none is near. */
export function nearestOf(typed: string, names: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const scored = names
    .map(name => ({ name, distance: editDistance(word, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best && best.distance <= Math.max(2, Math.ceil(word.length / 2)) ? best.name : undefined;
}
