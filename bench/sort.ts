/** From a key that sorts to the bytes that it makes. */
import { figures, overSizes, type Row, type TypingFigures, timesOf } from './typing.ts';

/** The same key thrice: ascending, descending, the first order again. */
export const benchSort = (): Promise<TypingFigures> =>
  overSizes(async screen => {
    const sorted: Record<string, Row> = {};
    for (const [name, key] of [
      ['by name', 'N'],
      ['by health', 'S'],
    ] as const)
      sorted[name] = figures(await timesOf(screen, [key, key, key]));
    // To the column of the roles, and sort by it.
    for (let step = 0; step < 6; step += 1) await screen.press('\u001b[1;2C');
    sorted['by role'] = figures(await timesOf(screen, ['o', 'o', 'o']));
    return sorted;
  });
