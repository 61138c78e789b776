/**
 * Seeded chance (mulberry32, public domain): the same seed gives the same world, ids and faults.
 * Returns a function that yields 0 <= x < 1.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `length` characters drawn from `alphabet`. */
export function randomText(random: () => number, alphabet: string, length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) {
    text += alphabet.charAt(Math.floor(random() * alphabet.length));
  }
  return text;
}
