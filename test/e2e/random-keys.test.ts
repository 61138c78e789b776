import { expect, test } from 'vitest';
import { exploreKeys } from '../explore/keys.ts';

/** A slice of `node test/explore/keys.ts`. */
test('random keys break nothing, write nothing, and leave the terminal as it was', async () => {
  const seed = 7;
  expect(await exploreKeys({ seed, presses: 400, rate: 200 }), `seed ${seed}`).toMatchObject({ problems: [] });
});
